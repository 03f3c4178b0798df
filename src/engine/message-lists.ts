import type { Columns } from '../lib/columns.ts';
import { NO_MESSAGE, type Messages } from './messages.ts';

/** One row of four integers a list, the last unused, so that a list is in one line of the cache. */
const ROW_SHIFT = 2;
const HEAD = 0;
const TAIL = 1;
const LENGTH = 2;

/**
 * First-in-first-out lists threaded through `messages.next`: no memory of their own per message. A message is in
 * at most one list at a time.
 */
export class MessageLists {
  private rows = new Int32Array();
  private readonly messages: Messages;

  constructor(columns: Columns, messages: Messages, lists: number) {
    this.messages = messages;
    columns.i32(this, 'rows', lists << ROW_SHIFT);
    for (let row = 0; row < this.rows.length; row += 1 << ROW_SHIFT) {
      this.rows[row | HEAD] = NO_MESSAGE;
      this.rows[row | TAIL] = NO_MESSAGE;
    }
  }

  length(list: number): number {
    return this.rows[(list << ROW_SHIFT) | LENGTH];
  }

  /** The same, found by walking. */
  walk(list: number): number {
    const { next } = this.messages;
    let count = 0;
    for (let message = this.head(list); message !== NO_MESSAGE; message = next[message]) count++;
    return count;
  }

  /** The oldest message, or `NO_MESSAGE`; `messages.next` leads on from it. */
  head(list: number): number {
    return this.rows[(list << ROW_SHIFT) | HEAD];
  }

  push(list: number, message: number): void {
    const { next } = this.messages;
    const { rows } = this;
    const row = list << ROW_SHIFT;
    next[message] = NO_MESSAGE;
    const tail = rows[row | TAIL];
    if (tail === NO_MESSAGE) rows[row | HEAD] = message;
    else next[tail] = message;
    rows[row | TAIL] = message;
    rows[row | LENGTH]++;
  }

  /** Takes the oldest message, or `NO_MESSAGE`. */
  shift(list: number): number {
    const { rows } = this;
    const row = list << ROW_SHIFT;
    const message = rows[row | HEAD];
    if (message === NO_MESSAGE) return NO_MESSAGE;
    const after = this.messages.next[message];
    rows[row | HEAD] = after;
    if (after === NO_MESSAGE) rows[row | TAIL] = NO_MESSAGE;
    rows[row | LENGTH]--;
    return message;
  }

  /** Puts a message before all others. */
  pushFront(list: number, message: number): void {
    const { rows } = this;
    const row = list << ROW_SHIFT;
    const head = rows[row | HEAD];
    this.messages.next[message] = head;
    rows[row | HEAD] = message;
    if (head === NO_MESSAGE) rows[row | TAIL] = message;
    rows[row | LENGTH]++;
  }

  /** Puts a message back where its `enteredAt` and, at one instant, its arrival number belong. */
  putBack(list: number, message: number): void {
    const { next } = this.messages;
    const { rows } = this;
    const row = list << ROW_SHIFT;
    const tail = rows[row | TAIL];
    // A whole backlog that comes back in order would otherwise be walked through once for each of its messages.
    if (tail !== NO_MESSAGE && this.messages.cameBefore(tail, message)) return this.push(list, message);
    let before = NO_MESSAGE;
    let after = rows[row | HEAD];
    while (after !== NO_MESSAGE && this.messages.cameBefore(after, message)) {
      before = after;
      after = next[after];
    }
    next[message] = after;
    if (before === NO_MESSAGE) rows[row | HEAD] = message;
    else next[before] = message;
    if (after === NO_MESSAGE) rows[row | TAIL] = message;
    rows[row | LENGTH]++;
  }
}
