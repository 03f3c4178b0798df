import type { Snapshot } from '../lib/columns.ts';
import type { LiveRun } from '../simulation/live-run.ts';
import type { RunResults } from '../simulation/results/results.ts';
import type { RunSnapshot, TraceRow } from '../simulation/run.ts';
import { doDeed } from './fuzz/do-deed.ts';
import type { FuzzCase } from './fuzz/fuzz-case.ts';
import { insideOf } from './laws/watch-run.ts';

/** A frame is written after every so many steps of a case. */
const FRAME_EVERY = 7;

/** Where a case stands: enough to play on from here in another run. */
export interface CasePlace {
  snapshot: RunSnapshot;
  deed: number;
  sinceDeed: number;
  steps: number;
}

/** All that a case leaves behind. */
export interface CaseEnd {
  hash: string;
  results: RunResults;
  rows: readonly TraceRow[];
  /** Without chart samples, which are beside it. */
  frame: Float64Array;
  samples: readonly Float64Array[];
  state: Snapshot;
}

/**
 * Plays a case of the fuzzer one step (an event or a deed) at a time. What can be seen of the run after each step is
 * kept as text, so that a run that goes on from the middle can be compared step by step.
 */
export class CasePlayer {
  readonly run: LiveRun;
  /** What each step wrote into the message trace and showed in a frame. */
  readonly seen: string[] = [];
  steps = 0;
  private readonly found: FuzzCase;
  private readonly mostSteps: number;
  private deed = 0;
  private sinceDeed = 0;

  constructor(run: LiveRun, found: FuzzCase, mostSteps: number) {
    this.run = run;
    this.found = found;
    this.mostSteps = mostSteps;
    run.traceMessages();
  }

  /** The next event or deed; false if the case is over. */
  step(): boolean {
    if (this.steps >= this.mostSteps || !this.act()) return false;
    this.steps++;
    const frame = this.steps % FRAME_EVERY === 0 ? this.frame().join() : '';
    this.seen[this.steps] = JSON.stringify(this.run.drainMessages()) + frame;
    return true;
  }

  finish(): CaseEnd {
    while (this.step());
    const { sim, watch } = insideOf(this.run);
    return {
      hash: sim.hash.hex(),
      results: this.run.results(),
      rows: this.run.drainTrace(),
      frame: this.frame(),
      samples: watch?.observer.samples ?? [],
      state: sim.snapshot(),
    };
  }

  place(): CasePlace {
    const { deed, sinceDeed, steps } = this;
    return { snapshot: this.run.snapshot(), deed, sinceDeed, steps };
  }

  goTo(place: CasePlace): void {
    this.run.restore(place.snapshot);
    Object.assign(this, { deed: place.deed, sinceDeed: place.sinceDeed, steps: place.steps });
    this.seen.length = 0;
  }

  private act(): boolean {
    const next = this.found.deeds[this.deed];
    const isDue = next !== undefined && this.sinceDeed >= next.afterEvents;
    if (!isDue && this.run.advance(this.found.activeMs, 1) === 1) {
      this.sinceDeed++;
      return true;
    }
    if (next === undefined) return false;
    doDeed(this.run, next);
    this.deed++;
    this.sinceDeed = 0;
    return true;
  }

  private frame(): Float64Array {
    const into = new Float64Array(this.run.layout.size(0));
    this.run.writeFrame(into);
    return into;
  }
}

/** Name of the first column or scalar in which two states differ, in any bit; null if they are the same. */
export function differingColumn(a: Snapshot, b: Snapshot): string | null {
  if (a.fields.join() !== b.fields.join()) return 'the list of columns';
  const at = a.arrays.findIndex((array, index) => !sameBits(array, b.arrays[index]));
  if (at >= 0) return a.fields[at];
  const scalar = a.scalars.findIndex((value, index) => !Object.is(value, b.scalars[index]));
  return scalar < 0 ? null : a.fields[a.arrays.length + scalar];
}

/** Whether two arrays hold the same bits. */
export function sameBits(a: ArrayBufferView, b: ArrayBufferView): boolean {
  return bytesOf(a).equals(bytesOf(b));
}

function bytesOf(array: ArrayBufferView): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}
