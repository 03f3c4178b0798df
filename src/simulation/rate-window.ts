import type { Columns } from '../lib/columns.ts';

/** Counter readings kept; with the spacing that its owner chooses they reach back a little more than the window. */
export const SLOTS = 10;

/**
 * Readings of counters at regular simulated times, so that a rate is a difference over about the last second (or
 * another window), whoever asks and whenever.
 */
export class RateWindow {
  private readonly width: number;
  private readonly windowMicros: number;
  private readonly counts = new Float64Array();
  private readonly times = new Float64Array();
  /** Readings taken so far; the newest is in slot `(taken - 1) % SLOTS`. */
  private taken = 0;

  /** A rate is taken over at least `windowMicros` of simulated time. */
  constructor(columns: Columns, width: number, windowMicros = 1_000_000) {
    this.width = width;
    this.windowMicros = windowMicros;
    columns.f64(this, 'counts', SLOTS * width);
    columns.f64(this, 'times', SLOTS);
    columns.scalars(this, ['taken']);
  }

  /** Where to write the next reading; call `close` when it is written. */
  open(): Float64Array {
    const slot = this.taken % SLOTS;
    return this.counts.subarray(slot * this.width, (slot + 1) * this.width);
  }

  close(now: number): void {
    this.times[this.taken % SLOTS] = now;
    this.taken++;
  }

  /**
   * The reading to compare with: the newest that is as old as the window (or as is asked for), else the oldest. The
   * first is taken at time zero, before anything happened, so there always is one.
   */
  base(now: number, windowMicros = this.windowMicros): RateBase {
    let slot = 0;
    for (let age = 1; age <= Math.min(SLOTS, this.taken); age++) {
      slot = (this.taken - age) % SLOTS;
      if (this.times[slot] <= now - windowMicros) break;
    }
    const counts = this.counts.subarray(slot * this.width, (slot + 1) * this.width);
    return { counts, seconds: (now - this.times[slot]) / 1e6 };
  }
}

/** An earlier reading and how many seconds ago it was taken. */
export interface RateBase {
  counts: Float64Array;
  seconds: number;
}

/** How fast a counter grew since the base; 0 when no time has passed. */
export function ratePerSecond(base: RateBase, index: number, count: number): number {
  return base.seconds > 0 ? (count - base.counts[index]) / base.seconds : 0;
}
