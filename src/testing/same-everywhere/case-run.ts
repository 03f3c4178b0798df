import { compile } from '../../simulation/compile.ts';
import type { LiveRun } from '../../simulation/live-run.ts';
import { drawCase } from '../fuzz/draw-case.ts';
import { doDeed } from '../fuzz/do-deed.ts';
import type { FuzzCase } from '../fuzz/fuzz-case.ts';
import { insideOf } from '../laws/watch-run.ts';
import { eventName } from './event-name.ts';

/** Simulated time that a case goes on after its faults: without it few would have a thousand events. */
const GOES_ON_MS = 10_000;

/** One run that must be the same everywhere: a design of the fuzzer with its faults and deeds, under some seed. */
export interface SameCase {
  designSeed: number;
  runSeed: number;
  /** The run ends after so many events, if its time is not over before. */
  events: number;
  /** Also compare what the page shows: a frame at the end, with its charts. It takes longer than the run. */
  frame?: boolean;
  /** For tests of the comparison: the event scheduled as the n-th since the start of the run comes 1 µs late. */
  plant?: number;
}

/** One event as it was processed. */
export interface EventReport {
  /** From 1. */
  number: number;
  timeMicros: number;
  /** Id of the node, or "the run". */
  node: string;
  type: string;
  arg: number;
  /** Of the run just before the event, with all that was done from outside by then, and just after it. */
  hashBefore: string;
  hash: string;
}

/** Walks through a case. How it gets to a place changes nothing: the deeds come after the same events. */
export class CaseRun {
  readonly run: LiveRun;
  private readonly found: FuzzCase;
  /** Number of events after which each deed is done. */
  private readonly dueAfter: readonly number[];
  private deedsDone = 0;

  constructor({ designSeed, runSeed, frame = false, plant }: SameCase) {
    this.found = drawCase(designSeed);
    const untilMs = this.found.activeMs + GOES_ON_MS;
    const { run, problems } = compile(this.found.design, { seed: runSeed, untilMs, observe: frame });
    if (!run) throw new Error(`Design ${designSeed} cannot run: ${problems[0].message}`);
    this.run = run;
    let events = 0;
    this.dueAfter = this.found.deeds.map(({ afterEvents }) => (events += afterEvents));
    if (plant !== undefined) delay(run, plant);
  }

  /** The hash right after that many events, before anything that is done from outside there. */
  hashAfter(events: number): string {
    this.goTo(events);
    return this.hash;
  }

  /** Event `number`, if the run gets that far. Only for an event that is not processed yet. */
  event(number: number): EventReport | null {
    this.goTo(number - 1);
    this.doDeedsUpTo(number - 1);
    const hashBefore = this.hash;
    if (this.run.events !== number - 1 || this.run.advance(this.run.horizonMs, 1) === 0) return null;
    const { sim, nodes } = insideOf(this.run);
    const { time, code, arg } = sim.queue;
    const node = nodes[sim.currentNode];
    const type = eventName(node?.kind, code);
    return { number, timeMicros: time, node: node?.id ?? 'the run', type, arg, hashBefore, hash: this.hash };
  }

  private get hash(): string {
    return insideOf(this.run).sim.hash.hex();
  }

  private goTo(events: number): void {
    this.doDeedsUpTo(events - 1);
    this.advanceTo(events);
  }

  private doDeedsUpTo(events: number): void {
    while (this.dueAfter[this.deedsDone] <= events) {
      this.advanceTo(this.dueAfter[this.deedsDone]);
      doDeed(this.run, this.found.deeds[this.deedsDone++]);
    }
  }

  private advanceTo(events: number): void {
    const left = events - this.run.events;
    if (left > 0) this.run.advance(this.run.horizonMs, left);
  }
}

/** Whether the design of a seed can run at all; the fuzzer draws some that are refused. */
export function canRun(designSeed: number): boolean {
  return compile(drawCase(designSeed).design).run !== null;
}

function delay(run: LiveRun, which: number): void {
  const { queue } = insideOf(run).sim;
  const { schedule } = queue;
  let calls = 0;
  queue.schedule = (time, priority, code, arg) =>
    schedule.call(queue, ++calls === which ? time + 1 : time, priority, code, arg);
}
