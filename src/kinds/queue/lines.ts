import { MessageLists } from '../../engine/message-lists.ts';
import { NO_MESSAGE, type Messages } from '../../engine/messages.ts';
import type { Columns } from '../../lib/columns.ts';

/** Priorities of a quorum queue, from 0 to 31, and the one of a message that has none. */
const QUORUM_LEVELS = 32;
const QUORUM_USUAL = 4;

/** What makes the order of a queue. */
export interface OrderOfQueue {
  node: number;
  /** The highest priority of a classic queue, 0 for one line. */
  maxPriority: number;
  isQuorum: boolean;
  /** What comes back goes into a line of its own, before all others; else, in a quorum queue, to the end. */
  hasReturns: boolean;
}

/**
 * The order of queues that are more than one line: a line for each priority, the highest served first, and in a
 * quorum queue a line of returned messages before them all.
 */
export class Lines {
  private readonly lists: MessageLists;
  private readonly messages: Messages;
  private readonly isQuorum = new Set<number>();
  private readonly hasReturns = new Set<number>();
  /** Of each node: its first line, which is that of priority 0, and how many lines for priorities it has. */
  private readonly first: Int32Array;
  private readonly levels: Int32Array;
  /** Messages in all lines of a node; no line above `highest` has any. */
  private count = new Int32Array();
  private highest = new Int32Array();
  /** The line that the last `shift` took from. */
  private taken = 0;

  constructor(columns: Columns, messages: Messages, nodes: number, orders: readonly OrderOfQueue[]) {
    this.messages = messages;
    this.first = new Int32Array(nodes);
    this.levels = new Int32Array(nodes);
    let lists = 0;
    for (const { node, maxPriority, isQuorum, hasReturns } of orders) {
      const quorumLevels = messages.priority.length > 0 ? QUORUM_LEVELS : 1;
      this.first[node] = lists;
      this.levels[node] = isQuorum ? quorumLevels : maxPriority + 1;
      if (isQuorum) this.isQuorum.add(node);
      if (hasReturns) this.hasReturns.add(node);
      lists += this.levels[node] + (hasReturns ? 1 : 0);
    }
    this.lists = new MessageLists(columns, messages, lists);
    columns.i32(this, 'count', nodes);
    columns.i32(this, 'highest', nodes);
  }

  length(node: number): number {
    return this.count[node];
  }

  /** The message to be served next, or `NO_MESSAGE`. */
  head(node: number): number {
    return this.count[node] === 0 ? NO_MESSAGE : this.lists.head(this.nextLine(node));
  }

  push(node: number, message: number): void {
    const level = this.levelOf(node, message);
    if (level > this.highest[node]) this.highest[node] = level;
    this.lists.push(this.first[node] + level, message);
    this.count[node]++;
  }

  /** Takes the message to be served next, or `NO_MESSAGE`. */
  shift(node: number): number {
    if (this.count[node] === 0) return NO_MESSAGE;
    this.taken = this.nextLine(node);
    this.count[node]--;
    return this.lists.shift(this.taken);
  }

  /** Undoes the `shift` before. */
  unshift(node: number, message: number): void {
    this.lists.pushFront(this.taken, message);
    this.count[node]++;
  }

  /** A message that was delivered comes back: to its old place, before all others, or to the end. */
  putBack(node: number, message: number): void {
    if (this.hasReturns.has(node)) {
      this.lists.push(this.first[node] + this.levels[node], message);
    } else if (this.isQuorum.has(node)) {
      this.push(node, message);
      return;
    } else {
      const level = this.levelOf(node, message);
      if (level > this.highest[node]) this.highest[node] = level;
      this.lists.putBack(this.first[node] + level, message);
    }
    this.count[node]++;
  }

  /** All messages of a queue, counted one by one. */
  walk(node: number): number {
    const lines = this.levels[node] + (this.hasReturns.has(node) ? 1 : 0);
    let count = 0;
    for (let line = this.first[node]; line < this.first[node] + lines; line++) count += this.lists.walk(line);
    return count;
  }

  /** The same, one by one. */
  messagesIn(node: number): number[] {
    const lines = this.levels[node] + (this.hasReturns.has(node) ? 1 : 0);
    return Array.from({ length: lines }, (_, line) =>
      inList(this.lists, this.messages, this.first[node] + line),
    ).flat();
  }

  /** The line of a message: above the highest is the highest, and none is 0 in a classic queue, 4 in a quorum queue. */
  levelOf(node: number, message: number): number {
    const top = this.levels[node] - 1;
    if (top === 0) return 0;
    const { priority } = this.messages;
    const given = priority.length > 0 ? priority[message] : 0;
    return Math.min(given === 0 && this.isQuorum.has(node) ? QUORUM_USUAL : given, top);
  }

  private nextLine(node: number): number {
    const first = this.first[node];
    const returns = first + this.levels[node];
    if (this.hasReturns.has(node) && this.lists.length(returns) > 0) return returns;
    let level = this.highest[node];
    while (this.lists.length(first + level) === 0) level--;
    this.highest[node] = level;
    return first + level;
  }
}

/** The messages of a list, the oldest first. */
export function inList(lists: MessageLists, { next }: Messages, list: number): number[] {
  const found: number[] = [];
  for (let at = lists.head(list); at !== NO_MESSAGE; at = next[at]) found.push(at);
  return found;
}
