import type { Columns } from '../../../lib/columns.ts';
import { SlotPool } from '../../../lib/slot-pool.ts';

const NONE = -1;
const FIRST = 64;
/** More than callers of any design have in progress; a design that has more is stopped with a sentence. */
const MOST = 8_000_000;

/** What a guarded call is doing. */
export const CALL_PHASE = {
  /** Waits for a permission of the rate limiter. */
  limited: 0,
  /** Waits for a place in the bulkhead. */
  queued: 1,
  /** Stands in line before a target that is full. */
  inLine: 2,
  calling: 3,
  /** Waits for its next try. */
  retrying: 4,
} as const;

/** Integers of a call, one row of 16 each. */
export const CALL = {
  guard: 0,
  /** What the caller knows it by. */
  tag: 1,
  message: 2,
  tries: 3,
  /** What it does: see `CALL_PHASE`. */
  phase: 4,
  /** Pending event of its wait, and of its timeout; NONE for none. */
  timer: 5,
  timeout: 6,
  /** The try that the target knows of; NONE for none. */
  attempt: 7,
  /** The calls of one guard are chained both ways, and so are those that wait for its bulkhead. */
  before: 8,
  after: 9,
  queuedBefore: 10,
  queuedAfter: 11,
} as const;
export const CALL_SHIFT = 4;

/** Doubles of a call: when its try was let through by the breaker, and the wait before its last retry. */
export const CALL_TIME = { permittedAt: 0, wait: 1 } as const;
export const CALL_TIME_SHIFT = 1;

/**
 * The calls in progress along guarded edges and the tries that the targets work on. A try whose call gave it up stays
 * until the target is done with it, and then belongs to no call.
 */
export class GuardedCalls {
  /** Rows of `CALL` and of `CALL_TIME`. */
  cells = new Int32Array();
  times = new Float64Array();
  /** The call of each try, NONE once it gave up. */
  callOf = new Int32Array();
  /** First call of each guard, and the first and last that wait for its bulkhead. */
  first = new Int32Array();
  queueHead = new Int32Array();
  queueTail = new Int32Array();
  private readonly calls: SlotPool;
  private readonly tries: SlotPool;

  constructor(columns: Columns, guards: number) {
    columns.i32(this, 'cells', FIRST << CALL_SHIFT);
    columns.f64(this, 'times', FIRST << CALL_TIME_SHIFT);
    columns.i32(this, 'callOf', FIRST);
    for (const field of ['first', 'queueHead', 'queueTail']) columns.i32(this, field, guards).fill(NONE);
    this.calls = new SlotPool(columns, FIRST, MOST, 'guarded calls in progress');
    this.calls.onGrow = (size) => {
      columns.grow(this, 'cells', size << CALL_SHIFT);
      columns.grow(this, 'times', size << CALL_TIME_SHIFT);
    };
    this.tries = new SlotPool(columns, FIRST, MOST, 'tries of calls in progress');
    this.tries.onGrow = (size) => columns.grow(this, 'callOf', size);
  }

  /** A fresh call, first in the chain of its guard. */
  begin(guard: number, tag: number, message: number): number {
    const call = this.calls.take();
    const { cells } = this;
    const at = call << CALL_SHIFT;
    const after = this.first[guard];
    cells[at | CALL.guard] = guard;
    cells[at | CALL.tag] = tag;
    cells[at | CALL.message] = message;
    cells[at | CALL.tries] = 0;
    cells[at | CALL.phase] = CALL_PHASE.calling;
    cells[at | CALL.timer] = NONE;
    cells[at | CALL.timeout] = NONE;
    cells[at | CALL.attempt] = NONE;
    cells[at | CALL.before] = NONE;
    cells[at | CALL.after] = after;
    this.times[(call << CALL_TIME_SHIFT) | CALL_TIME.wait] = NONE;
    if (after !== NONE) cells[(after << CALL_SHIFT) | CALL.before] = call;
    this.first[guard] = call;
    return call;
  }

  end(call: number): void {
    const { cells } = this;
    const at = call << CALL_SHIFT;
    const before = cells[at | CALL.before];
    const after = cells[at | CALL.after];
    if (before === NONE) this.first[cells[at | CALL.guard]] = after;
    else cells[(before << CALL_SHIFT) | CALL.after] = after;
    if (after !== NONE) cells[(after << CALL_SHIFT) | CALL.before] = before;
    this.calls.give(call);
  }

  /** The call of a guard that its caller knows by this tag; NONE if there is none. */
  find(guard: number, tag: number): number {
    const { cells } = this;
    for (let call = this.first[guard]; call !== NONE; call = cells[(call << CALL_SHIFT) | CALL.after]) {
      if (cells[(call << CALL_SHIFT) | CALL.tag] === tag) return call;
    }
    return NONE;
  }

  /** Calls of a guard in progress, by walking them. */
  count(guard: number): number {
    let count = 0;
    const { cells } = this;
    for (let call = this.first[guard]; call !== NONE; call = cells[(call << CALL_SHIFT) | CALL.after])
      count++;
    return count;
  }

  /** A try of a call, which the target may know it by. */
  beginTry(call: number): number {
    const attempt = this.tries.take();
    this.callOf[attempt] = call;
    this.cells[(call << CALL_SHIFT) | CALL.attempt] = attempt;
    return attempt;
  }

  /** The target is done with a try, or never began it. */
  endTry(attempt: number): void {
    const call = this.callOf[attempt];
    if (call !== NONE) this.cells[(call << CALL_SHIFT) | CALL.attempt] = NONE;
    this.tries.give(attempt);
  }

  /** The call does not wait for its try any more, though the target goes on with it. */
  giveUpTry(call: number): void {
    const at = (call << CALL_SHIFT) | CALL.attempt;
    this.callOf[this.cells[at]] = NONE;
    this.cells[at] = NONE;
  }

  /** Tries that targets or their lines know of. */
  get triesInProgress(): number {
    return this.tries.inUse;
  }

  /** Puts a call at the end of those that wait for the bulkhead. */
  queue(call: number): void {
    const { cells } = this;
    const at = call << CALL_SHIFT;
    const guard = cells[at | CALL.guard];
    const tail = this.queueTail[guard];
    cells[at | CALL.queuedBefore] = tail;
    cells[at | CALL.queuedAfter] = NONE;
    if (tail === NONE) this.queueHead[guard] = call;
    else cells[(tail << CALL_SHIFT) | CALL.queuedAfter] = call;
    this.queueTail[guard] = call;
  }

  unqueue(call: number): void {
    const { cells } = this;
    const at = call << CALL_SHIFT;
    const guard = cells[at | CALL.guard];
    const before = cells[at | CALL.queuedBefore];
    const after = cells[at | CALL.queuedAfter];
    if (before === NONE) this.queueHead[guard] = after;
    else cells[(before << CALL_SHIFT) | CALL.queuedAfter] = after;
    if (after === NONE) this.queueTail[guard] = before;
    else cells[(after << CALL_SHIFT) | CALL.queuedBefore] = before;
  }
}
