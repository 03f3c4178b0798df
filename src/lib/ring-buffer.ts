import { assert } from './assert.ts';
import type { Columns } from './columns.ts';

/** Most values that a row can have. */
const MAX_WIDTH = 8;

/** Rows read from a ring, oldest first, one after the other in `values`. */
export interface RingRows {
  /** Sequence number of the first row returned; greater than asked for if older rows were overwritten. */
  readonly first: number;
  /** Sequence number after the last row: ask from here next time. */
  readonly next: number;
  readonly values: Float64Array;
}

/** The last `capacity` rows of a few doubles each. Rows are numbered from 0 in order of arrival, for ever. */
export class RingBuffer {
  readonly capacity: number;
  readonly width: number;
  /** Number of rows pushed so far, which is the sequence number of the next one. */
  next = 0;
  private readonly values = new Float64Array();
  /** Where the next row goes in `values`. */
  private position = 0;

  constructor(columns: Columns, capacity: number, width: number) {
    assert(capacity >= 1, 'a ring buffer needs room for one row');
    assert(width >= 1 && width <= MAX_WIDTH, 'a row has 1 to 8 values');
    this.capacity = capacity;
    this.width = width;
    columns.f64(this, 'values', capacity * width);
    columns.scalars(this, ['next', 'position']);
  }

  /** Adds a row and overwrites the oldest if full; values beyond the width are ignored. Allocates nothing. */
  push(a: number, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0): void {
    const { values, width } = this;
    const at = this.position;
    values[at] = a;
    if (width > 1) values[at + 1] = b;
    if (width > 2) values[at + 2] = c;
    if (width > 3) values[at + 3] = d;
    if (width > 4) values[at + 4] = e;
    if (width > 5) values[at + 5] = f;
    if (width > 6) values[at + 6] = g;
    if (width > 7) values[at + 7] = h;
    this.position = at + width === values.length ? 0 : at + width;
    this.next += 1;
  }

  /** Sequence number of the oldest row still held. */
  get oldest(): number {
    return Math.max(0, this.next - this.capacity);
  }

  /** Copies the rows from a sequence number on, at most `limit` of them. */
  read(fromSequence: number, limit = Infinity): RingRows {
    const first = Math.min(Math.max(fromSequence, this.oldest), this.next);
    const count = Math.min(this.next - first, limit);
    const values = new Float64Array(count * this.width);
    const start = (first % this.capacity) * this.width;
    const head = this.values.subarray(start, start + values.length);
    values.set(head);
    values.set(this.values.subarray(0, values.length - head.length), head.length);
    return { first, next: first + count, values };
  }
}
