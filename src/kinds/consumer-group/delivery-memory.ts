import type { Columns } from '../../lib/columns.ts';

/** Births (or keys) that a group remembers at most; it starts small and doubles as it needs. */
export const MEMORY_MOST = 65_536;
const MEMORY_LEAST = 256;

/**
 * What a group has processed: which messages, by the number of their birth, and how late the newest of each key was.
 * Each number has one place, its end in binary. What stands there already gives way only once the table has its full
 * size, so nothing is forgotten before 65,536 later messages (or keys) have come.
 */
export class DeliveryMemory {
  /** Number of birth in a place, and how many messages had been processed with it: 0 for a place that is free. */
  private serials = new Uint32Array();
  private counts = new Int32Array();
  /** Key in a place plus 1, and when the newest of its processed messages had entered the channel. */
  private keys = new Int32Array();
  private times = new Float64Array();
  private processed = 0;
  private readonly columns: Columns;

  constructor(columns: Columns) {
    this.columns = columns;
    columns.u32(this, 'serials', MEMORY_LEAST);
    columns.i32(this, 'counts', MEMORY_LEAST);
    columns.i32(this, 'keys', MEMORY_LEAST);
    columns.f64(this, 'times', MEMORY_LEAST);
    columns.scalars(this, ['processed']);
  }

  /** How many messages ago this one was processed last, itself counted: 1 for the very last; Infinity for never. */
  age(serial: number): number {
    const at = serial & (this.serials.length - 1);
    return this.counts[at] > 0 && this.serials[at] === serial >>> 0
      ? this.processed - this.counts[at] + 1
      : Infinity;
  }

  /** A message is processed for the first time, as far as is remembered. */
  remember(serial: number): void {
    this.processed++;
    const number = serial >>> 0;
    let at = number & (this.serials.length - 1);
    while (this.counts[at] > 0 && this.serials.length < MEMORY_MOST) {
      this.growSerials();
      at = number & (this.serials.length - 1);
    }
    this.serials[at] = number;
    this.counts[at] = this.processed;
  }

  /** Notes that a message of a key is processed; true if one that entered the channel later already was. */
  isLate(key: number, enteredAt: number): boolean {
    let at = key & (this.keys.length - 1);
    while (this.keys[at] !== 0 && this.keys[at] !== key + 1 && this.keys.length < MEMORY_MOST) {
      this.growKeys();
      at = key & (this.keys.length - 1);
    }
    if (this.keys[at] !== key + 1) {
      this.keys[at] = key + 1;
      this.times[at] = enteredAt;
      return false;
    }
    if (enteredAt < this.times[at]) return true;
    this.times[at] = enteredAt;
    return false;
  }

  private growSerials(): void {
    const size = this.serials.length;
    this.columns.grow(this, 'serials', size * 2);
    this.columns.grow(this, 'counts', size * 2);
    for (let at = 0; at < size; at++) {
      if ((this.serials[at] & size) === 0) continue;
      this.serials[at + size] = this.serials[at];
      this.counts[at + size] = this.counts[at];
      this.counts[at] = 0;
    }
  }

  private growKeys(): void {
    const size = this.keys.length;
    this.columns.grow(this, 'keys', size * 2);
    this.columns.grow(this, 'times', size * 2);
    for (let at = 0; at < size; at++) {
      if (((this.keys[at] - 1) & size) === 0 || this.keys[at] === 0) continue;
      this.keys[at + size] = this.keys[at];
      this.times[at + size] = this.times[at];
      this.keys[at] = 0;
    }
  }
}
