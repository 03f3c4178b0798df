import type { Problem } from '../design/types.ts';
import type { Run, RunSnapshot, TraceRow } from '../simulation/run.ts';

/** How many keyframes are kept at most, and how much memory they may hold together. */
export interface KeyframeLimits {
  count: number;
  bytes: number;
}

interface Keyframe {
  atMs: number;
  events: number;
  interventions: number;
  traceRows: number;
  snapshot: RunSnapshot;
}

interface Intervention {
  atMs: number;
  /** Events processed before it: with the time, its exact place in the run. */
  events: number;
  apply: (run: Run) => Problem | null;
}

const DEFAULT_LIMITS: KeyframeLimits = { count: 24, bytes: 96 * 1024 * 1024 };
/** Noted interventions: a hand on a slider gives four a second, so this is an hour of it. */
const MOST_INTERVENTIONS = 15_000;

const TOO_MANY: Problem = {
  severity: 'error',
  code: 'too-many-interventions',
  message: `This run was changed ${MOST_INTERVENTIONS} times by hand, which is all it can note. Reset it to go on.`,
};

const RUN_OVER: Problem = {
  severity: 'error',
  code: 'run-over',
  message: 'The run is over. Go back in time or reset it to change what happens.',
};

/** A time that is asked for is rounded to a microsecond: the clock may stop this much before it. */
const SAME_TIME_MS = 0.0005;

/**
 * A run that can go back. It keeps snapshots on the way, at most so many and so large, and notes every intervention
 * at its exact place, so that a stretch that is run again is the same, bit for bit. Going back keeps the noted
 * future; a new intervention replaces it.
 */
export class RewindableRun {
  readonly run: Run;
  private readonly limits: KeyframeLimits;
  private keyframes: Keyframe[] = [];
  private spacingMs: number;
  private interventions: Intervention[] = [];
  /** Interventions before this index are part of the state. */
  private applied = 0;
  private events = 0;
  private pendingRows: TraceRow[] = [];
  private handedOutRows = 0;

  constructor(run: Run, limits: KeyframeLimits = DEFAULT_LIMITS) {
    this.run = run;
    this.limits = limits;
    this.spacingMs = run.horizonMs / limits.count;
    this.keep();
  }

  get nowMs(): number {
    return this.run.nowMs;
  }

  get done(): boolean {
    return this.run.done;
  }

  /** As `Run.advance`; stops on the way, unseen from outside, for keyframes and for interventions noted earlier. */
  advance(untilMs: number, maxEvents: number): number {
    let processed = 0;
    while (!this.run.done) {
      this.repeatDue();
      const next = this.interventions[this.applied];
      const wantedMs = Math.min(untilMs, this.nextKeyframeMs(), next ? next.atMs : Infinity);
      // Single steps may have passed the time of a keyframe; it is then kept at the end of the present instant.
      const stopMs = Math.max(this.run.nowMs, wantedMs);
      // An intervention noted between two events of one instant is met by counting, any other by time.
      const before = next ? Math.max(1, next.events - this.events) : Infinity;
      const most = Math.min(maxEvents - processed, before);
      const count = this.run.advance(stopMs, most);
      processed += count;
      this.events += count;
      const stopped = count < most;
      if (stopped && next) this.checkRepeated(next);
      if (stopped && this.run.nowMs >= this.nextKeyframeMs() - SAME_TIME_MS) this.keep();
      if (processed >= maxEvents) break;
      if (stopped && this.run.nowMs >= untilMs - SAME_TIME_MS) {
        this.repeatDue();
        break;
      }
    }
    return processed;
  }

  /** Processes one event; false if there was none left. */
  step(): boolean {
    this.repeatDue();
    if (!this.run.step()) return false;
    this.events++;
    return true;
  }

  /** Does something to the run here and now. Interventions noted for later are dropped: this is a new future. */
  intervene(apply: (run: Run) => Problem | null): Problem | null {
    if (this.run.done) return RUN_OVER;
    if (this.applied >= MOST_INTERVENTIONS) return TOO_MANY;
    this.repeatDue();
    const problem = apply(this.run);
    if (problem) return problem;
    this.interventions.length = this.applied;
    this.interventions.push({ atMs: this.run.nowMs, events: this.events, apply });
    this.applied++;
    this.keyframes = this.keyframes.filter(
      (keyframe) => keyframe.events <= this.events && keyframe.atMs <= this.nowMs,
    );
    return null;
  }

  /** Goes back to the latest keyframe at or before `toMs`. */
  rewind(toMs: number): { toMs: number; traceRows: number } {
    const keyframe = this.keyframes.findLast((candidate) => candidate.atMs <= toMs) ?? this.keyframes[0];
    this.run.restore(keyframe.snapshot);
    this.run.drainTrace();
    this.events = keyframe.events;
    this.applied = keyframe.interventions;
    this.pendingRows.length = Math.max(0, keyframe.traceRows - this.handedOutRows);
    this.handedOutRows = Math.min(this.handedOutRows, keyframe.traceRows);
    return { toMs: keyframe.atMs, traceRows: this.handedOutRows };
  }

  /** Trace rows not handed out yet, in order. */
  drainTrace(): TraceRow[] {
    const rows = this.pendingRows.concat(this.run.drainTrace());
    this.pendingRows = [];
    this.handedOutRows += rows.length;
    return rows;
  }

  private repeatDue(): void {
    for (;;) {
      const next = this.interventions[this.applied];
      if (!next || next.events > this.events || next.atMs > this.run.nowMs) return;
      next.apply(this.run);
      this.applied++;
    }
  }

  /** All events up to now are processed: an intervention of now must have seen as many when it was noted. */
  private checkRepeated(next: Intervention): void {
    if (this.run.nowMs < next.atMs || this.events >= next.events) return;
    throw new Error(
      `A repeated stretch has ${this.events} events up to ${next.atMs} ms, where there were ${next.events} before.`,
    );
  }

  private nextKeyframeMs(): number {
    const last = this.keyframes.at(-1);
    return last ? last.atMs + this.spacingMs : 0;
  }

  private keep(): void {
    this.pendingRows.push(...this.run.drainTrace());
    this.keyframes.push({
      atMs: this.run.nowMs,
      events: this.events,
      interventions: this.applied,
      traceRows: this.handedOutRows + this.pendingRows.length,
      snapshot: this.run.snapshot(),
    });
    while (this.keyframes.length > 1 && this.isOverLimit()) this.thinOut();
  }

  private isOverLimit(): boolean {
    const bytes = this.keyframes.reduce((sum, keyframe) => sum + keyframe.snapshot.bytes, 0);
    return this.keyframes.length > this.limits.count || bytes > this.limits.bytes;
  }

  /** Every other one goes, the first stays; from now on they are taken half as often. */
  private thinOut(): void {
    this.keyframes = this.keyframes.filter((_, index) => index % 2 === 0);
    this.spacingMs *= 2;
  }
}
