import type { Columns } from '../../lib/columns.ts';
import { MessageLists } from '../../engine/message-lists.ts';
import type { Messages } from '../../engine/messages.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { DelayedRetries } from './delayed-retries.ts';
import { inList, Lines, type OrderOfQueue } from './lines.ts';
import { EXTRA, INT, ROW_SHIFT } from './queue-row.ts';

/** What the broker must know of the bytes that wait in its queues. */
interface Memory {
  changeBy(sim: Simulation, queue: number, bytes: number): void;
}

/** What waits in queues: in one list each, or in several lines where that is not their order. */
export class Stock {
  readonly lists: MessageLists;
  readonly lines: Lines;
  /** What came back and is not ready yet; null if no queue delays retries. */
  readonly delayed: DelayedRetries | null;
  private readonly messages: Messages;
  private readonly ints: Int32Array;
  private readonly memory: Memory;
  /** Bytes that wait in each queue where somebody asks for them (`EXTRA.weighed`). */
  private bytes = new Float64Array();

  /** `ints` are the rows of the queues. */
  constructor(
    columns: Columns,
    messages: Messages,
    nodes: number,
    queues: {
      orders: readonly OrderOfQueue[];
      ints: Int32Array;
      memory: Memory;
      delayed: DelayedRetries | null;
    },
  ) {
    this.messages = messages;
    this.ints = queues.ints;
    this.memory = queues.memory;
    this.delayed = queues.delayed;
    this.lists = new MessageLists(columns, messages, nodes);
    this.lines = new Lines(columns, messages, nodes, queues.orders);
    columns.f64(this, 'bytes', nodes);
  }

  /** Messages that are ready. */
  length(node: number): number {
    return this.hasLines(node) ? this.lines.length(node) : this.lists.length(node);
  }

  /** The message to be delivered next, or `NO_MESSAGE`. */
  head(node: number): number {
    return this.hasLines(node) ? this.lines.head(node) : this.lists.head(node);
  }

  shift(node: number): number {
    return this.hasLines(node) ? this.lines.shift(node) : this.lists.shift(node);
  }

  /** Undoes the `shift` before. */
  unshift(node: number, message: number): void {
    if (this.hasLines(node)) this.lines.unshift(node, message);
    else this.lists.pushFront(node, message);
  }

  /** A message that was delivered comes back. */
  putBack(node: number, message: number): void {
    if (this.hasLines(node)) this.lines.putBack(node, message);
    else this.lists.putBack(node, message);
  }

  /** Messages that came back and are not ready yet. */
  delayedIn(node: number): number {
    return this.delayed === null ? 0 : this.delayed.waiting(node);
  }

  /** All messages of a queue, counted one by one. */
  walk(node: number): number {
    const ready = this.hasLines(node) ? this.lines.walk(node) : this.lists.walk(node);
    return ready + (this.delayed?.messagesIn(node).length ?? 0);
  }

  /** The same, one by one. */
  messagesIn(node: number): number[] {
    const ready = this.hasLines(node) ? this.lines.messagesIn(node) : inList(this.lists, this.messages, node);
    return [...ready, ...(this.delayed?.messagesIn(node) ?? [])];
  }

  /** Bytes that wait in a queue; 0 where nobody asks for them. */
  bytesIn(node: number): number {
    return this.bytes[node];
  }

  /** A message begins (1) or ceases (-1) to wait in a queue, whose bytes somebody may ask for. */
  weigh(sim: Simulation, node: number, message: number, change: number): void {
    if ((this.ints[(node << ROW_SHIFT) | INT.extras] & EXTRA.weighed) === 0) return;
    const bytes = change * sim.messages.sizeBytes[message];
    this.bytes[node] += bytes;
    this.memory.changeBy(sim, node, bytes);
  }

  private hasLines(node: number): boolean {
    return (this.ints[(node << ROW_SHIFT) | INT.extras] & EXTRA.lines) !== 0;
  }
}
