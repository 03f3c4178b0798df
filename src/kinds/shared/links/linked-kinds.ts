import type { Behaviors } from '../../../engine/behaviors.ts';
import type { Simulation } from '../../../engine/simulation.ts';

/** What links ask of the kinds at their ends, beside what the engine does. */
export interface LinkedKinds extends Behaviors {
  /** When what a consumer takes next along an edge came into its channel; NaN for nothing. */
  headSince(sim: Simulation, edge: number, lane: number): number;
  /** Partitions of the topic at the start of an edge. */
  lanesOf(edge: number): number;
  /** Free workers of a group look for work once more. */
  lookAgain(sim: Simulation, node: number): void;
  /** Whoever reads along an edge is cut off from its channel, or back. */
  readersCut(sim: Simulation, edge: number, isCut: boolean): void;
  /** Whoever stood in line before a node, and was not let in, stands there no more. */
  leftLine(sim: Simulation, node: number): void;
}
