import { METRIC } from '../../engine/metrics.ts';
import type { Design, DesignNode } from '../../design/types.ts';
import { rulesOf } from '../../kinds/cloud-broker/profiles.ts';
import { resolveFields } from '../../kinds/field-values.ts';
import type { LiveRun } from '../../simulation/live-run.ts';
import { insideOf } from '../laws/watch-run.ts';
import { injections, type FuzzCase } from './fuzz-case.ts';

/** True unless something has no end by design: a circle, or a channel that nobody reads. */
export function comesToRest(found: FuzzCase): boolean {
  const { design } = found;
  const faults = [...design.scenario.faults, ...injections(found)].map(({ fault }) => fault);
  const hasPoison = faults.includes('poison');
  const hasUnreadable = faults.includes('schema');
  const isRead = (id: string) => design.edges.some(({ from, fromPort }) => from === id && fromPort === 'out');
  return design.nodes.every((node) => {
    const { id, kind, fields } = node;
    if (['topic', 'queue', 'cloud-broker'].includes(kind) && !isRead(id)) return false;
    if (kind === 'cloud-broker' && keepsForEver(node)) return false;
    // Without a limit, what fails always is delivered for ever.
    if ((hasPoison || hasUnreadable) && isWithoutLimit(node)) return false;
    // Poison that is given back comes back for ever.
    if (hasPoison && ['nack', 'requeue'].includes(fields.onFailure as string)) return false;
    // Exchanges bound in a circle pass a message on once.
    return kind === 'exchange' || !reachedFrom(design, id).has(id);
  });
}

/** A stream that keeps what no consumer takes. */
function keepsForEver(node: DesignNode): boolean {
  const { keepsRest, retention } = rulesOfCloud(node);
  return keepsRest && retention === Infinity;
}

/** A managed broker that delivers a message until somebody acknowledges it. */
function isWithoutLimit(node: DesignNode): boolean {
  return node.kind === 'cloud-broker' && rulesOfCloud(node).maxDeliveries === Infinity;
}

/** Whether something stands in the way of the rest for longer than a run lasts. */
export function isHeldUp(found: FuzzCase, run: LiveRun): boolean {
  if (!run.done) return false;
  return isHeldUpByFailures(found, run) || isHeldUpByQuota(found, run);
}

/** Members that ended without an offset stay away until somebody sets one: that is their rest. */
export function lacksOffset(run: LiveRun): boolean {
  return Object.values(run.results().nodes).some(({ offsetFailures }) => offsetFailures);
}

/** Dead letters that go at least once stay for ever where no target takes them: that is their rest. */
export function keepsLetters(run: LiveRun): boolean {
  const queues = Object.values(run.results().nodes).map(({ queue }) => queue);
  return queues.some((queue) => queue !== null && queue.lettersWaiting > 0 && queue.lettersRefused > 0);
}

/** What fails always, one after the other. */
function isHeldUpByFailures(found: FuzzCase, run: LiveRun): boolean {
  const { design, activeMs } = found;
  const faults = [...design.scenario.faults, ...injections(found)];
  if (!faults.some(({ fault }) => fault === 'poison' || fault === 'schema')) return false;
  return design.nodes.some((node) => {
    if (node.kind !== 'cloud-broker') return false;
    const { maxDeliveries, visibility, maxInFlight, byKey } = rulesOfCloud(node);
    const atOnce = byKey ? 1 : maxInFlight;
    const neededMs =
      (run.results().totals.inFlight * maxDeliveries * Math.max(...visibility)) / 1000 / atOnce;
    return neededMs > design.scenario.horizonMs - activeMs;
  });
}

/** Records of all topics in a cluster are read no faster than its quota for readers allows. */
function isHeldUpByQuota({ design, activeMs }: FuzzCase, run: LiveRun): boolean {
  const { sim, indexOf } = insideOf(run);
  const largest = sim.messages.sizeBytes.reduce((most, size) => Math.max(most, size), 0);
  const clusters = design.nodes.filter(({ kind }) => kind === 'broker-cluster');
  return clusters.some((cluster) => {
    const { consumerByteRate } = resolveFields(cluster);
    const records = design.edges
      .filter(({ to, fromPort }) => to === cluster.id && fromPort === 'cluster')
      .reduce((sum, { from }) => sum + sim.metrics.of(indexOf.get(from)!, METRIC.in), 0);
    const neededMs = (records * largest * 1000) / Number(consumerByteRate);
    return Number(consumerByteRate) > 0 && neededMs > design.scenario.horizonMs - activeMs;
  });
}

function rulesOfCloud(node: DesignNode): ReturnType<typeof rulesOf> {
  return rulesOf({ ...node, fields: resolveFields(node), messageType: 0 });
}

/** Every node that edges lead to from a node. */
function reachedFrom({ edges, nodes }: Design, id: string): ReadonlySet<string> {
  const kindOf = new Map(nodes.map((node) => [node.id, node.kind]));
  const reached = new Set<string>();
  const toVisit = [id];
  for (let at = toVisit.pop(); at !== undefined; at = toVisit.pop()) {
    for (const { from, to, fromPort } of edges) {
      if (from !== at || reached.has(to)) continue;
      // What is dead comes back only when somebody sends it back.
      if (kindOf.get(from) === 'dead-letter-queue' && fromPort === 'out') continue;
      reached.add(to);
      toVisit.push(to);
    }
  }
  return reached;
}
