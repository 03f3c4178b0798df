import { assert } from './assert.ts';
import type { Columns } from './columns.ts';
import { LimitError } from './limit-error.ts';

/**
 * Free list of integer slots for rows of parallel columns. The slot given back last is taken first, because its
 * row is still in the cache. When none is free the pool doubles and calls `onGrow` so that the owner grows its
 * columns to the same capacity.
 */
export class SlotPool {
  inUse = 0;
  capacity: number;
  /** Called with the new capacity after the pool has grown and before the first new slot is handed out. */
  onGrow: (newCapacity: number) => void = () => {};
  private readonly columns: Columns;
  private readonly limit: number;
  private readonly limitName: string;
  /** Entry `i` of the first `capacity - inUse` is a free slot. */
  private free = new Int32Array();

  constructor(columns: Columns, capacity: number, limit: number, limitName = 'slots in use') {
    assert(capacity >= 1 && capacity <= limit, 'the capacity must lie between 1 and the limit');
    this.columns = columns;
    this.capacity = capacity;
    this.limit = limit;
    this.limitName = limitName;
    columns.i32(this, 'free', capacity);
    columns.scalars(this, ['inUse', 'capacity']);
    this.fill(0, capacity);
  }

  /** A free slot. Throws a `LimitError`, with nothing changed, when `limit` slots are in use. */
  take(): number {
    if (this.inUse === this.capacity) this.growPool();
    this.inUse += 1;
    return this.free[this.capacity - this.inUse];
  }

  /** The caller guarantees that the slot was taken and not given back since. */
  give(slot: number): void {
    assert(this.inUse > 0, 'a slot was given back twice');
    this.free[this.capacity - this.inUse] = slot;
    this.inUse -= 1;
  }

  private growPool(): void {
    if (this.capacity >= this.limit) throw new LimitError(this.limitName, this.capacity + 1, this.limit);
    const old = this.capacity;
    const capacity = Math.min(old * 2, this.limit);
    this.columns.grow(this, 'free', capacity);
    this.onGrow(capacity);
    this.capacity = capacity;
    this.fill(old, capacity);
  }

  /** Puts the slots `from` to `to - 1` on top of the free list, the lowest to be taken first. */
  private fill(from: number, to: number): void {
    const count = to - from;
    for (let i = 0; i < count; i++) this.free[i] = to - 1 - i;
  }
}
