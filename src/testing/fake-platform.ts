import type { RunnerPlatform } from '../simulation/runner.ts';

/** A wall clock and a task queue that a test moves by hand. Work done by a task may move the clock, too. */
export class FakePlatform implements RunnerPlatform {
  wallMs = 0;
  /** Longest that one task kept the thread. */
  longestTaskMs = 0;
  private tasks: { atMs: number; order: number; callback: () => void }[] = [];
  private order = 0;

  readonly now = () => this.wallMs;
  readonly soon = (callback: () => void) => this.after(0, callback);
  readonly after = (delayMs: number, callback: () => void) => {
    this.tasks.push({ atMs: this.wallMs + delayMs, order: this.order++, callback });
  };

  /** Runs what is due until the clock has moved on by `ms`. */
  pass(ms: number): void {
    const endMs = this.wallMs + ms;
    for (;;) {
      this.tasks.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
      const task = this.tasks[0];
      if (!task || task.atMs > endMs || this.wallMs > endMs) break;
      this.tasks.shift();
      this.wallMs = Math.max(this.wallMs, task.atMs);
      const startMs = this.wallMs;
      task.callback();
      // A task costs something, so that a chain of yields cannot stand still.
      this.wallMs += 0.001;
      this.longestTaskMs = Math.max(this.longestTaskMs, this.wallMs - startMs);
    }
    this.wallMs = Math.max(this.wallMs, endMs);
  }

  /** The thread gets no time at all for so long, as in a sleeping laptop. */
  stall(ms: number): void {
    this.wallMs += ms;
  }
}
