import { storageFailure, type DesignStorage, type StoredDesign } from './design-storage.ts';
import { inTime } from './in-time.ts';
import type { SavingState } from './studio.ts';

/** Quiet time after an edit before it is written. */
const QUIET_MS = 300;
/** After a refusal it is tried again this often, and at the next edit. */
const RETRY_MS = 10_000;

/**
 * Writes what changed, shortly after it changed. What the browser refuses to store stays here, under its own id, and
 * is tried again: opening another document never loses one that is not saved yet.
 */
export class Autosave {
  private readonly storage: DesignStorage;
  private readonly onState: (state: SavingState) => void;
  private readonly pending = new Map<string, () => StoredDesign>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failure: string | null = null;
  private openId = '';

  constructor(storage: DesignStorage, onState: (state: SavingState) => void) {
    this.storage = storage;
    this.onState = onState;
  }

  /** True while something is not stored and the last attempt was refused. */
  get isStuck(): boolean {
    return this.failure !== null && this.pending.size > 0;
  }

  /** Notes that the open design has changed; `read` is called when it is written, not for every edit of a drag. */
  changed(id: string, read: () => StoredDesign): void {
    this.openId = id;
    this.pending.set(id, read);
    this.schedule(QUIET_MS);
    this.report();
  }

  /** Writes everything now. The writes start before this returns, so a page that is going away may call it. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    await Promise.all([...this.pending].map(([id, read]) => this.write(id, read)));
  }

  /** What is not stored yet, by id. */
  unsaved(id: string): StoredDesign | null {
    return this.pending.get(id)?.() ?? null;
  }

  /** Gives up a design that need not be kept. */
  forget(id: string): void {
    this.pending.delete(id);
    this.report();
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private async write(id: string, read: () => StoredDesign): Promise<void> {
    try {
      await inTime(this.storage.write(read(), this.openId));
      // A later edit of the same design still waits.
      if (this.pending.get(id) === read) this.pending.delete(id);
      this.failure = null;
    } catch (error) {
      this.failure = storageFailure(error);
      this.schedule(RETRY_MS);
    }
    this.report();
  }

  private schedule(delayMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), delayMs);
  }

  private report(): void {
    if (this.pending.size === 0) this.onState({ state: 'saved' });
    else if (this.failure !== null) this.onState({ state: 'failed', message: this.failure });
    else this.onState({ state: 'saving' });
  }
}
