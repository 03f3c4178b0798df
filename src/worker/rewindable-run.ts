import type { Problem } from '../design/types.ts';
import type { Run, TraceRow } from '../simulation/run.ts';
import { KEYFRAME_LIMITS, Keyframes, type KeyframeLimits } from './keyframes.ts';
import { TraceLog } from './trace-log.ts';

interface Intervention {
  atMs: number;
  /** Events processed before it: with the time, its exact place in the run. */
  events: number;
  apply: (run: Run) => Problem | null;
}

/** Coming to the end of a run costs this many spacings of keyframes even if nothing happens: clocks and charts go on. */
const QUIET_SPACINGS = 24;
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
 * A run that can go back. It keeps snapshots on the way, in bounded memory, and notes every intervention at its exact
 * place, so that a stretch that is run again is the same, bit for bit. Going back keeps the noted future, snapshots and
 * all; a new intervention replaces it.
 */
export class RewindableRun {
  readonly run: Run;
  private readonly keyframes: Keyframes;
  /** What a millisecond of simulated time costs beside its events, in events. */
  private readonly costPerMs: number;
  private interventions: Intervention[] = [];
  /** Interventions before this index are part of the state. */
  private applied = 0;
  private events = 0;
  private readonly log = new TraceLog();

  constructor(run: Run, limits: KeyframeLimits = KEYFRAME_LIMITS) {
    this.run = run;
    this.keyframes = new Keyframes(limits);
    this.costPerMs = (QUIET_SPACINGS * limits.spacing) / run.horizonMs;
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
      const left = this.costToKeyframe();
      if (left === 0) {
        this.keep();
        continue;
      }
      const stopMs = Math.min(untilMs, this.run.nowMs + left / this.costPerMs, next ? next.atMs : Infinity);
      // An intervention noted between two events of one instant is met by counting, any other by time.
      const before = next ? Math.max(1, next.events - this.events) : Infinity;
      const most = Math.min(maxEvents - processed, before, Math.ceil(left));
      const count = this.run.advance(stopMs, most);
      processed += count;
      this.events += count;
      const stopped = count < most;
      if (stopped && next) this.checkRepeated(next);
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
    return this.advance(this.run.horizonMs, 1) === 1;
  }

  /** Does something to the run here and now. Interventions noted for later are dropped: this is a new future. */
  intervene(apply: (run: Run) => Problem | null): Problem | null {
    if (this.run.done) return RUN_OVER;
    if (this.applied >= MOST_INTERVENTIONS) return TOO_MANY;
    this.repeatDue();
    this.log.add(this.run.drainTrace());
    const problem = apply(this.run);
    if (problem) return problem;
    this.log.forgetFuture();
    this.keyframes.dropAfter(this.cost, this.applied);
    this.interventions.length = this.applied;
    this.interventions.push({ atMs: this.run.nowMs, events: this.events, apply });
    this.applied++;
    return null;
  }

  /**
   * Goes to the latest keyframe at or before a time: back, or on through what was run before. Null if the present is
   * as near. Returns where the run stands now and how many of the trace rows handed out are of its past.
   */
  goNear(toMs: number): { toMs: number; traceRows: number } | null {
    const keyframe = this.keyframes.before(toMs);
    if (toMs >= this.nowMs && keyframe.cost <= this.cost) return null;
    this.log.add(this.run.drainTrace());
    this.run.restore(keyframe.snapshot);
    this.run.drainTrace();
    this.events = keyframe.events;
    this.applied = keyframe.interventions;
    return { toMs: keyframe.atMs, traceRows: this.log.goTo(keyframe.traceRows) };
  }

  /** Trace rows not handed out yet, in order. */
  drainTrace(): TraceRow[] {
    this.log.add(this.run.drainTrace());
    return this.log.take();
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

  /** What it takes to come from the start to here, in events. */
  private get cost(): number {
    return this.events + this.run.nowMs * this.costPerMs;
  }

  /** What is left until the next keyframe is due; 0 for now. */
  private costToKeyframe(): number {
    const left = this.keyframes.due(this.cost, this.run.snapshotBytes) - this.cost;
    // Less than the clock can tell apart would never be reached.
    return left < this.costPerMs * 2 * SAME_TIME_MS ? 0 : left;
  }

  private keep(): void {
    // Rows are drained first, so that a snapshot holds none.
    this.log.add(this.run.drainTrace());
    const { events, cost } = this;
    if (!this.keyframes.makeRoom(cost, this.run.snapshotBytes)) return;
    this.keyframes.add({
      atMs: this.run.nowMs,
      events,
      cost,
      interventions: this.applied,
      traceRows: this.log.position,
      snapshot: this.run.snapshot(),
    });
  }
}
