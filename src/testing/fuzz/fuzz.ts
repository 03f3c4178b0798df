import { checkCase, type Plant } from './check-case.ts';
import { Coverage } from './coverage.ts';
import { drawCase } from './draw-case.ts';
import { tokenOf } from './fuzz-case.ts';
import { shrink } from './shrink.ts';

/** The session in which planted bugs must be seen. `npm test` runs a longer one, which must meet all of `Coverage`. */
export const SESSION = { firstSeed: 7900, designs: 300 } as const;

/** A seed that breaks a law, and the smallest case found that breaks the same one. */
export interface Failure {
  seed: number;
  /** What the shrunk case breaks. */
  sentence: string;
  token: string;
  nodes: number;
  /** Deeds and scheduled faults that are left. */
  deeds: number;
}

export interface FuzzOptions {
  firstSeed: number;
  designs: number;
  goesOn?(): boolean;
  onFailure?(failure: Failure): void;
  plant?: Plant;
  /** Ends the session at this many failures. */
  mostFailures?: number;
  /** Makes failing cases small, which takes a hundred times as long as finding them. On unless said to be off. */
  shrinks?: boolean;
}

/** Runs the cases of one seed after another. */
export function fuzz(options: FuzzOptions): { failures: Failure[]; coverage: Coverage; drawn: number } {
  const {
    firstSeed,
    designs,
    goesOn = () => true,
    onFailure,
    plant,
    mostFailures = 10,
    shrinks = true,
  } = options;
  const coverage = new Coverage();
  const failures: Failure[] = [];
  let drawn = 0;
  while (drawn < designs && failures.length < mostFailures && goesOn()) {
    const seed = firstSeed + drawn++;
    const found = drawCase(seed);
    const broken = checkCase(found, coverage, plant);
    if (broken === null) continue;
    const { smallest, sentence } = !shrinks
      ? { smallest: found, sentence: broken }
      : shrink(found, (smaller) => checkCase(smaller, new Coverage(), plant));
    const deeds = smallest.deeds.length + smallest.design.scenario.faults.length;
    const failure = { seed, sentence, token: tokenOf(smallest), nodes: smallest.design.nodes.length, deeds };
    failures.push(failure);
    onFailure?.(failure);
  }
  return { failures, coverage, drawn };
}

/** The one line that shows a failure again. */
export function replayLine({ token }: Failure): string {
  return `npm run fuzz -- --replay ${token}`;
}
