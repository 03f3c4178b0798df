/** Real-time factor from 0.1 to 1000, or 'max' for as fast as it goes. */
export type Speed = number | 'max';

export const SLOWEST = 0.1;
export const FASTEST = 1000;

/** Wall time that a stall (a hidden tab, a sleeping laptop, a slow machine) may be made up for; the rest is forgiven. */
const DEBT_CAP_WALL_MS = 100;

/**
 * Says how much simulated time is owed to the wall clock. Debt accumulates with wall time and is paid by what the
 * run advanced, so that rounding never drifts; it is capped, so that a stall never leads to a burst.
 */
export class Pacer {
  private speed: Speed = 1;
  private debtMs = 0;
  private lastWallMs = 0;

  /** Forgets all debt and counts from now on. */
  start(wallMs: number): void {
    this.debtMs = 0;
    this.lastWallMs = wallMs;
  }

  /** What was owed at the old speed is paid first; a number out of range is clamped. */
  setSpeed(speed: Speed, wallMs: number): void {
    this.accrue(wallMs);
    this.speed = speed === 'max' ? 'max' : Math.min(FASTEST, Math.max(SLOWEST, speed));
    if (this.speed === 'max') this.debtMs = 0;
    else this.debtMs = Math.min(this.debtMs, DEBT_CAP_WALL_MS * this.speed);
  }

  /** Simulated milliseconds owed now; infinite at full speed. */
  owed(wallMs: number): number {
    if (this.speed === 'max') return Infinity;
    this.accrue(wallMs);
    return this.debtMs;
  }

  paid(simulatedMs: number): void {
    if (this.speed !== 'max') this.debtMs = Math.max(0, this.debtMs - simulatedMs);
  }

  private accrue(wallMs: number): void {
    const elapsedMs = Math.max(0, wallMs - this.lastWallMs);
    this.lastWallMs = wallMs;
    if (this.speed === 'max') return;
    this.debtMs = Math.min(this.debtMs + elapsedMs * this.speed, DEBT_CAP_WALL_MS * this.speed);
  }
}
