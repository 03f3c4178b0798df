import type { Columns } from '../lib/columns.ts';
import { RingBuffer } from '../lib/ring-buffer.ts';

/** What a row of the trace tells. Codes from `message` on are written only while `messages` is on. */
export const TRACE = {
  fault: 0,
  heal: 1,
  fieldSet: 2,
  machine: 3,
  blocked: 4,
  unblocked: 5,
  warmUpOver: 6,
  /** A log was cut off: its lane, where it ends now, and how many records went. */
  cutOff: 7,
  /** What that took from one reader of it: its edge, the lane and how many records it had not read. */
  unreadCut: 8,
  /** Messages of a log are lost: the edge of their reader (-1 for none), the lane and how many. */
  lost: 9,
  /** Another consumer of a queue is the active one: the node of its group, and the number of the member from 1. */
  takenOver: 10,
  /** A topic has more partitions: how many before, and now. */
  grown: 11,
  /** A member (its number from 1) ends without an offset: its edge, its lane times two, and 1 if the log lost it. */
  noOffset: 12,
  /** A queue takes back what a consumer had for too long: the node of its group, the number of the member from 1, and 1 if it was done and nobody has heard of it. */
  overdue: 13,
  /**
   * The connection of a consumer to a queue ends: the node of its group, the number of the member from 1, and how many
   * messages it had done without a word of it getting through.
   */
  connectionLost: 14,
  message: 16,
  produced: 16,
  entered: 17,
  started: 18,
  succeeded: 19,
  failed: 20,
  retried: 21,
  deadLettered: 22,
  dropped: 23,
  expired: 24,
  acknowledged: 25,
  forwarded: 26,
  redriven: 27,
  /** A log got the marker of a transaction: its number times two, and 1 if it was aborted; the lane; the offset. */
  marked: 28,
  /** A reader passes over a record: its edge, the lane and the offset. */
  skipped: 29,
} as const;

/** Doubles in a row: time in microseconds, code, node, and three values that depend on the code. */
export const TRACE_ROW = { time: 0, code: 1, node: 2, a: 3, b: 4, c: 5, size: 6 } as const;

/**
 * The bounded record of what happened. Reading or not reading it, and the detail asked for, change nothing in the
 * run. When it is full the oldest rows go.
 */
export class Trace {
  /** Also record every step of every message. */
  messages = false;
  readonly rows: RingBuffer;

  constructor(columns: Columns, capacity: number) {
    this.rows = new RingBuffer(columns, capacity, TRACE_ROW.size);
  }

  add(time: number, code: number, node: number, a: number, b: number, c: number): void {
    this.rows.push(time, code, node, a, b, c);
  }
}
