import { Pacer, type Speed } from './pacer.ts';
import type { Run } from './run.ts';

/** What a runner needs of the platform; tests pass a clock of their own. */
export interface RunnerPlatform {
  /** Wall time in milliseconds, never going back. */
  now(): number;
  /** Calls back once every task that already waits (a message from the page, say) had its turn. */
  soon(callback: () => void): void;
  /** Calls back after about this many milliseconds of wall time. */
  after(delayMs: number, callback: () => void): void;
}

export interface RunnerListener {
  /** A slice is over; the run stands between two events. */
  onSlice(): void;
  /** The run reached the time that was asked for, or cannot go on. The runner has stopped. */
  onArrived(): void;
  /** The run threw: a broken invariant. The runner has stopped. */
  onError(error: unknown): void;
}

/** Longest time without a yield: half a frame of a 60 Hz screen, so that messages are answered at once. */
const SLICE_MS = 8;
/** Longest that one call of `advance` should take, so that a slice can end in time. */
const CHUNK_MS = 1;
/** Nap when the run is ahead of the wall clock. */
const NAP_MS = 4;
const FIRST_CHUNK = 16;
const LARGEST_CHUNK = 65_536;

/**
 * Drives a run in slices of at most 8 ms of wall time, paced or at full speed. How it cuts a run into slices and
 * chunks depends on the machine; the run's results do not.
 */
export class Runner {
  private readonly platform: RunnerPlatform;
  private readonly listener: RunnerListener;
  private readonly pacer = new Pacer();
  private run: Pick<Run, 'nowMs' | 'done' | 'advance'> | null = null;
  private untilMs = Infinity;
  private arrived = false;
  private chunk = FIRST_CHUNK;
  /** Callbacks of an earlier start are recognized by their ticket and ignored. */
  private ticket = 0;

  constructor(platform: RunnerPlatform, listener: RunnerListener) {
    this.platform = platform;
    this.listener = listener;
  }

  /** Runs on from where the run stands until simulated time `untilMs`. Replaces what was running. */
  start(run: Pick<Run, 'nowMs' | 'done' | 'advance'>, untilMs: number, speed: Speed): void {
    this.run = run;
    this.untilMs = untilMs;
    this.arrived = false;
    this.pacer.setSpeed(speed, this.platform.now());
    this.pacer.start(this.platform.now());
    this.next();
  }

  /** Takes effect at once if something is running. */
  setSpeed(speed: Speed): void {
    if (!this.run) return;
    this.pacer.setSpeed(speed, this.platform.now());
    this.next();
  }

  stop(): void {
    this.ticket++;
    this.run = null;
  }

  private next(): void {
    const ticket = ++this.ticket;
    this.platform.soon(() => this.slice(ticket));
  }

  private nap(): void {
    const ticket = ++this.ticket;
    this.platform.after(NAP_MS, () => this.slice(ticket));
  }

  private slice(ticket: number): void {
    if (ticket !== this.ticket || !this.run) return;
    let ahead: boolean;
    try {
      ahead = this.work(this.run);
    } catch (error) {
      this.stop();
      this.listener.onError(error);
      return;
    }
    if (this.run.done || this.arrived) {
      this.stop();
      this.listener.onArrived();
      return;
    }
    this.listener.onSlice();
    // The listener may have stopped or restarted the runner.
    if (ticket !== this.ticket) return;
    if (ahead) this.nap();
    else this.next();
  }

  /** One slice; true if the run is now level with the wall clock. */
  private work(run: Pick<Run, 'nowMs' | 'done' | 'advance'>): boolean {
    const startedAt = this.platform.now();
    const fromMs = run.nowMs;
    const targetMs = Math.min(this.untilMs, fromMs + this.pacer.owed(startedAt));
    let level = targetMs <= fromMs;
    let chunkStart = startedAt;
    while (!level && !run.done) {
      const processed = run.advance(targetMs, this.chunk);
      level = processed < this.chunk;
      const chunkEnd = this.platform.now();
      if (!level) this.resizeChunk(chunkEnd - chunkStart);
      chunkStart = chunkEnd;
      if (chunkEnd - startedAt >= SLICE_MS - CHUNK_MS) break;
    }
    this.pacer.paid(run.nowMs - fromMs);
    // Not by comparing times: the run rounds what it is asked for to its own clock.
    this.arrived = level && targetMs >= this.untilMs;
    return level;
  }

  private resizeChunk(tookMs: number): void {
    if (tookMs < CHUNK_MS / 4) this.chunk = Math.min(LARGEST_CHUNK, this.chunk * 2);
    else if (tookMs > CHUNK_MS) this.chunk = Math.max(1, this.chunk >> 1);
  }
}
