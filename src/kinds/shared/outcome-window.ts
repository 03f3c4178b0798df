import type { Columns } from '../../lib/columns.ts';

const SECOND_MICROS = 1_000_000;

/** How many calls a window holds, how many of them failed and how many were slow. */
export interface OutcomeCounts {
  calls: number;
  failed: number;
  slow: number;
}

/** What a circuit breaker remembers: its last n calls, or those of its last n seconds. Times never go back. */
export interface OutcomeWindow {
  note(failed: boolean, slow: boolean, nowMicros: number): void;
  counts(nowMicros: number): OutcomeCounts;
  clear(): void;
}

const FAILED = 1;
const SLOW = 2;

/** The last `size` calls (resilience4j, FixedSizeSlidingWindowMetrics). */
export class LastCalls implements OutcomeWindow {
  /** A ring of flags. */
  private outcomes = new Uint8Array();
  private noted = 0;
  private failed = 0;
  private slow = 0;

  constructor(columns: Columns, size: number) {
    columns.u8(this, 'outcomes', size);
    columns.scalars(this, ['noted', 'failed', 'slow']);
  }

  note(failed: boolean, slow: boolean): void {
    const place = this.noted % this.outcomes.length;
    const dropped = this.outcomes[place];
    this.failed += (failed ? 1 : 0) - (dropped & FAILED ? 1 : 0);
    this.slow += (slow ? 1 : 0) - (dropped & SLOW ? 1 : 0);
    this.outcomes[place] = (failed ? FAILED : 0) | (slow ? SLOW : 0);
    this.noted++;
  }

  counts(): OutcomeCounts {
    return { calls: Math.min(this.noted, this.outcomes.length), failed: this.failed, slow: this.slow };
  }

  clear(): void {
    this.outcomes.fill(0);
    this.noted = this.failed = this.slow = 0;
  }
}

/**
 * The calls of the current second and of the `seconds - 1` before it (resilience4j, SlidingTimeWindowMetrics): what was
 * noted in second s is gone as soon as second s + `seconds` begins.
 */
export class LastSeconds implements OutcomeWindow {
  /** A bucket for each second. */
  private calls = new Uint32Array();
  private failed = new Uint32Array();
  private slow = new Uint32Array();
  private callsInAll = 0;
  private failedInAll = 0;
  private slowInAll = 0;
  private newestSecond = -1;

  constructor(columns: Columns, seconds: number) {
    columns.u32(this, 'calls', seconds);
    columns.u32(this, 'failed', seconds);
    columns.u32(this, 'slow', seconds);
    columns.scalars(this, ['callsInAll', 'failedInAll', 'slowInAll', 'newestSecond']);
  }

  note(failed: boolean, slow: boolean, nowMicros: number): void {
    const bucket = this.moveTo(nowMicros);
    this.add(bucket, 1, failed ? 1 : 0, slow ? 1 : 0);
  }

  counts(nowMicros: number): OutcomeCounts {
    this.moveTo(nowMicros);
    return { calls: this.callsInAll, failed: this.failedInAll, slow: this.slowInAll };
  }

  clear(): void {
    for (const column of [this.calls, this.failed, this.slow]) column.fill(0);
    this.callsInAll = this.failedInAll = this.slowInAll = 0;
  }

  /** Empties the buckets of the seconds that have begun since, and returns that of now. */
  private moveTo(nowMicros: number): number {
    const seconds = this.calls.length;
    const now = Math.floor(nowMicros / SECOND_MICROS);
    for (let second = Math.max(this.newestSecond + 1, now - seconds + 1); second <= now; second++) {
      const bucket = second % seconds;
      this.add(bucket, -this.calls[bucket], -this.failed[bucket], -this.slow[bucket]);
    }
    this.newestSecond = now;
    return now % seconds;
  }

  private add(bucket: number, calls: number, failed: number, slow: number): void {
    this.calls[bucket] += calls;
    this.failed[bucket] += failed;
    this.slow[bucket] += slow;
    this.callsInAll += calls;
    this.failedInAll += failed;
    this.slowInAll += slow;
  }
}
