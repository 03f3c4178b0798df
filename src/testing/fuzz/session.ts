import { SESSION } from './fuzz.ts';

/** The seeds that one thread runs. */
export interface Part {
  first: number;
  designs: number;
  seconds: number;
}

/** Seeds from one part of a session without an end to the next. */
const FAR = 1_000_000;
const MOST_JOBS = 64;
/** A session of this many designs or more must have seen everything that the table lists, whatever its seed. */
const FULL_SESSION = 4 * SESSION.designs;
/**
 * Of so many designs one may still be at work when its time to come to rest is over: one of a hundred is. More of them,
 * and I45 is no longer checked.
 */
const DESIGNS_PER_UNDECIDED = 60;
/** And these, as a short session may meet several by chance. */
const SPARE_UNDECIDED = 3;

/** A number of the command line, or a sentence that refuses it. */
export function countOf(name: string, text: string | undefined, usual: number, most = Infinity): number {
  if (text === undefined) return usual;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= (name === 'seed' ? 0 : 1) && value <= most) return value;
  const bound = Number.isFinite(most) ? ` to ${most}` : ' on';
  throw new RangeError(`--${name} is a whole number from ${name === 'seed' ? 0 : 1}${bound}, not ${text}.`);
}

/** How many threads share a session. */
export function jobsOf(text: string | undefined): number {
  return countOf('jobs', text, 1, MOST_JOBS);
}

/** What each thread runs: every seed once. Without a number of designs each goes on from a seed of its own. */
export function partsOf(first: number, designs: number, seconds: number, jobs: number): Part[] {
  return Array.from({ length: jobs }, (_, job) => {
    if (!Number.isFinite(designs)) return { first: first + job * FAR, designs, seconds };
    const base = Math.floor(designs / jobs);
    const more = designs % jobs;
    const share = base + (job < more ? 1 : 0);
    return { first: first + job * base + Math.min(job, more), designs: share, seconds };
  });
}

/** What a session that found no broken law must be reproached with, as sentences. */
export function reproaches(session: {
  drawn: number;
  undecided: number;
  missing: readonly string[];
}): string[] {
  const { drawn, undecided, missing } = session;
  const bound = SPARE_UNDECIDED + Math.floor(drawn / DESIGNS_PER_UNDECIDED);
  const idle = drawn >= FULL_SESSION && missing.length > 0;
  return [
    ...(idle ? ['An idle fuzzer proves nothing: this session fails.'] : []),
    ...(undecided > bound
      ? [`${undecided} designs never came to rest, at most ${bound} may: this session fails.`]
      : []),
  ];
}
