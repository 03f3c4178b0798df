import { HEADER } from '../simulation/frame-layout.ts';
import type { Run } from '../simulation/run.ts';

/** 30 frames a second at most; a little less than a thirtieth, so that a late slice does not halve the rate. */
const FRAME_EVERY_MS = 32;
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
  private lastSimulatedMs = 0;

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
    this.lastSimulatedMs = run.nowMs;
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
    const wallMs = this.now();
    const elapsedMs = wallMs - this.lastWallMs;
    frame[HEADER.speedReached] = elapsedMs > 0 ? (run.nowMs - this.lastSimulatedMs) / elapsedMs : 0;
    this.lastWallMs = wallMs;
    this.lastSimulatedMs = run.nowMs;
    this.inFlight = true;
    this.post(buffer, length);
  }
}
