import type { Design } from '../design/types.ts';
import type { RunResults } from '../simulation/results/results.ts';
import { NETWORK_MODELS } from './theory-networks.ts';
import { STATION_MODELS } from './theory-stations.ts';

/** A figure of a run for which theory has an exact value. */
export interface TheoryFigure {
  /** What it is, with its unit: "wait, s". */
  what: string;
  exact: number;
  read(results: RunResults): number;
  /** Share of the value by which the histogram that it is read from may be off; absent if it is exact. */
  readWithin?: number;
}

/** A design whose figures queueing theory knows, at one load. */
export interface TheoryCase {
  design: Design;
  /** Messages a second that come from outside. */
  arrivalRate: number;
  /** The first stands for the case where all cases are judged together, as figures of one run hang together. */
  figures: readonly [TheoryFigure, ...TheoryFigure[]];
}

/** A model of queueing theory, to be built at any load of its busiest servers. */
export interface TheoryModel {
  name: string;
  /** How the design is built, in a sentence for readers of the page. */
  builtAs: string;
  /** What theory says, as a formula; ρ is the load, λ arrivals a second, s the mean service time. */
  says: string;
  at(load: number): TheoryCase;
}

/** From mostly idle to where a wait is twenty times the work. */
export const THEORY_LOADS = [0.3, 0.5, 0.7, 0.8, 0.9, 0.95];

/**
 * Every model that designs are held against. A new one is added to one of the two lists; tests, benchmark and the
 * page "How we know" follow.
 */
export const THEORY_MODELS: readonly TheoryModel[] = [...STATION_MODELS, ...NETWORK_MODELS];
