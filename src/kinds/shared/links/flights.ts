import type { Columns } from '../../../lib/columns.ts';
import { SlotPool } from '../../../lib/slot-pool.ts';
import { nextResend } from './troubles.ts';

const NONE = -1;
const FIRST = 64;

/** A message that is to be overtaken waits no longer than this for the one behind it. */
export const LONGEST_HOLD_MICROS = 1_000_000;

/** What is under way on edges with a gate, in lists, each first in, first out. */
export class Flights {
  message = new Int32Array();
  tag = new Int32Array();
  /** When it arrives, and when it would have if nothing had been lost, in microseconds. */
  due = new Float64Array();
  private unlost = new Float64Array();
  private next = new Int32Array();
  private first = new Int32Array();
  private last = new Int32Array();
  private readonly pool: SlotPool;

  constructor(columns: Columns, lists: number, limit: number) {
    const whole = ['message', 'tag', 'next'] as const;
    for (const field of whole) columns.i32(this, field, FIRST);
    for (const field of ['due', 'unlost']) columns.f64(this, field, FIRST);
    for (const field of ['first', 'last']) columns.i32(this, field, lists).fill(NONE);
    this.pool = new SlotPool(columns, FIRST, limit, 'messages under way on edges');
    this.pool.onGrow = (size) => {
      for (const field of [...whole, 'due', 'unlost'] as const) columns.grow(this, field, size);
    };
  }

  /** The first of a list, `NONE` (-1) if it is empty. */
  head(list: number): number {
    return this.first[list];
  }

  tail(list: number): number {
    return this.last[list];
  }

  push(list: number, message: number, tag: number, due: number, unlost = due): void {
    const flight = this.pool.take();
    this.message[flight] = message;
    this.tag[flight] = tag;
    this.due[flight] = due;
    this.unlost[flight] = unlost;
    this.next[flight] = NONE;
    if (this.last[list] === NONE) this.first[list] = flight;
    else this.next[this.last[list]] = flight;
    this.last[list] = flight;
  }

  /** The newest lets another pass, and both arrive at one time; returns whether it was the first as well. */
  overtake(list: number, message: number, tag: number, due: number): boolean {
    const newest = this.last[list];
    this.push(list, this.message[newest], this.tag[newest], due);
    this.message[newest] = message;
    this.tag[newest] = tag;
    this.due[newest] = due;
    this.unlost[newest] = due;
    return this.first[list] === newest;
  }

  /** Takes the first away; its values stand until the next `push`. */
  shift(list: number): void {
    const flight = this.first[list];
    this.first[list] = this.next[flight];
    if (this.first[list] === NONE) this.last[list] = NONE;
    this.pool.give(flight);
  }

  /** Nothing is lost any more: what was arrives when it is sent again next, in order; returns when the last does. */
  arriveSoon(list: number, now: number): number {
    let last = now;
    for (let flight = this.first[list]; flight !== NONE; flight = this.next[flight]) {
      last = Math.max(last, Math.min(this.due[flight], nextResend(this.unlost[flight], now)));
      this.due[flight] = last;
    }
    return last;
  }

  /** How many a list has, by walking it. */
  count(list: number): number {
    let count = 0;
    for (let flight = this.first[list]; flight !== NONE; flight = this.next[flight]) count++;
    return count;
  }

  /** Whether a list has a message of this kind. */
  some(list: number, is: (message: number) => boolean): boolean {
    for (let flight = this.first[list]; flight !== NONE; flight = this.next[flight]) {
      if (is(this.message[flight])) return true;
    }
    return false;
  }
}
