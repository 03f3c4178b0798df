import type { Columns } from '../../lib/columns.ts';
import { SlotPool } from '../../lib/slot-pool.ts';

const NONE = -1;
const FIRST_ENTRIES = 64;
const MOST_ENTRIES = 4_000_000;

/** The transactions that are open in each partition, with the offset of their first record there. */
export class OpenTransactions {
  private transaction = new Int32Array();
  private offset = new Float64Array();
  private next = new Int32Array();
  /** Of each partition. */
  private first = new Int32Array();
  private readonly pool: SlotPool;

  constructor(columns: Columns, partitions: number) {
    columns.i32(this, 'transaction', FIRST_ENTRIES);
    columns.f64(this, 'offset', FIRST_ENTRIES);
    columns.i32(this, 'next', FIRST_ENTRIES);
    columns.i32(this, 'first', partitions).fill(NONE);
    this.pool = new SlotPool(columns, FIRST_ENTRIES, MOST_ENTRIES, 'open transactions');
    this.pool.onGrow = (size) => {
      for (const field of ['transaction', 'offset', 'next'] as const) columns.grow(this, field, size);
    };
  }

  /** A record of a transaction is in a partition; true if it is its first one there. */
  add(partition: number, transaction: number, offset: number): boolean {
    for (let at = this.first[partition]; at !== NONE; at = this.next[at]) {
      if (this.transaction[at] === transaction) return false;
    }
    const entry = this.pool.take();
    this.transaction[entry] = transaction;
    this.offset[entry] = offset;
    this.next[entry] = this.first[partition];
    this.first[partition] = entry;
    return true;
  }

  /** Whether a transaction has records in a partition, and no end. */
  has(partition: number, transaction: number): boolean {
    for (let at = this.first[partition]; at !== NONE; at = this.next[at]) {
      if (this.transaction[at] === transaction) return true;
    }
    return false;
  }

  /** A transaction is over in a partition; the offset of its first record, Infinity if it had none. */
  remove(partition: number, transaction: number): number {
    let before = NONE;
    for (let at = this.first[partition]; at !== NONE; at = this.next[at]) {
      if (this.transaction[at] === transaction) {
        if (before === NONE) this.first[partition] = this.next[at];
        else this.next[before] = this.next[at];
        this.pool.give(at);
        return this.offset[at];
      }
      before = at;
    }
    return Infinity;
  }

  /** The log is cut off: a transaction whose first record goes with it has none there. */
  cutOff(partition: number, from: number): void {
    for (let at = this.first[partition]; at !== NONE;) {
      const after = this.next[at];
      if (this.offset[at] >= from) this.remove(partition, this.transaction[at]);
      at = after;
    }
  }

  /** The last stable offset: that of the first record of the oldest open transaction, Infinity without one. */
  lastStable(partition: number): number {
    let least = Infinity;
    for (let at = this.first[partition]; at !== NONE; at = this.next[at]) {
      least = Math.min(least, this.offset[at]);
    }
    return least;
  }
}
