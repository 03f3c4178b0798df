import { HEADER } from '../simulation/frame/frame-layout.ts';
import type { Run } from '../simulation/run.ts';

/** 30 frames a second at most; a little less than a thirtieth, so that a late slice does not halve the rate. */
const FRAME_EVERY_MS = 32;
/** Stretch of wall time over which the speed reached is measured. */
const METER_MS = 250;
/** Room for samples that come on top of the next frame. */
const HEADROOM = 1.25;
/** A frame is cut at 4 MB; the samples that do not fit come with the next one. */
const LARGEST_FRAME = 524_288;

/**
 * Sends frames of a run, at most 30 a second and at most one in flight: while the page holds two buffers, nothing is
 * written. A frame that has to be seen (the last before standing still) is owed and goes out as soon as it may.
 */
export class FramePoster {
  private readonly now: () => number;
  private readonly post: (buffer: ArrayBuffer, length: number) => void;
  private pool: ArrayBuffer[] = [];
  private inFlight = false;
  private owed = false;
  private lastWallMs = -Infinity;
  private meter = { wallMs: 0, simulatedMs: 0, reached: 0, settled: false };

  constructor(now: () => number, post: (buffer: ArrayBuffer, length: number) => void) {
    this.now = now;
    this.post = post;
  }

  /** A new run: its first frame shows time zero. */
  restart(run: Run): void {
    this.restartMeter(run);
    this.postLast(run);
  }

  /** Measures the speed reached from here on. */
  restartMeter(run: Run): void {
    this.lastWallMs = this.now();
    this.meter = { wallMs: this.lastWallMs, simulatedMs: run.nowMs, reached: 0, settled: false };
  }

  /** Posts a frame if one is due and none is in flight; true if it did. */
  postIfDue(run: Run): boolean {
    if (this.inFlight || this.now() - this.lastWallMs < FRAME_EVERY_MS) return false;
    this.write(run);
    return true;
  }

  /** Posts a frame now, or once the one in flight is done. */
  postLast(run: Run): void {
    if (this.inFlight) this.owed = true;
    else this.write(run);
  }

  /** The page is done with the frame in flight; it may give back a buffer, an empty one if it has none to spare. */
  returned(buffer: ArrayBuffer, run: Run | null): void {
    if (buffer.byteLength > 0 && this.pool.length < 2) this.pool.push(buffer);
    this.inFlight = false;
    if (!this.owed) return;
    this.owed = false;
    if (run) this.write(run);
  }

  private write(run: Run): void {
    const needed = Math.min(run.frameSize(), Math.max(LARGEST_FRAME, run.layout.size(0)));
    const pooled = this.pool.pop();
    const buffer =
      pooled && pooled.byteLength >= needed * Float64Array.BYTES_PER_ELEMENT
        ? pooled
        : new ArrayBuffer(Math.ceil(needed * HEADROOM) * Float64Array.BYTES_PER_ELEMENT);
    const frame = new Float64Array(buffer);
    const length = run.writeFrame(frame);
    frame[HEADER.speedReached] = this.speedReached(run.nowMs);
    this.lastWallMs = this.now();
    this.inFlight = true;
    this.post(buffer, length);
  }

  /** Over stretches of a quarter of a second; over one frame it would jitter by a third. */
  private speedReached(simulatedMs: number): number {
    const { meter } = this;
    const elapsedMs = this.now() - meter.wallMs;
    const isFull = elapsedMs >= METER_MS;
    if (elapsedMs > 0 && (isFull || !meter.settled))
      meter.reached = (simulatedMs - meter.simulatedMs) / elapsedMs;
    if (isFull) Object.assign(meter, { wallMs: this.now(), simulatedMs, settled: true });
    return meter.reached;
  }
}
