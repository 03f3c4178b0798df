import type { Columns } from '../../lib/columns.ts';
import { SlotPool } from '../../lib/slot-pool.ts';

const NONE = -1;
const NO_KEY = -1;
const FIRST_ENTRIES = 64;
const REALS = ['offset', 'deleteAt'] as const;
const INTEGERS = ['key', 'bytes', 'next', 'transaction'] as const;

/** What a compacted log is cleaned by. Times in microseconds. */
interface CleanBy {
  now: number;
  /** Offset at which the part begins that is not cleaned: the active segment, or an open transaction. */
  until: number;
  /** `min.cleanable.dirty.ratio` and `delete.retention.ms`. */
  leastDirty: number;
  tombstonesFor: number;
  /** Whether a record must stay for now, as a reader has it in hand. */
  mustStay(offset: number): boolean;
  /** Called for each record that is removed. */
  removed(offset: number, bytes: number): void;
}

/**
 * What compacted logs still have, record by record, oldest first. Cleaning keeps the last record of each key; a record
 * without a value is a tombstone, which is kept for some time after its first cleaning. Offsets never change.
 */
export class Compaction {
  private offset = new Float64Array();
  /** When a tombstone goes: Infinity before its first cleaning. */
  private deleteAt = new Float64Array();
  private key = new Int32Array();
  private bytes = new Int32Array();
  private next = new Int32Array();
  private transaction = new Int32Array();
  private isTombstone = new Uint8Array();
  /** Of each partition: its entries, and the offset up to which it is clean. */
  private first = new Int32Array();
  private last = new Int32Array();
  private cleanEnd = new Float64Array();
  /** Of each partition, so that who shows them need not walk: its records, their bytes, and tombstones among them. */
  private records = new Int32Array();
  private size = new Float64Array();
  private tombstones = new Int32Array();
  private readonly pool: SlotPool;

  constructor(columns: Columns, partitions: number, limit: number) {
    for (const field of REALS) columns.f64(this, field, FIRST_ENTRIES);
    for (const field of INTEGERS) columns.i32(this, field, FIRST_ENTRIES);
    columns.u8(this, 'isTombstone', FIRST_ENTRIES);
    columns.i32(this, 'first', partitions).fill(NONE);
    columns.i32(this, 'last', partitions).fill(NONE);
    columns.f64(this, 'cleanEnd', partitions);
    columns.i32(this, 'records', partitions);
    columns.f64(this, 'size', partitions);
    columns.i32(this, 'tombstones', partitions);
    this.pool = new SlotPool(
      columns,
      FIRST_ENTRIES,
      Math.max(limit, FIRST_ENTRIES),
      'records in compacted logs',
    );
    this.pool.onGrow = (size) => {
      for (const field of [...REALS, ...INTEGERS, 'isTombstone']) columns.grow(this, field, size);
    };
  }

  append(
    partition: number,
    record: { offset: number; key: number; bytes: number; isTombstone: boolean; transaction: number },
  ): void {
    const entry = this.pool.take();
    this.offset[entry] = record.offset;
    this.key[entry] = record.key;
    this.bytes[entry] = record.bytes;
    this.isTombstone[entry] = record.isTombstone ? 1 : 0;
    this.transaction[entry] = record.transaction;
    this.deleteAt[entry] = Infinity;
    this.next[entry] = NONE;
    if (this.first[partition] === NONE) this.first[partition] = entry;
    else this.next[this.last[partition]] = entry;
    this.last[partition] = entry;
    this.count(partition, entry, 1);
  }

  /** Cleans a partition if enough of it is dirty. */
  clean(partition: number, by: CleanBy): void {
    let [clean, dirty] = [0, 0];
    const newest = new Map<number, number>();
    for (let at = this.first[partition]; at !== NONE && this.offset[at] < by.until; at = this.next[at]) {
      if (this.offset[at] < this.cleanEnd[partition]) clean += this.bytes[at];
      else dirty += this.bytes[at];
      newest.set(this.key[at], this.offset[at]);
    }
    if (dirty === 0 || dirty / (clean + dirty) <= by.leastDirty) return;
    this.filter(partition, (at) => {
      const offset = this.offset[at];
      if (offset >= by.until || this.key[at] === NO_KEY) return true;
      const isOld = newest.get(this.key[at])! > offset;
      const isOver = by.now > this.deleteAt[at];
      if (this.isTombstone[at] === 1 && this.deleteAt[at] === Infinity)
        this.deleteAt[at] = by.now + by.tombstonesFor;
      if ((!isOld && !isOver) || by.mustStay(offset)) return true;
      by.removed(offset, this.bytes[at]);
      return false;
    });
    this.cleanEnd[partition] = by.until;
  }

  /** The records of an aborted transaction, from an offset on, are no values of their keys. */
  abort(partition: number, transaction: number, from: number): void {
    this.filter(partition, (at) => this.offset[at] < from || this.transaction[at] !== transaction);
  }

  /** The log has only what lies from one offset up to another. */
  keepBetween(partition: number, from: number, end: number): void {
    this.filter(partition, (at) => this.offset[at] >= from && this.offset[at] < end);
    this.cleanEnd[partition] = Math.min(this.cleanEnd[partition], end);
  }

  /** Records that a partition still has, their bytes, and how many of them are tombstones. */
  content(partition: number): { records: number; bytes: number; tombstones: number } {
    return {
      records: this.records[partition],
      bytes: this.size[partition],
      tombstones: this.tombstones[partition],
    };
  }

  /** Offsets of the records that a partition still has. */
  offsets(partition: number): number[] {
    const offsets: number[] = [];
    for (let at = this.first[partition]; at !== NONE; at = this.next[at]) offsets.push(this.offset[at]);
    return offsets;
  }

  private filter(partition: number, stays: (entry: number) => boolean): void {
    let before = NONE;
    for (let at = this.first[partition]; at !== NONE;) {
      const after = this.next[at];
      if (stays(at)) {
        before = at;
      } else {
        if (before === NONE) this.first[partition] = after;
        else this.next[before] = after;
        this.count(partition, at, -1);
        this.pool.give(at);
      }
      at = after;
    }
    this.last[partition] = before;
  }

  /** An entry comes (1) or goes (-1). */
  private count(partition: number, entry: number, change: 1 | -1): void {
    this.records[partition] += change;
    this.size[partition] += change * this.bytes[entry];
    this.tombstones[partition] += change * this.isTombstone[entry];
  }
}
