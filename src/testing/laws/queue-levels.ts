import type { Simulation } from '../../engine/simulation.ts';
import { kindIndex } from '../../kinds/registry.ts';
import type { RunKinds } from '../../kinds/run-kinds.ts';

const QUEUE = kindIndex('queue');

/**
 * How full queues may be: up to their capacity, and where that was lowered below what they held, no fuller than they have
 * been since.
 */
export class QueueLevels {
  private readonly sim: Simulation;
  private readonly kinds: RunKinds;
  /** Fewest messages of each queue since it had more than it may hold, else how many it had last. */
  private readonly lows = new Map<number, number>();

  constructor(sim: Simulation, kinds: RunKinds) {
    this.sim = sim;
    this.kinds = kinds;
  }

  /** Most messages that may be in a queue of this capacity. */
  mostIn(node: number, limit: number): number {
    return Math.max(limit, this.lows.get(node) ?? 0);
  }

  /** An event is over, or something is about to be done from outside. */
  note(): void {
    const { sim, kinds, lows } = this;
    const gauge = { amount: 0, limit: 0 } as Parameters<RunKinds['gauge']>[2];
    for (const [node, kind] of sim.plan.kindOf.entries()) {
      if (kind !== QUEUE) continue;
      kinds.gauge(sim, node, gauge);
      const { amount, limit } = gauge;
      lows.set(node, limit > 0 && amount > limit ? Math.min(lows.get(node) ?? 0, amount) : amount);
    }
  }
}
