import { METRIC } from '../../engine/metrics.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { PHASE } from '../../kinds/consumer-group/workers.ts';
import type { RunKinds } from '../../kinds/run-kinds.ts';
import { DEATH_REASONS } from '../../kinds/shared/deaths.ts';
import { LINK_COUNT } from '../../kinds/shared/links/troubles.ts';
import { EDGE, NODE, STAGE, type FrameLayout } from './frame-layout.ts';
import { throttledMs } from '../results/replication-results.ts';
import { toMs } from '../time.ts';

const NONE = -1;

/** Writes the columns of a node that only some kinds fill in: transactions, tries, polls, compaction. */
export function writeOfKind(
  into: Float64Array,
  at: number,
  { sim, kinds, nodes }: { sim: Simulation; kinds: RunKinds; nodes: readonly { kind: string }[] },
  node: number,
): void {
  const { kind } = nodes[node];
  into[at + NODE.alarm] = NONE;
  if (kind === 'queue') writeQueue(into, at, { sim, kinds }, node);
  if (kind === 'cloud-broker') writeCloud(into, at, kinds, node);
  if (kind === 'event-router') writeRouter(into, at, kinds, node);
  into[at + NODE.brokersDown] = kinds.clusters.brokersDown(node);
  into[at + NODE.throttledMs] = throttledMs(kinds, node) ?? 0;
  const transactions = kinds.producers.clients?.transactions;
  const ended = transactions?.figures(node) ?? null;
  into[at + NODE.transaction] = ended ? transactions!.states.state[node] : NONE;
  into[at + NODE.transactionSinceMs] = ended ? toMs(transactions!.states.since[node]) : 0;
  const ends = ended ?? kinds.consumers.transactions?.figures(node);
  into[at + NODE.committed] = ends?.committed ?? 0;
  into[at + NODE.aborted] = ends?.aborted ?? kinds.topics.gaps?.abortedIn(node) ?? 0;
  into[at + NODE.leftOpen] = ends?.leftOpen ?? 0;
  const retries = sim.metrics.of(node, METRIC.retries) > 0;
  into[at + NODE.backingOff] = retries ? kinds.consumers.workers.countIn(node, PHASE.backingOff) : 0;
  into[at + NODE.setAside] = retries ? kinds.consumers.work.failing.retryingLater[node] : 0;
  into[at + NODE.attempting] = sim.metrics.of(node, METRIC.busy) - into[at + NODE.backingOff];
  const polling = kinds.consumers.polls?.figures(node);
  into[at + NODE.polls] = polling?.polls ?? 0;
  into[at + NODE.polledRecords] = (polling?.polls ?? 0) * (polling?.recordsPerPoll ?? 0);
  const compaction = kinds.topics.cleaner?.content(node) ?? null;
  into[at + NODE.keptRecords] = compaction?.records ?? NONE;
  into[at + NODE.tombstones] = compaction?.tombstones ?? 0;
  into[at + NODE.compactedAway] = compaction?.removed ?? 0;
}

/** Writes the columns of a queue and of the broker that it is on. */
function writeQueue(
  into: Float64Array,
  at: number,
  { sim, kinds }: { sim: Simulation; kinds: RunKinds },
  node: number,
): void {
  const { queues, consumers } = kinds;
  const { broker, limits } = queues;
  const overdue = consumers.timeouts?.figures(sim.plan, node);
  into[at + NODE.returned] = overdue?.takenBack ?? 0;
  into[at + NODE.outstanding] = overdue?.lateConsumers ?? 0;
  const inBytes = limits.bytes(node);
  into[at + NODE.bytes] = inBytes?.bytes ?? 0;
  into[at + NODE.bytesLimit] = inBytes?.most ?? 0;
  into[at + NODE.delayed] = queues.delayedIn(node);
  into[at + NODE.lettersWaiting] = queues.lettersWaiting(node);
  into[at + NODE.alarm] = broker.canAlarm ? broker.alarm.state : NONE;
  into[at + NODE.alarmSinceMs] = toMs(broker.alarm.since);
}

/** Writes the columns of a managed broker. */
function writeCloud(into: Float64Array, at: number, { clouds }: RunKinds, node: number): void {
  into[at + NODE.unacknowledged] = clouds.inFlightOf(node);
  const refused = clouds.quota?.refusedBy(node);
  into[at + NODE.refused] = refused ? refused.sends + refused.receives + refused.deletes : 0;
  into[at + NODE.outstanding] = clouds.waitingForNobody(node);
  into[at + NODE.returned] = clouds.counts.of(node, 'unwanted');
}

/** Writes what a FIFO topic turned away. */
function writeRouter(into: Float64Array, at: number, { routers }: RunKinds, node: number): void {
  const turnedAway = routers.fifoResults(node);
  into[at + NODE.refused] = turnedAway?.refused ?? 0;
  into[at + NODE.returned] = turnedAway?.deduplicated ?? 0;
}

/** Writes the four counts that mean something else for each kind: see `NODE.diedRejected`. */
export function writeMishaps(
  into: Float64Array,
  at: number,
  { kinds, nodes }: { kinds: RunKinds; nodes: readonly { kind: string }[] },
  node: number,
): void {
  const { kind } = nodes[node];
  for (let place = 0; place < DEATH_REASONS.length; place++) {
    into[at + NODE.diedRejected + place] = mishaps(kinds, kind, node, place);
  }
}

function mishaps(kinds: RunKinds, kind: string, node: number, place: number): number {
  switch (kind) {
    case 'service':
      return kinds.services.answered(node, place);
    case 'cloud-broker':
      return kinds.clouds.counts.shown(node, place);
    case 'event-router':
      return kinds.routers.shown(node, place);
    case 'topic':
      return streamMishaps(kinds, node, place);
    default:
      return kinds.queues.died(node, place);
  }
}

/** Of a stream: records that its shards refused, and calls for records that they refused. */
function streamMishaps({ topics }: RunKinds, node: number, place: number): number {
  if (place === 0) return topics.shards?.refusedBy(node) ?? 0;
  return place === 1 ? (topics.reads?.throttledBy(node) ?? 0) : 0;
}

/** Writes the columns of the network under an edge, and of how a stream is read along it. */
export function writeLink(into: Float64Array, at: number, { links, topics }: RunKinds, edge: number): void {
  const { troubles } = links;
  into[at + EDGE.throttled] = topics.reads?.throttledOn(edge) ?? 0;
  into[at + EDGE.link] = troubles.states.state[edge];
  into[at + EDGE.linkSinceMs] = toMs(troubles.states.since[edge]);
  into[at + EDGE.lost] = troubles.counted(edge, LINK_COUNT.lost);
  into[at + EDGE.late] =
    troubles.counted(edge, LINK_COUNT.delayed) + troubles.counted(edge, LINK_COUNT.resent);
}

/** Writes the retry topics of all groups. */
export function writeStages(into: Float64Array, layout: FrameLayout, { consumers }: RunKinds): void {
  const { stages = [] } = layout.shape;
  for (let stage = 0; stage < stages.length;) {
    const { node } = stages[stage];
    for (const { waiting, came } of consumers.work.failing.stages.of(node)) {
      const at = layout.stage(stage++);
      into[at + STAGE.waiting] = waiting;
      into[at + STAGE.came] = came;
    }
  }
}
