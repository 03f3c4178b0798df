import type { Distribution, ScheduleStep } from '../design/fields.ts';
import type { Design, DesignEdge, DesignNode, Json } from '../design/types.ts';
import { isLog } from '../kinds/kind-roles.ts';
import { hasOneConsumer } from '../kinds/shared/one-consumer.ts';
import { isUnfiltered } from '../kinds/event-router/content-filter.ts';
import { meanDraw } from '../kinds/field-oddities.ts';
import { resolveFields } from '../kinds/field-values.ts';
import { kindDefinition } from '../kinds/registry.ts';
import { pow } from '../lib/exact-math.ts';

type Fields = Readonly<Record<string, Json>>;

/** Long-run rates of a design, in messages a second, as far as its fields alone make them certain. */
export class MessageFlow {
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
      const from = this.nodes.get(edge.from);
      // What comes back from dead letters does so only when somebody sends it back.
      const roles = from ? rolesOf(from, edge) : [];
      if (!from || !this.nodes.has(edge.to) || roles.includes('redriven') || roles.includes('kept')) continue;
      this.into.get(edge.to)!.push(edge);
      this.out.get(edge.from)!.push(edge);
    }
  }

  /** The nodes whose rates are certain, each after all that feed it; a node in or behind a loop never comes. */
  *inOrder(): Generator<DesignNode> {
    const missing = new Map([...this.into].map(([id, edges]) => [id, edges.length]));
    const ready = [...this.nodes.values()].filter((node) => missing.get(node.id) === 0);
    // Grows while it is walked: first come, first served, so that what is said of nodes is in the order of the design.
    for (const node of ready) {
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

  node(id: string): DesignNode {
    return this.nodes.get(id)!;
  }

  edgesInto(id: string): readonly DesignEdge[] {
    return this.into.get(id)!;
  }

  edgesOut(id: string): readonly DesignEdge[] {
    return this.out.get(id)!;
  }

  /** Messages a second that arrive at a node that came in order; null where that is not certain. */
  arrivalRate(id: string): number | null {
    return this.arriving.get(id) ?? null;
  }

  /** Messages a second that a producer sends in the long run; null where that changes over the run, 0 for others. */
  sendRate(id: string): number | null {
    return sendRate(this.fields.get(id)!);
  }

  /**
   * Messages that pass along an edge for each one that its sender takes in: all of them for a reader of a topic, a
   * share where readers compete, those that fail to the end for dead letters. What overflows or is routed by its key
   * is left out, so it is a lower bound.
   */
  perMessage(edge: DesignEdge): number {
    const from = this.nodes.get(edge.from)!;
    const dead = deadShare(this.fields.get(edge.from)!);
    const roles = rolesOf(from, edge);
    if (roles.includes('dead')) return this.fields.get(edge.from)!.serviceTime === undefined ? 0 : dead;
    if (roles.includes('messages') || roles.includes('records')) return 1 - dead;
    if (this.isPushed(edge, roles)) return 1;
    if (!roles.includes('deliveries') || this.hasSubjects(edge)) return 0;
    return 1 / this.edgesOut(edge.from).filter(({ fromPort }) => fromPort === edge.fromPort).length;
  }

  /** Messages a second along an edge whose sender came in order; null where that is not certain. */
  rateAlong(edge: DesignEdge): number | null {
    const roles = rolesOf(this.nodes.get(edge.from)!, edge);
    // Dead letters come on top of the rest; leaving them out keeps the sum a lower bound.
    if (roles.includes('dead')) return 0;
    const readers = this.out.get(edge.from)!.filter((other) => other.fromPort === edge.fromPort).length;
    const all =
      roles.includes('messages') ||
      roles.includes('records') ||
      this.isPushed(edge, roles) ||
      (roles.includes('deliveries') && readers === 1 && !this.hasSubjects(edge));
    return all ? (this.leaving.get(edge.from) ?? null) : null;
  }

  /** Messages a second that a node with workers can do at best; null for one without. */
  capacity(node: DesignNode): number | null {
    const fields = this.fields.get(node.id)!;
    const serviceMs = meanMs(fields.serviceTime);
    if (serviceMs === null) return null;
    // Calls hold the worker; of several the slowest is a lower bound for all of them.
    const callMs = this.out.get(node.id)!.map((edge) => meanMs(this.answerTime(edge.to)) ?? 0);
    const heldMs = serviceMs * triesPerMessage(fields) + Math.max(0, ...callMs) + heldBetweenTriesMs(fields);
    const byWork = heldMs > 0 ? (this.workers(node) * 1000) / heldMs : Infinity;
    return Math.min(byWork, permitsPerSecond(fields));
  }

  /** Mean tries that a node needs for a message, those included that fail to the end. */
  tries(node: DesignNode): number {
    return triesPerMessage(this.fields.get(node.id)!);
  }

  /** Service time of a node that is called and does nothing but answer. */
  private answerTime(id: string): Json | undefined {
    const { connections, queueLimit, serviceTime } = this.fields.get(id)!;
    return this.out.get(id)!.length === 0 && (connections ?? queueLimit) !== undefined
      ? serviceTime
      : undefined;
  }

  /** Workers or connections that can be busy: members beyond the partitions that they read have nothing to do. */
  workers(node: DesignNode): number {
    const fields = this.fields.get(node.id)!;
    if (typeof fields.connections === 'number') return fields.connections;
    const members = Number(fields.members ?? 1);
    const sources = this.into.get(node.id)!.map((edge) => this.nodes.get(edge.from)!);
    const partitions = sources.map((source) => {
      const { partitions: lanes, consumers, profile, subscription } = this.fields.get(source.id)!;
      if (isLog(source.kind)) return Number(lanes);
      return consumers === 'one' || hasOneConsumer(profile, subscription) ? 1 : Infinity;
    });
    const useful = partitions.reduce((sum, count) => sum + count, 0);
    return Math.min(members, useful) * Number(fields.concurrency ?? 1);
  }

  /** Whether a stream gives along an edge what its subjects and filters make of it. */
  private hasSubjects({ from }: DesignEdge): boolean {
    const { profile, subjects } = this.fields.get(from)!;
    return profile === 'jetstream' && subjects !== '';
  }

  /** Whether an event router pushes all that it gets along an edge. */
  private isPushed(edge: DesignEdge, roles: readonly string[]): boolean {
    return roles.includes('notifications') && isUnfiltered(this.fields.get(edge.from)!.profile, edge);
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

  private leavingRate(node: DesignNode): number | null {
    const fields = this.fields.get(node.id)!;
    if (fields.rate !== undefined) return sendRate(fields);
    const arrives = this.arriving.get(node.id) ?? null;
    const can = this.capacity(node);
    if (arrives === null || can === null) return arrives;
    return Math.min(arrives, can) * (1 - deadShare(fields));
  }
}

function rolesOf(from: DesignNode, edge: DesignEdge): readonly string[] {
  return kindDefinition(from.kind)!.ports.find((port) => port.id === edge.fromPort)?.roles ?? [];
}

/** Calls a second that a service lets through by its rate limit; Infinity for anything else. */
export function permitsPerSecond({ rateLimit, ratePermits, ratePeriod }: Fields): number {
  const isLimited = rateLimit === 'cycles' || rateLimit === 'bucket';
  return isLimited ? (Number(ratePermits) * 1000) / Number(ratePeriod) : Infinity;
}

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

/** Share of messages that a group does not do, at most: what it gives back may come to it again. */
function deadShare({ failureProbability = 0, maxAttempts = 1, onFailure = 'retry' }: Fields): number {
  return pow(Number(failureProbability), onFailure === 'retry' ? Number(maxAttempts) : 1);
}

/** Mean tries of a message that is given up after so many: (1 − p^A) / (1 − p). At least, where it is given back. */
function triesPerMessage(fields: Fields): number {
  const failure = Number(fields.failureProbability ?? 0);
  const { onFailure = 'retry' } = fields;
  if (onFailure !== 'retry') return onFailure === 'reject' ? 1 : 1 + failure;
  const most = Number(fields.maxAttempts ?? 1);
  return failure === 1 ? most : (1 - pow(failure, most)) / (1 - failure);
}

/** Mean time for which a message holds its worker while it waits for further tries; at least, where there is jitter. */
function heldBetweenTriesMs(fields: Fields): number {
  if (fields.retryMode !== 'hold' || (fields.onFailure ?? 'retry') !== 'retry') return 0;
  const failure = Number(fields.failureProbability);
  let waitMs = Number(fields.backoff);
  let share = failure;
  let sum = 0;
  for (let tries = 1; tries < Number(fields.maxAttempts); tries++) {
    sum += share * Math.min(waitMs, Number(fields.backoffMax));
    share *= failure;
    waitMs *= Number(fields.backoffFactor);
  }
  // Jitter is cut off at the longest wait, where it can only shorten: by a quarter of its share on average.
  return sum * (1 - Number(fields.backoffJitter) / 4);
}

function meanMs(distribution: Json | undefined): number | null {
  if (distribution === undefined || distribution === null || distribution === 0) return null;
  const value = distribution as unknown as Distribution;
  switch (value.shape) {
    case 'uniform':
    case 'normal':
      return meanDraw(value);
    case 'pareto':
      return value.alpha > 1 ? (value.min * value.alpha) / (value.alpha - 1) : null;
    case 'empirical':
      return value.values.reduce((sum, item) => sum + item, 0) / value.values.length;
    default:
      return value.mean;
  }
}
