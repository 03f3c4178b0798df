import type { Distribution, ScheduleStep } from '../design/fields.ts';
import type { Design, DesignEdge, DesignNode, Json, Problem } from '../design/types.ts';
import { groupDigits } from '../design/wording.ts';
import { resolveFields } from '../kinds/field-values.ts';
import { kindDefinition } from '../kinds/registry.ts';
import { pow } from '../lib/exact-math.ts';
import { isLog } from './engine-plan.ts';

/** A run of more events than this takes minutes on any machine. */
const MANY_EVENTS = 2e9;

type Fields = Readonly<Record<string, Json>>;

/**
 * What arithmetic alone says about load: nodes that are offered more than they can do, and designs that are too
 * much to simulate in reasonable time. Rates flow from the producers along the edges as far as they are certain;
 * where they are not (circles, several groups that share a queue, failures of what is called) nothing is said.
 */
export function loadProblems(design: Design): Problem[] {
  const flow = new Flow(design);
  const problems: Problem[] = [];
  for (const node of flow.inOrder()) {
    const arrives = flow.arrivalRate(node);
    const can = flow.capacity(node);
    if (arrives === null || can === null || can >= arrives) continue;
    const message = `No bound: ${showRate(arrives)} arrive at ${node.name}, it can do ${showRate(can)}.`;
    problems.push({ severity: 'warning', code: 'overload', message, node: node.id });
  }
  const sent = design.nodes.reduce((sum, node) => sum + (sendRate(resolveFields(node)) ?? 0), 0);
  const events = sent * (design.scenario.horizonMs / 1000) * 2;
  if (events > MANY_EVENTS) {
    const message = `About ${groupDigits(Math.round(events / 1e9))} billion events or more: this run takes long. A shorter run or lower rates show the same.`;
    problems.push({ severity: 'info', code: 'many-events', message });
  }
  return problems;
}

/** Long-run rates of a design, in messages a second. */
class Flow {
  private readonly fields = new Map<string, Fields>();
  private readonly into = new Map<string, DesignEdge[]>();
  private readonly out = new Map<string, DesignEdge[]>();
  private readonly nodes = new Map<string, DesignNode>();
  private readonly leaving = new Map<string, number | null>();
  private readonly arriving = new Map<string, number | null>();

  constructor(design: Design) {
    for (const node of design.nodes) {
      if (!kindDefinition(node.kind)) continue;
      this.nodes.set(node.id, node);
      this.fields.set(node.id, resolveFields(node));
      this.into.set(node.id, []);
      this.out.set(node.id, []);
    }
    for (const edge of design.edges) {
      if (!this.nodes.has(edge.from) || !this.nodes.has(edge.to)) continue;
      this.into.get(edge.to)!.push(edge);
      this.out.get(edge.from)!.push(edge);
    }
  }

  /** The nodes whose rates are certain, each after all that feed it; a node in or behind a circle never comes. */
  *inOrder(): Generator<DesignNode> {
    const missing = new Map([...this.into].map(([id, edges]) => [id, edges.length]));
    const ready = [...this.nodes.values()].filter((node) => missing.get(node.id) === 0);
    for (let node = ready.pop(); node; node = ready.pop()) {
      this.arriving.set(node.id, this.sumOfInputs(node));
      this.leaving.set(node.id, this.leavingRate(node));
      yield node;
      for (const { to } of this.out.get(node.id)!) {
        const left = missing.get(to)! - 1;
        missing.set(to, left);
        if (left === 0) ready.push(this.nodes.get(to)!);
      }
    }
  }

  arrivalRate(node: DesignNode): number | null {
    return this.arriving.get(node.id) ?? null;
  }

  /** Messages a second that a node with workers can do at best; null for one without. */
  capacity(node: DesignNode): number | null {
    const fields = this.fields.get(node.id)!;
    const serviceMs = meanMs(fields.serviceTime);
    if (serviceMs === null) return null;
    // Calls hold the worker; of several the slowest is a lower bound for all of them.
    const callMs = this.out.get(node.id)!.map((edge) => meanMs(this.answerTime(edge.to)) ?? 0);
    const heldMs = serviceMs * triesPerMessage(fields) + Math.max(0, ...callMs);
    const workers = this.workers(node, fields);
    return heldMs > 0 ? (workers * 1000) / heldMs : Infinity;
  }

  /** Service time of a node that is called and does nothing but answer. */
  private answerTime(id: string): Json | undefined {
    return this.out.get(id)!.length === 0
      ? this.fields.get(id)!.connections && this.fields.get(id)!.serviceTime
      : undefined;
  }

  private workers(node: DesignNode, fields: Fields): number {
    if (typeof fields.connections === 'number') return fields.connections;
    const members = Number(fields.members ?? 1);
    const sources = this.into.get(node.id)!.map((edge) => this.nodes.get(edge.from)!);
    const partitions = sources.map((source) =>
      isLog(source.kind) ? Number(this.fields.get(source.id)!.partitions) : Infinity,
    );
    const useful = partitions.reduce((sum, count) => sum + count, 0);
    return Math.min(members, useful) * Number(fields.concurrency ?? 1);
  }

  private sumOfInputs(node: DesignNode): number | null {
    let sum = 0;
    for (const edge of this.into.get(node.id)!) {
      const rate = this.rateAlong(edge);
      if (rate === null) return null;
      sum += rate;
    }
    return sum;
  }

  private rateAlong(edge: DesignEdge): number | null {
    const from = this.nodes.get(edge.from)!;
    const leaving = this.leaving.get(edge.from) ?? null;
    const port = kindDefinition(from.kind)!.ports.find((candidate) => candidate.id === edge.fromPort);
    // Dead letters come on top of the rest; leaving them out keeps the sum a lower bound.
    if (port?.roles.includes('dead')) return 0;
    const readers = this.out.get(edge.from)!.filter((other) => other.fromPort === edge.fromPort).length;
    return port?.roles.includes('deliveries') && readers > 1 ? null : leaving;
  }

  private leavingRate(node: DesignNode): number | null {
    const fields = this.fields.get(node.id)!;
    if (fields.rate !== undefined) return sendRate(fields);
    const arrives = this.arriving.get(node.id) ?? null;
    const can = this.capacity(node);
    if (arrives === null || can === null) return arrives;
    const dead = pow(Number(fields.failureProbability ?? 0), Number(fields.maxAttempts ?? 1));
    return Math.min(arrives, can) * (1 - dead);
  }
}

/** What a producer sends in the long run; null where it changes over the run, 0 for what is no producer. */
function sendRate(fields: Fields): number | null {
  const rate = fields.rate;
  if (typeof rate !== 'number') return 0;
  if (Number(fields.stopAfter) > 0) return null;
  switch (fields.arrivals) {
    case 'burst': {
      const [on, off] = [Number(fields.onFor), Number(fields.offFor)];
      return (rate * on) / (on + off);
    }
    case 'ramp':
      return Number(fields.rampTo);
    case 'schedule': {
      const steps = fields.schedule as unknown as readonly ScheduleStep[];
      return steps.length === 1 && steps[0].atMs === 0 ? steps[0].ratePerSecond : null;
    }
    default:
      return rate;
  }
}

/** Mean tries of a message that is given up after so many: (1 − p^A) / (1 − p). */
function triesPerMessage(fields: Fields): number {
  const failure = Number(fields.failureProbability ?? 0);
  const most = Number(fields.maxAttempts ?? 1);
  return failure === 1 ? most : (1 - pow(failure, most)) / (1 - failure);
}

function meanMs(distribution: Json | undefined): number | null {
  if (distribution === undefined || distribution === null || distribution === 0) return null;
  const value = distribution as unknown as Distribution;
  switch (value.shape) {
    case 'uniform':
      return (value.min + value.max) / 2;
    case 'pareto':
      return value.alpha > 1 ? (value.min * value.alpha) / (value.alpha - 1) : null;
    case 'empirical':
      return value.values.reduce((sum, item) => sum + item, 0) / value.values.length;
    default:
      return value.mean;
  }
}

function showRate(perSecond: number): string {
  const rounded = perSecond >= 100 ? Math.round(perSecond) : Number(perSecond.toPrecision(2));
  return `${rounded >= 1000 ? groupDigits(rounded) : rounded}/s`;
}
