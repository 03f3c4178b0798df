import type { Columns } from '../../lib/columns.ts';
import { SlotPool } from '../../lib/slot-pool.ts';

/** `segment.ms` of the broker: a segment is closed when it is so old, or has reached its size. */
const SEGMENT_MICROS = 604_800_000_000;
const FIRST_SEGMENTS = 64;
const MOST_SEGMENTS = 16_000_000;
const NONE = -1;

/**
 * The segments of each partition's log, oldest first, the last one active. Retention deletes whole segments: that
 * is why a log keeps messages for longer than its retention time.
 */
export class Segments {
  /** Of each partition: `segment.bytes`. */
  readonly mostBytes: Float64Array;
  private first = new Int32Array();
  private last = new Int32Array();
  private after = new Int32Array();
  /** Offset after its last message. */
  private end = new Float64Array();
  private bytes = new Float64Array();
  /** Time of its first and of its last message. */
  private openedAt = new Float64Array();
  private latest = new Float64Array();
  private readonly pool: SlotPool;

  constructor(columns: Columns, partitions: number) {
    this.mostBytes = new Float64Array(partitions);
    columns.i32(this, 'first', partitions).fill(NONE);
    columns.i32(this, 'last', partitions).fill(NONE);
    columns.i32(this, 'after', FIRST_SEGMENTS);
    const real = ['end', 'bytes', 'openedAt', 'latest'] as const;
    for (const field of real) columns.f64(this, field, FIRST_SEGMENTS);
    this.pool = new SlotPool(columns, FIRST_SEGMENTS, MOST_SEGMENTS, 'log segments');
    this.pool.onGrow = (size) => {
      for (const field of [...real, 'after']) columns.grow(this, field, size);
    };
  }

  /** A message of some bytes was appended; `end` is the offset after it. */
  append(partition: number, end: number, bytes: number, now: number): void {
    let segment = this.last[partition];
    if (segment === NONE || this.isFull(partition, segment, bytes, now)) segment = this.open(partition, now);
    this.end[segment] = end;
    this.bytes[segment] += bytes;
    this.latest[segment] = now;
  }

  /**
   * Deletes the oldest segments whose last message is older than `retention`, or without which `keep` bytes (0: no
   * limit) are still there. Returns the offset where the log now starts.
   */
  deleteBefore(partition: number, now: number, retention: number, keep: number, start: number): number {
    let from = start;
    let size = keep > 0 ? this.size(partition) : 0;
    for (let oldest = this.first[partition]; oldest !== NONE; oldest = this.first[partition]) {
      const rest = size - this.bytes[oldest];
      const isTooMuch = keep > 0 && rest >= keep;
      if (now - this.latest[oldest] <= retention && !isTooMuch) break;
      size = rest;
      from = this.end[oldest];
      this.first[partition] = this.after[oldest];
      this.pool.give(oldest);
    }
    if (this.first[partition] === NONE) this.last[partition] = NONE;
    return from;
  }

  /** The log ends at `end` from now on: what lay behind it goes. Bytes of a segment that is cut go by its records. */
  cutOff(partition: number, end: number, start: number): void {
    let before = NONE;
    let from = start;
    let at = this.first[partition];
    while (at !== NONE && this.end[at] <= end) {
      before = at;
      from = this.end[at];
      at = this.after[at];
    }
    if (at !== NONE && from < end) {
      this.bytes[at] *= (end - from) / (this.end[at] - from);
      this.end[at] = end;
      before = at;
      at = this.after[at];
    }
    if (before === NONE) this.first[partition] = NONE;
    else this.after[before] = NONE;
    this.last[partition] = before;
    while (at !== NONE) {
      const after = this.after[at];
      this.pool.give(at);
      at = after;
    }
  }

  /** Where the active segment of a partition begins; 0 if there is no other. */
  closedEnd(partition: number): number {
    let end = 0;
    for (let at = this.first[partition]; at !== this.last[partition]; at = this.after[at]) end = this.end[at];
    return end;
  }

  /** So many bytes less, at an offset. */
  shrink(partition: number, offset: number, bytes: number): void {
    let at = this.first[partition];
    while (at !== NONE && this.end[at] <= offset) at = this.after[at];
    if (at !== NONE) this.bytes[at] -= bytes;
  }

  private isFull(partition: number, segment: number, bytes: number, now: number): boolean {
    const isTooLarge = this.bytes[segment] + bytes > this.mostBytes[partition];
    return isTooLarge || now - this.openedAt[segment] >= SEGMENT_MICROS;
  }

  /** Bytes of a partition, by walking its segments. */
  private size(partition: number): number {
    let size = 0;
    for (let at = this.first[partition]; at !== NONE; at = this.after[at]) size += this.bytes[at];
    return size;
  }

  private open(partition: number, now: number): number {
    const segment = this.pool.take();
    const before = this.last[partition];
    if (before === NONE) this.first[partition] = segment;
    else this.after[before] = segment;
    this.last[partition] = segment;
    this.after[segment] = NONE;
    this.bytes[segment] = 0;
    this.openedAt[segment] = now;
    return segment;
  }
}
