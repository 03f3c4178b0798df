import type { Simulation } from '../../engine/simulation.ts';
import type { EdgeRows } from '../shared/edge-roles.ts';
import { numberOf, type NodeConfig } from '../shared/node-config.ts';

/** The ranks of the consumers of a design; null if they are all of one. */
export function consumerRanks(
  sim: Simulation,
  configs: readonly NodeConfig[],
  consumers: EdgeRows,
): ConsumerRanks | null {
  const rankOf = configs.map((config) =>
    config.kind === 'consumer-group' ? numberOf(config, 'consumerPriority') : 0,
  );
  const ranks = Array.from(sim.plan.edgeTo, (to) => rankOf[to]);
  return ranks.some((rank) => rank !== 0) ? new ConsumerRanks(sim, consumers, ranks) : null;
}

/**
 * Consumer priorities (`x-priority`): a queue asks consumers of a higher rank first, and those of the same rank in
 * turn. Its edges stand in this order, and whoever was served goes to the end of its rank.
 */
export class ConsumerRanks {
  /** As in the rows of edges that it was made of, but in order. */
  edges = new Int32Array();
  private readonly start: Int32Array;
  private readonly rankOf: readonly number[];

  constructor({ columns }: Simulation, { start, edges }: EdgeRows, rankOf: readonly number[]) {
    this.start = start;
    this.rankOf = rankOf;
    columns.i32(this, 'edges', edges.length);
    for (let node = 0; node + 1 < start.length; node++) {
      const mine = Array.from(edges.subarray(start[node], start[node + 1]));
      this.edges.set(
        mine.toSorted((a, b) => rankOf[b] - rankOf[a]),
        start[node],
      );
    }
  }

  /** The consumer before a place was served; returns the place where the next round starts. */
  served(node: number, after: number): number {
    const { edges, rankOf } = this;
    const [first, end] = [this.start[node], this.start[node + 1]];
    const edge = edges[(after === first ? end : after) - 1];
    let place = after === first ? end : after;
    for (; place < end && rankOf[edges[place]] === rankOf[edge]; place++) edges[place - 1] = edges[place];
    edges[place - 1] = edge;
    return first;
  }
}
