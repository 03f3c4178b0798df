import { nativeArithmetic, ownArithmetic } from './arithmetic.ts';
import { canRun, CaseRun, type EventReport, type SameCase } from './case-run.ts';
import { Digest } from './digest.ts';

/** What the driver is asked; it and the answer are plain JSON. */
export type Request =
  | { ask: 'designs'; from: number; count: number }
  | { ask: 'cases'; cases: readonly SameCase[] }
  | { ask: 'hashes'; of: SameCase; after: readonly number[] }
  | { ask: 'event'; of: SameCase; number: number }
  | { ask: 'figures'; of: SameCase };

/** What came of a case. */
export interface CaseAnswer {
  /** Hash of the run after 1, 2, 4, 8, … events and after the last one. */
  checkpoints: readonly string[];
  events: number;
  /** Fingerprint of the results and, if asked for, of the frame of the page at the end. */
  figures: string;
  /** Fingerprint of our own arithmetic and draws, and of the engine's own arithmetic (which may differ). */
  arithmetic: string;
  native: string;
}

/** The case could not be run, which is a difference if another engine can. */
export interface CaseError {
  error: string;
}

/** Answer to each request. */
export interface Answers {
  designs: number[];
  cases: (CaseAnswer | CaseError)[];
  hashes: string[];
  event: EventReport | null;
  /** One line a figure, "results.totals.produced = 17". */
  figures: string[];
}

/** Numbers of events after which the hash of a case is noted: the powers of two below its bound, and the bound. */
export function checkpointsOf({ events }: SameCase): number[] {
  const counts: number[] = [];
  for (let count = 1; count < events; count *= 2) counts.push(count);
  return [...counts, events];
}

/**
 * Runs in any JavaScript engine, as a bundle: needs nothing but the language. Texts in and out, because these pass
 * every border between engines unchanged.
 */
export function answer(request: string): string {
  return JSON.stringify(answerTo(JSON.parse(request) as Request));
}

function answerTo(request: Request): Answers[keyof Answers] {
  switch (request.ask) {
    case 'designs':
      return runnableDesigns(request.from, request.count);
    case 'cases':
      return request.cases.map(caseAnswer);
    case 'hashes': {
      const run = new CaseRun(request.of);
      return request.after.map((events) => run.hashAfter(events));
    }
    case 'event':
      return new CaseRun(request.of).event(request.number);
    case 'figures':
      return figuresOf(request.of);
  }
}

function runnableDesigns(from: number, count: number): number[] {
  const seeds: number[] = [];
  for (let seed = from; seeds.length < count; seed++) if (canRun(seed)) seeds.push(seed);
  return seeds;
}

function caseAnswer(of: SameCase): CaseAnswer | CaseError {
  try {
    const walk = new CaseRun(of);
    const checkpoints = checkpointsOf(of).map((events) => walk.hashAfter(events));
    const valuesOf = (named: readonly (readonly [string, number])[]) => named.map(([, value]) => value);
    return {
      checkpoints,
      events: walk.run.events,
      figures: new Digest().text(JSON.stringify(walk.run.results())).doubles(frameOf(of, walk)).hex(),
      arithmetic: new Digest().doubles(valuesOf(ownArithmetic(arithmeticSeed(of)))).hex(),
      native: new Digest().doubles(valuesOf(nativeArithmetic(arithmeticSeed(of)))).hex(),
    };
  } catch (error) {
    return { error: String(error) };
  }
}

function arithmeticSeed({ designSeed, runSeed }: SameCase): string {
  return `${designSeed}/${runSeed}`;
}

function frameOf(of: SameCase, { run }: CaseRun): Float64Array {
  if (!of.frame) return new Float64Array();
  const frame = new Float64Array(run.frameSize());
  run.writeFrame(frame);
  return frame;
}

function figuresOf(of: SameCase): string[] {
  const walk = new CaseRun(of);
  walk.hashAfter(of.events);
  const bits = (value: number) => `${value} (${new Digest().doubles([value]).hex()})`;
  return [
    ...linesOf('results', walk.run.results()),
    ...Array.from(frameOf(of, walk), (value, at) => `frame[${at}] = ${bits(value)}`),
    ...ownArithmetic(arithmeticSeed(of)).map(([name, value]) => `${name} = ${bits(value)}`),
  ];
}

function linesOf(path: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [`${path} = ${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([key, inner]) => linesOf(`${path}.${key}`, inner));
}
