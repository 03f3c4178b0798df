import { METRIC } from '../../engine/metrics.ts';
import type { Json } from '../../design/types.ts';
import { MessageLists } from '../../engine/message-lists.ts';
import { MESSAGE_FLAG, NO_MESSAGE } from '../../engine/messages.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import type { NodeBehavior, NodeGauge } from '../node-behavior.ts';
import type { Addresses } from '../shared/addresses.ts';
import { DEATH, diesInCircle, type DeathReason } from '../shared/deaths.ts';
import { GIVEN_BACK } from '../shared/given-back.ts';
import { EDGE_ROLE, edgesByRole, type EdgeRows } from '../shared/edge-roles.ts';
import { choiceOf, microsOf, numberOf, type NodeConfig } from '../shared/node-config.ts';
import { Broker, LOOK } from './broker.ts';
import { consumerRanks, type ConsumerRanks } from './consumer-ranks.ts';
import { DeadLetters } from './dead-letters.ts';
import { Expiry } from './expiry.ts';
import { Lines } from './lines.ts';
import { deliveryLimitOf, orderOf } from './queue-order.ts';
import { EXTRA, INT, ROW_SHIFT } from './queue-row.ts';
import { QUEUE_EVENT, QUEUE_STATE, QueueStates, OVERFLOW } from './queue-states.ts';

/** Also the reason of a drop in the trace, beside those of `DEATH`. */
export const LOSS = { refused: 4, circle: 5 } as const;

const NONE = -1;
const BLOCK = 0;
const DROP_OLDEST = 1;
const DROP_NEWEST = 2;
const DEAD_LETTER_NEWEST = 4;

/**
 * Queues: first in, first out, unless there are priorities. A message that finds the queue empty is offered to the
 * consumers that came away empty-handed, in turn, so that it passes through in no time if a worker is free; else it
 * goes to the end.
 */
export class Queues implements NodeBehavior {
  private readonly lists: MessageLists;
  private readonly lines: Lines;
  private readonly expiry: Expiry;
  private readonly deadLetters: DeadLetters;
  private readonly consumers: EdgeRows;
  private readonly ranks: ConsumerRanks | null;
  readonly broker: Broker;
  readonly states: QueueStates;
  private ints = new Int32Array();
  /** Of each edge to a consumer, 1 if it may have a free worker. */
  private hungry = new Uint8Array();
  /** How often a message may come back, of queues that count it. */
  private deliveryLimit = new Int32Array();

  constructor(
    sim: Simulation,
    configs: readonly NodeConfig[],
    nodes: readonly number[],
    role: Uint8Array,
    addresses: Addresses,
  ) {
    const { columns, messages, plan } = sim;
    this.consumers = edgesByRole(plan, role, 'out', [EDGE_ROLE.deliveries]);
    this.ranks = consumerRanks(sim, configs, this.consumers);
    this.lists = new MessageLists(columns, messages, plan.nodeCount);
    this.deadLetters = new DeadLetters(sim, role, addresses);
    this.expiry = new Expiry(sim);
    this.states = new QueueStates(columns, plan.nodeCount);
    this.broker = new Broker(sim, configs, nodes, (node) => this.isRefusing(node));
    columns.i32(this, 'ints', plan.nodeCount << ROW_SHIFT);
    columns.u8(this, 'hungry', plan.edgeCount).fill(1);
    columns.i32(this, 'deliveryLimit', plan.nodeCount);
    const orders = nodes.flatMap((node) => orderOf(node, configs[node], messages.priority.length > 0));
    this.lines = new Lines(columns, messages, plan.nodeCount, orders);
    for (const node of nodes) {
      const row = node << ROW_SHIFT;
      const [first, end] = [this.consumers.start[node], this.consumers.start[node + 1]];
      this.ints[row | INT.capacity] = numberOf(configs[node], 'capacity');
      this.ints[row | INT.overflow] = choiceOf(configs[node], 'overflow', OVERFLOW);
      this.ints[row | INT.hungryEdges] = end - first;
      this.ints[row | INT.turn] = first;
      this.ints[row | INT.end] = end;
      this.expiry.configure(node, microsOf(configs[node], 'ttl'));
      this.deliveryLimit[node] = deliveryLimitOf(configs[node]);
      this.ints[row | INT.extras] =
        (orders.some((order) => order.node === node) ? EXTRA.lines : 0) |
        (microsOf(configs[node], 'ttl') > 0 || messages.ttl.length > 0 ? EXTRA.expiry : 0) |
        (messages.deaths.length > 0 ? EXTRA.circles : 0) |
        (this.deliveryLimit[node] > 0 ? EXTRA.returns : 0) |
        (this.broker.watermark < Infinity ? EXTRA.memory : 0);
    }
  }

  offer(sim: Simulation, node: number, message: number): boolean {
    const { ints, lists } = this;
    const row = node << ROW_SHIFT;
    const capacity = ints[row | INT.capacity];
    const extras = ints[row | INT.extras];
    if ((extras & EXTRA.circles) !== 0 && this.endsCircle(sim, node, message)) return true;
    if (capacity > 0 && this.stored(node) >= capacity) {
      if (this.states.isFull(sim.now, node, ints) === QUEUE_STATE.refusing) {
        this.refuse(sim, node, message);
        return true;
      }
      if (!this.pushOut(sim, node, capacity - 1)) {
        this.states.send(sim.now, node, QUEUE_EVENT.FULL_SENDER_WAITS);
        return false;
      }
    }
    sim.messages.enteredAt[message] = sim.now;
    sim.messages.readers[message] = ints[row | INT.arrivals]++;
    sim.metrics.count(node, METRIC.in);
    const waiting = extras === 0 ? lists.length(node) : this.length(node);
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.entered, node, sim.messages.serial[message], waiting + 1, 0);
    }
    if (waiting > 0 || ints[row | INT.hungryEdges] === 0 || !this.deliver(sim, node, message)) {
      if ((extras & EXTRA.lines) === 0) lists.push(node, message);
      else this.lines.push(node, message);
      sim.metrics.queuedBy(node, 1);
      if ((extras & EXTRA.memory) !== 0) this.weigh(sim, node, message, 1);
      if ((extras & EXTRA.expiry) !== 0) this.expireHead(sim, node);
    }
    // Whoever stood in line meanwhile was not counted by who made the room.
    if (capacity === 0 || ints[row | INT.overflow] !== BLOCK || this.stored(node) < capacity) {
      if ((extras & EXTRA.full) !== 0) this.hasLess(sim, node);
      sim.roomFreed(node);
    }
    return true;
  }

  take(sim: Simulation, node: number, edge: number): number {
    const row = node << ROW_SHIFT;
    const extras = this.ints[row | INT.extras];
    const isPlain = (extras & ~EXTRA.full) === 0;
    const message = isPlain ? this.lists.shift(node) : this.takeLive(sim, node);
    if (message === NO_MESSAGE) {
      this.ints[row | INT.hungryEdges] += 1 - this.hungry[edge];
      this.hungry[edge] = 1;
      return NO_MESSAGE;
    }
    sim.metrics.queuedBy(node, -1);
    sim.metrics.count(node, METRIC.out);
    this.ints[row | INT.unacknowledged]++;
    if (!isPlain) {
      this.weigh(sim, node, message, -1);
      this.expireHead(sim, node);
    }
    if ((extras & EXTRA.full) !== 0) this.hasLess(sim, node);
    sim.roomFreed(node);
    return message;
  }

  settle(node: number, count: number): void {
    this.ints[(node << ROW_SHIFT) | INT.unacknowledged] -= count;
  }

  /** The head of a queue may have expired, or the broker looks at its memory. */
  fire(sim: Simulation, node: number, type: number): void {
    if (type === LOOK) return this.broker.look(sim);
    this.expiry.rang(node);
    this.expireHead(sim, node);
  }

  /** A consumer gives a message back: it died with it in hand, failed at it, lets it go, or rejects it for good. */
  giveBack(sim: Simulation, node: number, way: number, message: number): void {
    const { messages } = sim;
    const row = node << ROW_SHIFT;
    const extras = this.ints[row | INT.extras];
    this.ints[row | INT.unacknowledged]--;
    sim.metrics.count(node, METRIC.in);
    if ((messages.flags[message] & MESSAGE_FLAG.rejected) !== 0) {
      this.deadLetters.die(sim, node, message, DEATH.rejected, true);
      return;
    }
    messages.flags[message] |= MESSAGE_FLAG.redelivered;
    sim.metrics.count(node, METRIC.retries);
    const counts = (extras & EXTRA.returns) !== 0 && way !== GIVEN_BACK.released;
    if (counts && ++messages.returns[message] > this.deliveryLimit[node]) {
      this.deadLetters.die(sim, node, message, DEATH.delivery_limit, true);
      return;
    }
    if ((extras & EXTRA.lines) === 0) this.lists.putBack(node, message);
    else this.lines.putBack(node, message);
    sim.metrics.queuedBy(node, 1);
    this.weigh(sim, node, message, 1);
    // A sender that blocks cannot be told to take a message back: there the queue is over its capacity for a while.
    const capacity = this.ints[row | INT.capacity];
    if (capacity > 0) this.pushOut(sim, node, capacity);
    this.deliverWaiting(sim, node);
  }

  /** There is room for the first of the dead letters that wait. */
  room(sim: Simulation, node: number, edge: number, tag: number): void {
    if (!this.deadLetters.room(sim, node, edge, tag)) return;
    this.hasLess(sim, node);
    sim.roomFreed(node);
  }

  setField(sim: Simulation, node: number, field: string, value: Json): void {
    const row = node << ROW_SHIFT;
    if (field === 'capacity') this.ints[row | INT.capacity] = value as number;
    else this.ints[row | INT.overflow] = OVERFLOW.indexOf(value as (typeof OVERFLOW)[number]);
    this.hasLess(sim, node);
    // Whoever waits may find room now, or may be let in at the cost of another message.
    for (let i = sim.transfers.waiters.count[node]; i > 0; i--) sim.roomFreed(node);
  }

  inject(): void {}

  heal(): void {}

  gauge(_sim: Simulation, node: number, into: NodeGauge): void {
    const capacity = this.ints[(node << ROW_SHIFT) | INT.capacity];
    const length = this.length(node);
    into.level = capacity > 0 ? Math.min(1, length / capacity) : NaN;
    into.amount = length;
    into.limit = capacity;
    into.machineState = capacity > 0 ? this.states.state[node] : NONE;
    into.machineSince = this.states.since[node];
  }

  held(_sim: Simulation, node: number): number {
    const ready = this.has(node, EXTRA.lines) ? this.lines.walk(node) : this.lists.walk(node);
    return ready + this.deadLetters.walk(node);
  }

  /** Delivered and not yet settled, for the invariants: a settle needs a delivery before it. */
  unsettled(node: number): number {
    return this.ints[(node << ROW_SHIFT) | INT.unacknowledged];
  }

  /** When the message at the head of the queue at the start of an edge came into it; NaN for none. */
  headSince({ plan, messages }: Simulation, edge: number): number {
    const head = this.head(plan.edgeFrom[edge]);
    return head === NO_MESSAGE ? NaN : messages.enteredAt[head];
  }

  /** The message to be delivered next, or `NO_MESSAGE`. */
  head(node: number): number {
    return this.has(node, EXTRA.lines) ? this.lines.head(node) : this.lists.head(node);
  }

  /** Whether dead letters of a queue stand before a full target. */
  isStuck(node: number): boolean {
    return this.deadLetters.waiting(node) > 0;
  }

  /** How many messages died in a queue for a reason, whether or not something takes its dead letters. */
  died(node: number, reason: number): number {
    return this.deadLetters.count(node, reason);
  }

  /** The same by the names of the reasons. */
  deaths(node: number): Record<DeathReason, number> {
    const counts = Object.entries(DEATH).map(([name, reason]) => [name, this.died(node, reason)]);
    return Object.fromEntries(counts) as Record<DeathReason, number>;
  }

  /** A message begins (1) or ceases (-1) to wait here, of which the memory of the broker may have to know. */
  private weigh(sim: Simulation, node: number, message: number, change: number): void {
    if (this.has(node, EXTRA.memory))
      this.broker.changeBy(sim, node, change * sim.messages.sizeBytes[message]);
  }

  /** Whether a message that comes now would be refused. */
  private isRefusing(node: number): boolean {
    const capacity = this.ints[(node << ROW_SHIFT) | INT.capacity];
    const policy = this.ints[(node << ROW_SHIFT) | INT.overflow];
    const refuses = policy === DROP_NEWEST || policy === DEAD_LETTER_NEWEST;
    return refuses && capacity > 0 && this.stored(node) >= capacity;
  }

  private has(node: number, extra: number): boolean {
    return (this.ints[(node << ROW_SHIFT) | INT.extras] & extra) !== 0;
  }

  private length(node: number): number {
    return this.has(node, EXTRA.lines) ? this.lines.length(node) : this.lists.length(node);
  }

  private shift(node: number): number {
    return this.has(node, EXTRA.lines) ? this.lines.shift(node) : this.lists.shift(node);
  }

  /** Ready messages and dead letters that cannot leave. */
  private stored(node: number): number {
    return this.length(node) + this.deadLetters.waiting(node);
  }

  /** Pushes out the head as the policy says, until no more than `most` are left; false if it cannot. */
  private pushOut(sim: Simulation, node: number, most: number): boolean {
    const policy = this.ints[(node << ROW_SHIFT) | INT.overflow];
    if (policy === BLOCK || policy === DROP_NEWEST || policy === DEAD_LETTER_NEWEST) return false;
    while (this.stored(node) > most) {
      if (this.deadLetters.waiting(node) > 0 || this.length(node) === 0) return false;
      const oldest = this.shift(node);
      sim.metrics.queuedBy(node, -1);
      this.weigh(sim, node, oldest, -1);
      this.deadLetters.die(sim, node, oldest, DEATH.maxlen, policy !== DROP_OLDEST);
    }
    return true;
  }

  /** A message has left, or the capacity is another: a queue that was full may be open again. */
  private hasLess(sim: Simulation, node: number): void {
    // Whoever stands in line comes in first, and a queue before which somebody stands is not open.
    if (!this.has(node, EXTRA.full) || sim.transfers.waiters.count[node] > 0) return;
    this.states.holds(sim.now, node, this.ints, this.stored(node));
  }

  /** The arriving message is refused, as the queue is full. */
  private refuse(sim: Simulation, node: number, message: number): void {
    sim.metrics.count(node, METRIC.in);
    if (this.ints[(node << ROW_SHIFT) | INT.overflow] === DEAD_LETTER_NEWEST) {
      this.deadLetters.die(sim, node, message, DEATH.maxlen, true);
    } else {
      this.drop(sim, node, message, LOSS.refused);
    }
  }

  /** Drops a dead letter that has come back to where it died; true if it was one. */
  private endsCircle(sim: Simulation, node: number, message: number): boolean {
    if (!diesInCircle(sim.messages, message, node)) return false;
    sim.metrics.count(node, METRIC.in);
    this.drop(sim, node, message, LOSS.circle);
    // It leaves the room for which it may have been called.
    sim.roomFreed(node);
    return true;
  }

  private drop(sim: Simulation, node: number, message: number, reason: number): void {
    sim.metrics.count(node, METRIC.dropped);
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.dropped, node, sim.messages.serial[message], reason, 0);
    }
    sim.messages.free(message);
  }

  /** The next message that may still be delivered. */
  private takeLive(sim: Simulation, node: number): number {
    this.expireHead(sim, node);
    return this.shift(node);
  }

  /** Lets the head expire, and those that come to be the head by that, if it is time; else sees to it when it is. */
  private expireHead(sim: Simulation, node: number): void {
    if (!this.has(node, EXTRA.expiry)) return;
    for (let head = this.head(node); head !== NO_MESSAGE; head = this.head(node)) {
      const due = this.expiry.dueAt(sim, node, head);
      if (due > sim.now) {
        if (due < Infinity) this.expiry.wakeAt(sim, node, due);
        return;
      }
      this.shift(node);
      sim.metrics.queuedBy(node, -1);
      this.weigh(sim, node, head, -1);
      this.deadLetters.die(sim, node, head, DEATH.expired, true);
      this.hasLess(sim, node);
      sim.roomFreed(node);
    }
  }

  /** Offers what waits to the consumers that came away empty-handed, for as long as one takes it. */
  private deliverWaiting(sim: Simulation, node: number): void {
    const row = node << ROW_SHIFT;
    this.expireHead(sim, node);
    while (this.length(node) > 0 && this.ints[row | INT.hungryEdges] > 0) {
      const message = this.shift(node);
      if (!this.deliver(sim, node, message)) {
        if (this.has(node, EXTRA.lines)) this.lines.unshift(node, message);
        else this.lists.pushFront(node, message);
        return;
      }
      sim.metrics.queuedBy(node, -1);
      this.weigh(sim, node, message, -1);
      this.expireHead(sim, node);
      this.hasLess(sim, node);
      sim.roomFreed(node);
    }
  }

  /** Offers a message to the consumers that came away empty-handed, in turn; false if none has a free worker. */
  private deliver(sim: Simulation, node: number, message: number): boolean {
    const { ints, hungry, ranks } = this;
    const row = node << ROW_SHIFT;
    const { edges } = ranks ?? this.consumers;
    let place = ints[row | INT.turn];
    while (ints[row | INT.hungryEdges] > 0) {
      const edge = edges[place];
      place = place + 1 === ints[row | INT.end] ? this.consumers.start[node] : place + 1;
      if (hungry[edge] === 0) continue;
      if (sim.deliver(edge, message)) {
        ints[row | INT.turn] = ranks === null ? place : ranks.served(node, place);
        ints[row | INT.unacknowledged]++;
        sim.metrics.count(node, METRIC.out);
        return true;
      }
      hungry[edge] = 0;
      ints[row | INT.hungryEdges]--;
    }
    return false;
  }
}
