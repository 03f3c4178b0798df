import { assert } from './assert.ts';
import type { Columns } from './columns.ts';
import { EventLadder } from './event-ladder.ts';

/** Words of one row: code, argument, lower and upper word of the order. Four, so that a row is one cache line. */
const ROW_SHIFT = 2;
const ARG = 1;
const ORDER_LOW = 2;
const ORDER_HIGH = 3;
/** In the upper word of the order: sign bit = cancelled, three bits of priority, 28 bits of insertion number. */
const CANCELLED = 0x80000000 | 0;
const PRIORITY_SHIFT = 28;
const ORDER_MASK = 0x7fffffff;

/** Above this many events in the heap the later ones move to the ladder. */
const HEAP_LIMIT = 512;
/** A chain of the ladder with more events than this is spread over finer buckets, not put into the heap. */
const CHAIN_LIMIT = 32;

/**
 * The pending events in order of (time, priority, insertion number), all of it defined, so a run can be repeated.
 * A binary heap of (time, slot) over rows that hold what belongs to a slot; the order within equal times is read
 * from the row only when two times are equal. `pop` leaves a hole at the root which the next `schedule` fills: the
 * usual pop-then-push costs one descent. When many are pending the heap keeps the nearest only and a ladder the others; all
 * comparisons stay in the heap, so this cannot change an order.
 */
export class EventQueue {
  /** Of the event popped last: its time in microseconds. */
  time = 0;
  /** Of the event popped last: its 32-bit code. */
  code = 0;
  /** Of the event popped last: its 32-bit argument. */
  arg = 0;
  /** Number of live events; cancelled ones do not count. */
  size = 0;

  private readonly columns: Columns;
  /** Heap from index 1; index `heapSize + 1` holds Infinity, so that a last node with one child needs no branch. */
  private heapTimes = new Float64Array();
  private heapSlots = new Int32Array();
  private rows = new Int32Array();
  private heapSize = 0;
  /** 1 while the root is vacant; it still counts in `heapSize`. */
  private hole = 0;
  private freeHead = 0;
  /** Events before this time are in the heap, the others in the ladder. */
  private nearEnd = Infinity;
  private heapLimit = HEAP_LIMIT;
  private readonly ladder: EventLadder;
  private capacity: number;
  private insertionLow = 0;
  private insertionHigh = 0;

  constructor(columns: Columns, capacity = 256) {
    assert(capacity >= 1, 'an event queue needs room for one event');
    this.columns = columns;
    this.capacity = capacity;
    columns.f64(this, 'heapTimes', capacity + 2);
    columns.i32(this, 'heapSlots', capacity + 2);
    columns.i32(this, 'rows', capacity << ROW_SHIFT);
    columns.wideScalars(this, ['time', 'nearEnd']);
    columns.scalars(this, ['code', 'arg', 'size', 'heapSize', 'hole']);
    columns.scalars(this, ['freeHead', 'capacity', 'insertionLow', 'insertionHigh', 'heapLimit']);
    this.ladder = new EventLadder(columns);
    this.heapTimes.fill(Infinity);
    this.linkFree(0);
  }

  /** Adds an event at a finite time with a priority from 0 (first) to 7. The handle is good until it fires. */
  schedule(time: number, priority: number, code: number, arg: number): number {
    if (this.freeHead < 0) this.growQueue();
    const rows = this.rows;
    const slot = this.freeHead;
    const row = slot << ROW_SHIFT;
    this.freeHead = rows[row];
    const insertion = this.insertionLow;
    rows[row] = code;
    rows[row | ARG] = arg;
    rows[row | ORDER_LOW] = insertion;
    rows[row | ORDER_HIGH] = (priority << PRIORITY_SHIFT) | this.insertionHigh;
    this.insertionLow = (insertion + 1) | 0;
    if (insertion === -1) this.insertionHigh += 1;
    this.size = (this.size + 1) | 0;
    if (time >= this.nearEnd) {
      this.ladder.insert(slot, time);
    } else if (this.hole === 1) {
      this.hole = 0;
      this.siftDown(time, slot);
    } else {
      this.siftUp(time, slot);
      if (this.heapSize > this.heapLimit) this.spill();
    }
    return slot;
  }

  /** Takes a pending event back in constant time: its row is marked and skipped when it comes up. */
  cancel(handle: number): void {
    const high = (handle << ROW_SHIFT) + ORDER_HIGH;
    // A free slot is marked too, so firing or cancelling twice shows up here unless the slot is in use again.
    assert(this.rows[high] >= 0, 'only a pending event can be cancelled');
    this.rows[high] |= CANCELLED;
    this.size -= 1;
  }

  /** Time of the next event, or Infinity if there is none. */
  peekTime(): number {
    this.settle();
    return this.heapTimes[1];
  }

  /**
   * Takes the next event out into `time`, `code` and `arg`. False, with nothing changed, if there is none or if it
   * is later than `until`.
   */
  pop(until = Infinity): boolean {
    this.settle();
    if (this.heapSize === 0) return false;
    const time = this.heapTimes[1];
    if (time > until) return false;
    const rows = this.rows;
    const slot = this.heapSlots[1];
    const row = slot << ROW_SHIFT;
    this.time = time;
    this.code = rows[row];
    this.arg = rows[row | ARG];
    rows[row] = this.freeHead;
    rows[row | ORDER_HIGH] = CANCELLED;
    this.freeHead = slot;
    this.hole = 1;
    this.size = (this.size - 1) | 0;
    return true;
  }

  /** Brings the next live event to the root: fills the hole, drops cancelled events, refills an empty heap. */
  private settle(): void {
    if (this.hole === 1) this.removeRoot();
    for (;;) {
      while (this.heapSize > 0) {
        const slot = this.heapSlots[1];
        if (this.rows[(slot << ROW_SHIFT) | ORDER_HIGH] >= 0) return;
        this.release(slot);
        this.removeRoot();
      }
      if (this.ladder.depth === 0) return;
      this.refill();
    }
  }

  /** Takes the earliest events of the ladder into the empty heap, or spreads them there if they are too many. */
  private refill(): void {
    const ladder = this.ladder;
    const head = ladder.take();
    this.heapLimit = HEAP_LIMIT;
    if (ladder.isLonger(head, CHAIN_LIMIT)) {
      ladder.measure(head);
      if (ladder.canSpread) {
        this.nearEnd = ladder.least;
        ladder.spread(head, ladder.end);
        return;
      }
    }
    this.nearEnd = ladder.end;
    for (let slot = head; slot >= 0;) {
      const following = ladder.nextOf(slot);
      if (this.rows[(slot << ROW_SHIFT) + ORDER_HIGH] < 0) this.release(slot);
      else this.siftUp(ladder.timeOf(slot), slot);
      slot = following;
    }
  }

  /** Moves a heap that has grown too large to the ladder, unless all its events are at one instant. */
  private spill(): void {
    const ladder = this.ladder;
    ladder.reserve(this.capacity);
    let head = -1;
    for (let i = 1; i <= this.heapSize; i++) head = ladder.chain(this.heapSlots[i], this.heapTimes[i], head);
    ladder.measure(head);
    if (!ladder.canSpread) {
      this.heapLimit = this.heapSize * 2;
      return;
    }
    ladder.spread(head, this.nearEnd);
    this.nearEnd = ladder.least;
    this.heapTimes.fill(Infinity, 1, this.heapSize + 1);
    this.heapSize = 0;
  }

  private release(slot: number): void {
    this.rows[slot << ROW_SHIFT] = this.freeHead;
    this.freeHead = slot;
  }

  private removeRoot(): void {
    const last = this.heapSize;
    const time = this.heapTimes[last];
    this.heapTimes[last] = Infinity;
    this.heapSize = last - 1;
    this.hole = 0;
    if (last > 1) this.siftDown(time, this.heapSlots[last]);
  }

  /** Lets (time, slot) sink from the vacant root. The child is chosen by arithmetic: that alone is worth 30 %. */
  private siftDown(time: number, slot: number): void {
    const times = this.heapTimes;
    const slots = this.heapSlots;
    const size = this.heapSize;
    let hole = 1;
    let child = 2;
    while (child <= size) {
      const left = times[child];
      const right = times[child | 1];
      child |= ((right < left) as unknown as number) | 0;
      if (left === right && this.isBefore(slots[child | 1], slots[child])) child |= 1;
      const least = times[child];
      if (time <= least && (time < least || this.isBefore(slot, slots[child]))) break;
      times[hole] = least;
      slots[hole] = slots[child];
      hole = child;
      child <<= 1;
    }
    times[hole] = time;
    slots[hole] = slot;
  }

  private siftUp(time: number, slot: number): void {
    const times = this.heapTimes;
    const slots = this.heapSlots;
    let hole = ++this.heapSize;
    while (hole > 1) {
      const parent = hole >> 1;
      const above = times[parent];
      if (above <= time && (above < time || this.isBefore(slots[parent], slot))) break;
      times[hole] = above;
      slots[hole] = slots[parent];
      hole = parent;
    }
    times[hole] = time;
    slots[hole] = slot;
  }

  /** Order of two events at the same time. */
  private isBefore(a: number, b: number): boolean {
    const rows = this.rows;
    const rowA = a << ROW_SHIFT;
    const rowB = b << ROW_SHIFT;
    const highA = rows[rowA + ORDER_HIGH] & ORDER_MASK;
    const highB = rows[rowB + ORDER_HIGH] & ORDER_MASK;
    if (highA !== highB) return highA < highB;
    return rows[rowA + ORDER_LOW] >>> 0 < rows[rowB + ORDER_LOW] >>> 0;
  }

  private growQueue(): void {
    const old = this.capacity;
    const capacity = old * 2;
    this.columns.grow(this, 'heapTimes', capacity + 2);
    this.columns.grow(this, 'heapSlots', capacity + 2);
    this.columns.grow(this, 'rows', capacity << ROW_SHIFT);
    this.heapTimes.fill(Infinity, old + 2);
    if (this.ladder.depth > 0) this.ladder.reserve(capacity);
    this.capacity = capacity;
    this.linkFree(old);
  }

  /** Chains the slots from `from` to the end of the rows into the free list, the lowest first. */
  private linkFree(from: number): void {
    const rows = this.rows;
    for (let slot = from; slot < this.capacity; slot++) {
      rows[slot << ROW_SHIFT] = slot + 1 < this.capacity ? slot + 1 : -1;
      rows[(slot << ROW_SHIFT) + ORDER_HIGH] = CANCELLED;
    }
    this.freeHead = from;
  }
}
