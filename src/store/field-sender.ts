import type { FieldChange } from './run-sync.ts';

/** A slider gives sixty values a second; the run takes four, and its trace stays readable. */
const PAUSE_MS = 250;

/**
 * Passes changes of live fields on to the run: the first at once, then at most four times a second, always ending
 * with the newest value.
 */
export class FieldSender {
  private readonly send: (change: FieldChange) => void;
  private readonly waiting = new Map<string, FieldChange>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (change: FieldChange) => void) {
    this.send = send;
  }

  change(changes: readonly FieldChange[]): void {
    for (const change of changes) this.waiting.set(JSON.stringify([change.node, change.field]), change);
    if (this.timer === undefined) this.flush();
  }

  /** Sends what waits now, so that a command given next meets the run as the page shows it. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.waiting.size === 0) return;
    const changes = [...this.waiting.values()];
    this.waiting.clear();
    for (const change of changes) this.send(change);
    this.timer = setTimeout(() => this.flush(), PAUSE_MS);
  }

  /** Forgets what waits: the run starts anew with the values of the design. */
  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiting.clear();
  }
}
