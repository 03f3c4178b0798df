import type { DesignNode } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { isGroup, isQueue } from '../../kinds/kind-roles.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import type { RunKinds } from '../../kinds/run-kinds.ts';
import { ANSWER } from '../../kinds/service/behavior.ts';
import { DEATH } from '../../kinds/shared/deaths.ts';

/** Counters of a node in a reading. */
export const COUNT = {
  in: 0,
  done: 1,
  busy: 2,
  backlog: 3,
  held: 4,
  unread: 5,
  refused: 6,
  size: 7,
} as const;

/** What the watch counts of each node, so that a rate is a difference between two readings. Reads only. */
export class LoadCounts {
  /** A row of `COUNT` for each node, as of the last look. */
  readonly now: Float64Array;
  /** Of each node: what waits in it can be limited. */
  readonly hasRoom: readonly boolean[];
  private readonly sim: Simulation;
  private readonly kinds: RunKinds;
  private readonly isGroup: readonly boolean[];
  private readonly isService: readonly boolean[];
  private readonly isPlainQueue: readonly boolean[];

  constructor(sim: Simulation, kinds: RunKinds, nodes: readonly DesignNode[]) {
    this.sim = sim;
    this.kinds = kinds;
    this.isGroup = nodes.map(({ kind }) => isGroup(kind));
    this.isService = nodes.map(({ kind }) => kind === 'service');
    this.isPlainQueue = nodes.map(({ kind }) => kind === 'queue');
    this.hasRoom = nodes.map(({ kind }) => hasCapacity(kind));
    this.now = new Float64Array(nodes.length * COUNT.size);
  }

  /** Counts anew, once for all that is asked at one time: it walks over what each group reads. */
  look(): void {
    const { now: into } = this;
    const { metrics, transfers, now } = this.sim;
    for (let node = 0; node < this.hasRoom.length; node++) {
      const at = node * COUNT.size;
      into[at + COUNT.in] = metrics.of(node, METRIC.in);
      into[at + COUNT.done] = this.done(node);
      into[at + COUNT.busy] = metrics.busyMicros(node, now);
      into[at + COUNT.backlog] = this.waiting(node);
      into[at + COUNT.held] = transfers.heldTime(node, now);
      into[at + COUNT.unread] = this.unread(node);
      into[at + COUNT.refused] = this.refused(node);
    }
  }

  /** What waits for a node, as of the last look. */
  backlog(node: number): number {
    return this.now[node * COUNT.size + COUNT.backlog];
  }

  /** Messages that left a node, calls that it worked on. */
  private done(node: number): number {
    const { metrics } = this.sim;
    if (this.isService[node]) return this.kinds.services.worked(this.sim, node);
    return metrics.of(node, METRIC.out) + (this.isGroup[node] ? metrics.of(node, METRIC.dropped) : 0);
  }

  /** What waits in a queue, ready or not, or for a group in all that it reads. */
  private waiting(node: number): number {
    if (this.isGroup[node]) return this.kinds.lags.unread(this.sim, node);
    return this.hasRoom[node]
      ? this.kinds.queues.limits.stored(node)
      : this.sim.metrics.of(node, METRIC.queued);
  }

  /** Messages that left a queue before a reader had time for them: their time was over, or too many came. */
  private unread(node: number): number {
    if (!this.isPlainQueue[node]) return this.sim.metrics.of(node, METRIC.expired);
    const { queues } = this.kinds;
    return queues.died(node, DEATH.expired) + queues.limits.overflowed(node);
  }

  /** Calls that a service refused, as they came too fast or found no room; messages that a queue had none for. */
  private refused(node: number): number {
    const { queues, services } = this.kinds;
    if (this.isPlainQueue[node]) return queues.limits.overflowed(node);
    if (!this.isService[node]) return 0;
    return services.answered(node, ANSWER.rateLimited) + services.answered(node, ANSWER.overloaded);
  }
}

function hasCapacity(kind: string): boolean {
  return isQueue(kind) && kindDefinition(kind)?.fields.some(({ name }) => name === 'capacity') === true;
}
