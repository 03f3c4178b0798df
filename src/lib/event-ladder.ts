import { assert } from './assert.ts';
import type { Columns } from './columns.ts';

const MAX_RUNGS = 12;
const MAX_BUCKETS = 1 << 16;
const MIN_BUCKETS = 16;

/**
 * Where an event queue keeps what is not due soon: a ladder of rungs, each a row of buckets of equal width, the
 * deeper the earlier and finer. Buckets are unordered chains of slots; a bucket is put in order only when its time
 * has come, by the heap of the queue or, if it is crowded, by another rung below. (After the ladder queue of Tang,
 * Goh and Thng, 2005; the last bucket of a rung takes all that lies beyond, so there is no separate top.)
 *
 * Widths are powers of two and times are integers, so the bucket of a time is computed without rounding, and the
 * end of one bucket is exactly the start of the next.
 */
export class EventLadder {
  /** Rungs in use; 0 means empty. */
  depth = 0;
  /** Of the chain taken last: all times in it are below, all others in the ladder are not. */
  end = Infinity;
  /** Of the chain measured last. */
  count = 0;
  least = 0;
  greatest = 0;

  private readonly columns: Columns;
  private readonly starts = new Float64Array();
  private readonly widths = new Float64Array();
  private readonly inverses = new Float64Array();
  /** The rung holds times below this; Infinity for the outermost. */
  private readonly ends = new Float64Array();
  /** Where the buckets of a rung begin in `heads`, how many they are, and the next to be taken. */
  private readonly bases = new Int32Array();
  private readonly bucketCounts = new Int32Array();
  private readonly cursors = new Int32Array();
  /** First slot of each bucket's chain, -1 for none; -1 also in all that no rung uses. */
  private heads = new Int32Array();
  /** Of each slot: its time, and the next slot of its chain. */
  private times = new Float64Array();
  private next = new Int32Array();
  private sum = 0;

  constructor(columns: Columns) {
    this.columns = columns;
    for (const field of ['starts', 'widths', 'inverses', 'ends']) columns.f64(this, field, MAX_RUNGS);
    for (const field of ['bases', 'bucketCounts', 'cursors']) columns.i32(this, field, MAX_RUNGS);
    columns.i32(this, 'heads', 0);
    columns.f64(this, 'times', 0);
    columns.i32(this, 'next', 0);
    columns.scalars(this, ['depth', 'count']);
    columns.wideScalars(this, ['end', 'least', 'greatest', 'sum']);
  }

  /** Makes room for slots up to the capacity. Nothing is allocated before the ladder is needed. */
  reserve(capacity: number): void {
    if (this.next.length >= capacity) return;
    this.columns.grow(this, 'times', capacity);
    this.columns.grow(this, 'next', capacity);
  }

  /** Puts a slot in front of a chain and returns it as the new head; for chains to `spread`. */
  chain(slot: number, time: number, head: number): number {
    this.times[slot] = time;
    this.next[slot] = head;
    return slot;
  }

  timeOf(slot: number): number {
    return this.times[slot];
  }

  nextOf(slot: number): number {
    return this.next[slot];
  }

  /** Adds an event not earlier than the end of the chain taken last. The ladder must have a rung. */
  insert(slot: number, time: number): void {
    const ends = this.ends;
    const deepest = this.depth - 1;
    let rung = 0;
    while (rung < deepest && time < ends[rung + 1]) rung += 1;
    this.link(rung, slot, time);
  }

  /** Takes the chain of the earliest bucket that has one and sets `end`; -1, and `end` Infinity, if none has. */
  take(): number {
    const heads = this.heads;
    while (this.depth > 0) {
      const rung = this.depth - 1;
      const base = this.bases[rung];
      const last = base + this.bucketCounts[rung] - 1;
      let at = this.cursors[rung];
      while (at < last && heads[at] < 0) at += 1;
      const head = heads[at];
      heads[at] = -1;
      this.cursors[rung] = at + 1;
      if (at === last) {
        this.depth = rung;
        this.end = this.ends[rung];
      } else {
        // A bucket may reach beyond its rung; what lies there is in the rung above, and must stay behind the end.
        this.end = Math.min(this.starts[rung] + (at - base + 1) * this.widths[rung], this.ends[rung]);
      }
      if (head >= 0) return head;
    }
    this.end = Infinity;
    return -1;
  }

  /** Whether a chain, -1 for none, has more than so many slots. */
  isLonger(head: number, limit: number): boolean {
    const next = this.next;
    let count = 0;
    for (let slot = head; slot >= 0; slot = next[slot]) {
      if (++count > limit) return true;
    }
    return false;
  }

  /** Counts a chain and finds its least and greatest time. */
  measure(head: number): void {
    const { times, next } = this;
    let count = 0;
    let least = Infinity;
    let greatest = -Infinity;
    let sum = 0;
    for (let slot = head; slot >= 0; slot = next[slot]) {
      const time = times[slot];
      if (time < least) least = time;
      if (time > greatest) greatest = time;
      sum += time;
      count += 1;
    }
    this.count = count;
    this.least = least;
    this.greatest = greatest;
    this.sum = sum;
  }

  /** Whether another rung would tell the events of the chain measured last apart. */
  get canSpread(): boolean {
    return this.greatest > this.least && this.depth < MAX_RUNGS;
  }

  /** Spreads the chain measured last over a new rung for the times from its least to `end`. */
  spread(head: number, end: number): void {
    assert(this.canSpread, 'a chain can be spread only if its times differ');
    const { count, least } = this;
    const rung = this.depth;
    const base = rung === 0 ? 0 : this.bases[rung - 1] + this.bucketCounts[rung - 1];
    let buckets = MIN_BUCKETS;
    while (buckets < count && buckets < MAX_BUCKETS) buckets *= 2;
    this.reserveHeads(base + buckets);
    // Four times the mean distance: a few events far away must not make the buckets of the many too wide.
    const span = Math.min(this.greatest - least + 1, 4 * (this.sum / count - least) + 1);
    let width = 1;
    while (width * (buckets - 1) < span) width *= 2;
    this.starts[rung] = least;
    this.widths[rung] = width;
    this.inverses[rung] = 1 / width;
    this.ends[rung] = end;
    this.bases[rung] = base;
    this.bucketCounts[rung] = buckets;
    this.cursors[rung] = base;
    this.depth = rung + 1;
    for (let slot = head; slot >= 0;) {
      const following = this.next[slot];
      this.link(rung, slot, this.times[slot]);
      slot = following;
    }
  }

  private link(rung: number, slot: number, time: number): void {
    const heads = this.heads;
    const last = this.bucketCounts[rung] - 1;
    const distance = (time - this.starts[rung]) * this.inverses[rung];
    const at = this.bases[rung] + (distance < last ? distance | 0 : last);
    this.times[slot] = time;
    this.next[slot] = heads[at];
    heads[at] = slot;
  }

  private reserveHeads(length: number): void {
    const old = this.heads.length;
    if (old >= length) return;
    this.columns.grow(this, 'heads', Math.max(length, old * 2));
    this.heads.fill(-1, old);
  }
}
