import { METRIC } from '../../engine/metrics.ts';
import type { Json } from '../../design/types.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import { DEATH } from '../shared/deaths.ts';
import { choiceOf, numberOf, type NodeConfig } from '../shared/node-config.ts';
import type { DeadLetters } from './dead-letters.ts';
import { EXTRA, INT, ROW_SHIFT } from './queue-row.ts';
import { OVERFLOW, OVERFLOWS, QUEUE_EVENT, QUEUE_STATE, type QueueStates } from './queue-states.ts';
import type { Stock } from './stock.ts';

/** Also the reason of a drop in the trace, beside those of `DEATH`. */
export const LOSS = { refused: 4, circle: 5 } as const;

/** What becomes of a message that finds a queue full. */
export const FULL = { waits: 0, gone: 1, letIn: 2 } as const;

/** The limits of queues, in messages and in bytes, whichever is reached first, and what goes for lack of room. */
export class Room {
  private readonly stock: Stock;
  private readonly deadLetters: DeadLetters;
  private readonly states: QueueStates;
  private readonly ints: Int32Array;
  /** Of each queue the most bytes that may wait in it, Infinity for no limit. */
  private readonly mostBytes: Float64Array;
  /** Messages that each queue has refused. */
  private readonly refusals = new Float64Array();

  constructor(
    { columns, plan: { nodeCount: nodes } }: Simulation,
    parts: { stock: Stock; deadLetters: DeadLetters; states: QueueStates; ints: Int32Array },
  ) {
    columns.f64(this, 'refusals', nodes);
    this.stock = parts.stock;
    this.deadLetters = parts.deadLetters;
    this.states = parts.states;
    this.ints = parts.ints;
    this.mostBytes = new Float64Array(nodes).fill(Infinity);
  }

  configure(node: number, config: NodeConfig): void {
    const bytes = numberOf(config, 'capacityBytes');
    if (bytes > 0) this.mostBytes[node] = bytes;
    this.ints[(node << ROW_SHIFT) | INT.overflow] = choiceOf(config, 'overflow', OVERFLOWS);
    this.limit(node, numberOf(config, 'capacity'));
  }

  setField(sim: Simulation, node: number, field: string, value: Json): void {
    if (field === 'capacity') this.limit(node, value as number);
    else
      this.ints[(node << ROW_SHIFT) | INT.overflow] = OVERFLOWS.indexOf(value as (typeof OVERFLOWS)[number]);
    this.hasLess(sim, node);
    // Whoever waits may find room now, or may be let in at the cost of another message.
    for (let i = sim.transfers.waiters.count[node]; i > 0; i--) sim.roomFreed(node);
  }

  /** Ready messages, those that wait for their retry, and dead letters that cannot leave. */
  stored(node: number): number {
    return this.stock.length(node) + this.stock.delayedIn(node) + this.deadLetters.waiting(node);
  }

  /** Messages that a queue has refused, or pushed out, for lack of room. */
  overflowed(node: number): number {
    return this.refusals[node] + this.deadLetters.count(node, DEATH.maxlen);
  }

  /** How full a queue is by its nearest limit, from 0; NaN for one without a limit. */
  level(node: number): number {
    const capacity = this.ints[(node << ROW_SHIFT) | INT.capacity];
    const ofBytes = this.stock.bytesIn(node) / this.mostBytes[node];
    const ofMessages = capacity > 0 ? this.stored(node) / capacity : 0;
    return this.has(node, EXTRA.limited) ? Math.min(1, Math.max(ofBytes, ofMessages)) : NaN;
  }

  /** Bytes that wait in a queue, and the most that may; null for one without such a limit. */
  bytes(node: number): { bytes: number; most: number } | null {
    const most = this.mostBytes[node];
    return most < Infinity ? { bytes: this.stock.bytesIn(node), most } : null;
  }

  /** Whether a message of so many bytes finds no room. One that is larger than the limit waits for nobody. */
  isFullFor(node: number, bytes: number): boolean {
    const row = node << ROW_SHIFT;
    const capacity = this.ints[row | INT.capacity];
    const stored = this.stored(node);
    if (capacity > 0 && stored >= capacity) return true;
    if (this.stock.bytesIn(node) + bytes <= this.mostBytes[node]) return false;
    return stored > 0 || this.ints[row | INT.overflow] !== OVERFLOW.block;
  }

  /** Whether a message of so many bytes that comes now would be refused. */
  isRefusing(node: number, bytes: number): boolean {
    const policy = this.ints[(node << ROW_SHIFT) | INT.overflow];
    const refuses = policy === OVERFLOW.dropNewest || policy === OVERFLOW.deadLetterNewest;
    return refuses && this.has(node, EXTRA.limited) && this.isFullFor(node, bytes);
  }

  /** Whether a message of so many bytes that comes now would come in, if need be at the cost of the oldest. */
  letsIn(node: number, bytes: number): boolean {
    if (!this.has(node, EXTRA.limited) || !this.isFullFor(node, bytes)) return true;
    const policy = this.ints[(node << ROW_SHIFT) | INT.overflow];
    const pushesOut = policy !== OVERFLOW.block && !this.isRefusing(node, bytes);
    return pushesOut && this.deadLetters.waiting(node) === 0;
  }

  /** A message finds no room; returns what becomes of it, as a place in `FULL`. */
  full(sim: Simulation, node: number, message: number): number {
    if (this.states.isFull(sim.now, node, this.ints) === QUEUE_STATE.refusing) {
      this.refuse(sim, node, message);
      // A message that is larger than the limit is refused by an empty queue, which is open all the same.
      if (this.stored(node) === 0) this.hasLess(sim, node);
      return FULL.gone;
    }
    const capacity = this.ints[(node << ROW_SHIFT) | INT.capacity];
    const messages = capacity > 0 ? capacity - 1 : Infinity;
    if (this.pushOut(sim, node, messages, this.mostBytes[node] - sim.messages.sizeBytes[message]))
      return FULL.letIn;
    this.states.send(sim.now, node, QUEUE_EVENT.FULL_SENDER_WAITS);
    return FULL.waits;
  }

  /** More waits in a queue than may: the head is pushed out, if that is the policy. */
  trim(sim: Simulation, node: number): void {
    if (!this.has(node, EXTRA.limited)) return;
    const capacity = this.ints[(node << ROW_SHIFT) | INT.capacity];
    this.pushOut(sim, node, capacity > 0 ? capacity : Infinity, this.mostBytes[node]);
    // What is larger than the limit has gone as it came, and left nothing behind.
    if (this.stored(node) === 0) this.hasLess(sim, node);
  }

  /** A message came in; true if there is room for one more, or if another can be pushed out for it. */
  hasMore(node: number): boolean {
    const row = node << ROW_SHIFT;
    const capacity = this.ints[row | INT.capacity];
    return capacity === 0 || this.ints[row | INT.overflow] !== OVERFLOW.block || this.stored(node) < capacity;
  }

  /** A message has left a queue: one that was full may be open again, and whoever stands first in line may come. */
  freed(sim: Simulation, node: number): void {
    if (this.has(node, EXTRA.full)) this.hasLess(sim, node);
    sim.roomFreed(node);
  }

  /**
   * A message that a consumer had dies. A letter that goes at least once takes up room until its targets have it, and on
   * a circle stands in its own way meanwhile.
   */
  diesInHand(sim: Simulation, node: number, message: number, reason: number): void {
    this.deadLetters.die(sim, node, message, reason, true);
    if (this.deadLetters.safe?.has(node)) this.freed(sim, node);
  }

  /** A dead letter that waited has left: what came back meanwhile, and is too much, can be pushed out now. */
  letterLeft(sim: Simulation, node: number): void {
    this.trim(sim, node);
    this.freed(sim, node);
  }

  drop(sim: Simulation, node: number, message: number, reason: number): void {
    sim.metrics.count(node, METRIC.dropped);
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.dropped, node, sim.messages.serial[message], reason, 0);
    }
    sim.messages.free(message);
  }

  /** A message has left, or who stood in line, or the capacity is another: a queue that was full may be open again. */
  hasLess(sim: Simulation, node: number): void {
    if (!this.has(node, EXTRA.full)) return;
    // Whoever stands in line comes in first, and a queue before which somebody stands is not open, if it has a limit.
    if (this.has(node, EXTRA.limited) && sim.transfers.waiters.count[node] > 0) return;
    const bytes = this.stock.bytesIn(node) / this.mostBytes[node];
    this.states.holds(sim.now, node, this.ints, this.stored(node), bytes);
  }

  /** Pushes out the head as the policy says, until no more than so many are left; false if it cannot. */
  private pushOut(sim: Simulation, node: number, messages: number, bytes: number): boolean {
    const { stock, deadLetters } = this;
    const policy = this.ints[(node << ROW_SHIFT) | INT.overflow];
    if (policy === OVERFLOW.block || policy === OVERFLOW.dropNewest || policy === OVERFLOW.deadLetterNewest)
      return false;
    while (this.stored(node) > messages || stock.bytesIn(node) > bytes) {
      if (deadLetters.waiting(node) > 0) return false;
      // The message that comes is larger than the limit, or what waits for its retry takes all the room: it is pushed
      // out itself, if nobody takes it at once.
      if (stock.length(node) === 0) return true;
      const oldest = stock.shift(node);
      sim.metrics.queuedBy(node, -1);
      stock.weigh(sim, node, oldest, -1);
      deadLetters.die(sim, node, oldest, DEATH.maxlen, policy !== OVERFLOW.dropOldest);
    }
    return true;
  }

  /** The arriving message is refused, as the queue is full. */
  private refuse(sim: Simulation, node: number, message: number): void {
    sim.metrics.count(node, METRIC.in);
    if (this.ints[(node << ROW_SHIFT) | INT.overflow] === OVERFLOW.deadLetterNewest) {
      this.deadLetters.die(sim, node, message, DEATH.maxlen, true);
    } else {
      this.refusals[node]++;
      this.drop(sim, node, message, LOSS.refused);
    }
  }

  private limit(node: number, capacity: number): void {
    const row = node << ROW_SHIFT;
    this.ints[row | INT.capacity] = capacity;
    if (capacity > 0 || this.mostBytes[node] < Infinity) this.ints[row | INT.extras] |= EXTRA.limited;
    else this.ints[row | INT.extras] &= ~EXTRA.limited;
  }

  private has(node: number, extra: number): boolean {
    return (this.ints[(node << ROW_SHIFT) | INT.extras] & extra) !== 0;
  }
}
