import type { Columns } from '../lib/columns.ts';
import { NO_MESSAGE, type Messages } from './messages.ts';

/**
 * First-in-first-out lists threaded through `messages.next`: no memory of their own per message. A message is in
 * at most one list at a time.
 */
export class MessageLists {
  head = new Int32Array();
  tail = new Int32Array();
  length = new Int32Array();
  private readonly messages: Messages;

  constructor(columns: Columns, messages: Messages, lists: number) {
    this.messages = messages;
    columns.i32(this, 'head', lists).fill(NO_MESSAGE);
    columns.i32(this, 'tail', lists).fill(NO_MESSAGE);
    columns.i32(this, 'length', lists);
  }

  push(list: number, message: number): void {
    const { next } = this.messages;
    next[message] = NO_MESSAGE;
    const tail = this.tail[list];
    if (tail === NO_MESSAGE) this.head[list] = message;
    else next[tail] = message;
    this.tail[list] = message;
    this.length[list]++;
  }

  /** Takes the oldest message, or `NO_MESSAGE`. */
  shift(list: number): number {
    const message = this.head[list];
    if (message === NO_MESSAGE) return NO_MESSAGE;
    const after = this.messages.next[message];
    this.head[list] = after;
    if (after === NO_MESSAGE) this.tail[list] = NO_MESSAGE;
    this.length[list]--;
    return message;
  }

  /** Puts a message back where its `enteredAt` and serial belong: before every later one. */
  putBack(list: number, message: number): void {
    const { next } = this.messages;
    let before = NO_MESSAGE;
    let after = this.head[list];
    while (after !== NO_MESSAGE && this.isEarlier(after, message)) {
      before = after;
      after = next[after];
    }
    next[message] = after;
    if (before === NO_MESSAGE) this.head[list] = message;
    else next[before] = message;
    if (after === NO_MESSAGE) this.tail[list] = message;
    this.length[list]++;
  }

  private isEarlier(a: number, b: number): boolean {
    const { enteredAt, serial } = this.messages;
    if (enteredAt[a] !== enteredAt[b]) return enteredAt[a] < enteredAt[b];
    return serial[a] < serial[b];
  }
}
