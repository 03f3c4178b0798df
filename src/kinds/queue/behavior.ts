import { METRIC } from '../../engine/metrics.ts';
import type { Json } from '../../design/types.ts';
import type { MessageLists } from '../../engine/message-lists.ts';
import { MESSAGE_FLAG, NO_MESSAGE } from '../../engine/messages.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import type { NodeBehavior, NodeGauge } from '../node-behavior.ts';
import type { Addresses } from '../shared/addresses.ts';
import { comesFullCircle, DEATH, type DeathReason } from '../shared/deaths.ts';
import { GIVEN_BACK } from '../shared/given-back.ts';
import { EDGE_ROLE, edgesByRole, type EdgeRows } from '../shared/edge-roles.ts';
import { microsOf, type NodeConfig } from '../shared/node-config.ts';
import { Broker, LOOK } from './broker.ts';
import { consumerRanks, type ConsumerRanks } from './consumer-ranks.ts';
import { DeadLetters } from './dead-letters.ts';
import { delayedRetries, RETRY_DUE } from './delayed-retries.ts';
import { Expiry } from './expiry.ts';
import { LetterTargets, type LetterRoutes } from './letter-targets.ts';
import type { Lines } from './lines.ts';
import { delaysRetries, deliveryLimitOf, orderOf } from './queue-order.ts';
import { EXTRA, INT, ROW_SHIFT } from './queue-row.ts';
import { QueueStates } from './queue-states.ts';
import { FULL, LOSS, Room } from './room.ts';
import { safeLetters, SEND_AGAIN } from './safe-letters.ts';
import { Stock } from './stock.ts';

const NONE = -1;
/** What a message does not have to be looked at for when it is taken. */
const BESIDE_TAKING = ~(EXTRA.full | EXTRA.limited);

/**
 * Queues: first in, first out, unless there are priorities. A message that finds the queue empty is offered to the
 * consumers that came away empty-handed, in turn, so that it passes through in no time if a worker is free; else it
 * goes to the end.
 */
export class Queues implements NodeBehavior {
  readonly stock: Stock;
  private readonly lists: MessageLists;
  private readonly lines: Lines;
  private readonly expiry: Expiry;
  private readonly deadLetters: DeadLetters;
  private readonly consumers: EdgeRows;
  private readonly ranks: ConsumerRanks | null;
  readonly broker: Broker;
  readonly states: QueueStates;
  readonly limits: Room;
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
    ways: { addresses: Addresses; exchanges: LetterRoutes },
  ) {
    const { columns, messages, plan } = sim;
    columns.i32(this, 'ints', plan.nodeCount << ROW_SHIFT);
    this.consumers = edgesByRole(plan, role, 'out', [EDGE_ROLE.deliveries]);
    this.ranks = consumerRanks(sim, configs, this.consumers);
    this.deadLetters = new DeadLetters(sim, role, ways.addresses);
    this.expiry = new Expiry(sim);
    this.states = new QueueStates(columns, plan.nodeCount);
    this.broker = new Broker(sim, configs, nodes, (node, bytes) => this.limits.isRefusing(node, bytes));
    columns.u8(this, 'hungry', plan.edgeCount).fill(1);
    columns.i32(this, 'deliveryLimit', plan.nodeCount);
    const orders = nodes.flatMap((node) => orderOf(node, configs[node], messages.priority.length > 0));
    const { ints, broker, states, deadLetters } = this;
    const delayed = delayedRetries(sim, configs);
    this.stock = new Stock(columns, messages, plan.nodeCount, { orders, ints, memory: broker, delayed });
    this.lists = this.stock.lists;
    this.lines = this.stock.lines;
    this.limits = new Room(sim, { stock: this.stock, deadLetters, states, ints });
    const targets = new LetterTargets(configs, { limits: this.limits, ints, routes: ways.exchanges });
    deadLetters.safe = safeLetters(sim, configs, { edges: deadLetters.edges, ints, targets });
    for (const node of nodes) {
      const row = node << ROW_SHIFT;
      const [first, end] = [this.consumers.start[node], this.consumers.start[node + 1]];
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
        (delaysRetries(configs[node]) ? EXTRA.delays : 0) |
        (broker.watermark < Infinity || Number(configs[node].fields.capacityBytes) > 0 ? EXTRA.weighed : 0);
      this.limits.configure(node, configs[node]);
    }
  }

  offer(sim: Simulation, node: number, message: number): boolean {
    const { ints, lists, limits } = this;
    const row = node << ROW_SHIFT;
    const extras = ints[row | INT.extras];
    if ((extras & EXTRA.circles) !== 0 && this.endsCircle(sim, node, message)) return true;
    if ((extras & EXTRA.limited) !== 0 && limits.isFullFor(node, sim.messages.sizeBytes[message])) {
      const fate = this.findsFull(sim, node, message);
      if (fate !== FULL.letIn) return fate === FULL.gone;
    }
    // What failed in another queue begins anew in this one.
    if ((extras & (EXTRA.returns | EXTRA.delays)) !== 0) sim.messages.returns[message] = 0;
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
      if ((extras & (EXTRA.weighed | EXTRA.delays)) !== 0) this.weighIn(sim, node, message);
      if ((extras & EXTRA.expiry) !== 0) this.expireHead(sim, node);
    }
    // Whoever stood in line meanwhile was not counted by who made the room.
    if ((extras & EXTRA.limited) === 0) sim.roomFreed(node);
    else if (limits.hasMore(node)) limits.freed(sim, node);
    return true;
  }

  take(sim: Simulation, node: number, edge: number): number {
    const row = node << ROW_SHIFT;
    const extras = this.ints[row | INT.extras];
    const isPlain = (extras & BESIDE_TAKING) === 0;
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
      this.stock.weigh(sim, node, message, -1);
      this.expireHead(sim, node);
    }
    this.limits.freed(sim, node);
    return message;
  }

  settle(node: number): void {
    this.ints[(node << ROW_SHIFT) | INT.unacknowledged]--;
  }

  /** The head of a queue may have expired, a retry is due, or the broker looks at its memory. */
  fire(sim: Simulation, node: number, type: number, arg: number): void {
    if (type === LOOK) return this.broker.look(sim);
    if (type === SEND_AGAIN) return this.sendAgain(sim, node);
    if (type === RETRY_DUE) return this.retry(sim, node, arg);
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
      this.limits.diesInHand(sim, node, message, DEATH.rejected);
      return;
    }
    messages.flags[message] |= MESSAGE_FLAG.redelivered;
    sim.metrics.count(node, METRIC.retries);
    const counts = (extras & EXTRA.returns) !== 0 && way !== GIVEN_BACK.released;
    if (counts && ++messages.returns[message] > this.deliveryLimit[node]) {
      this.limits.diesInHand(sim, node, message, DEATH.delivery_limit);
      return;
    }
    const isHeld = (extras & EXTRA.delays) !== 0 && this.stock.delayed!.hold(sim, node, way, message);
    if (!isHeld) {
      this.stock.putBack(node, message);
      sim.metrics.queuedBy(node, 1);
    }
    this.stock.weigh(sim, node, message, 1);
    this.cameBack(sim, node);
  }

  /** There is room for the first of the dead letters that wait. */
  room(sim: Simulation, node: number, edge: number, tag: number): void {
    if (this.deadLetters.room(sim, node, edge, tag)) this.limits.letterLeft(sim, node);
  }

  setField(sim: Simulation, node: number, field: string, value: Json): void {
    this.limits.setField(sim, node, field, value);
  }

  /** Its one fault: the disk of the broker is full. */
  inject(sim: Simulation, node: number): void {
    this.broker.fillDisk(sim, node, true);
  }

  heal(sim: Simulation, node: number): void {
    this.broker.fillDisk(sim, node, false);
  }

  gauge(_sim: Simulation, node: number, into: NodeGauge): void {
    into.level = this.limits.level(node);
    into.amount = this.length(node);
    into.limit = this.ints[(node << ROW_SHIFT) | INT.capacity];
    into.machineState = this.has(node, EXTRA.limited) ? this.states.state[node] : NONE;
    into.machineSince = this.states.since[node];
  }

  held(_sim: Simulation, node: number): number {
    return this.stock.walk(node) + this.deadLetters.walk(node);
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
    return this.stock.head(node);
  }

  /** Whether dead letters of a queue stand before a full target. */
  isStuck(node: number): boolean {
    return this.deadLetters.waiting(node) > 0;
  }

  /** Messages of a queue that wait for their retry, and are not ready yet. */
  delayedIn(node: number): number {
    return this.stock.delayedIn(node);
  }

  /** The message whose retry is due by an event with this argument, or `NO_MESSAGE`. */
  retriedBy(arg: number): number {
    return this.stock.delayed?.messageAt(arg) ?? NO_MESSAGE;
  }

  /** The messages that wait in a queue, ready or not, walked one by one. */
  waitingIn(node: number): number[] {
    return this.stock.messagesIn(node);
  }

  /** Dead letters of a queue that have not left it. */
  lettersWaiting(node: number): number {
    return this.deadLetters.waiting(node);
  }

  /** How often a target did not take a dead letter that goes at least once. */
  lettersRefused(node: number): number {
    return this.deadLetters.safe?.timesRefused(node) ?? 0;
  }

  /** The letter that stays in its queue while this message carries it by this edge to some of its targets; else NO_MESSAGE. */
  letterOf(edge: number, message: number): number {
    return this.deadLetters.safe?.parts.letterOf(edge, message) ?? NO_MESSAGE;
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

  /** A message has begun to wait in a queue that is weighed or delays retries: it may be too much for its limit. */
  private weighIn(sim: Simulation, node: number, message: number): void {
    this.stock.weigh(sim, node, message, 1);
    this.limits.trim(sim, node);
  }

  /** A message has waited for its retry: it is ready where it would have come back to. */
  private retry(sim: Simulation, node: number, place: number): void {
    this.stock.putBack(node, this.stock.delayed!.release(place));
    sim.metrics.queuedBy(node, 1);
    this.cameBack(sim, node);
  }

  /** There is more in a queue, or more of it is ready. */
  private cameBack(sim: Simulation, node: number): void {
    // A sender that blocks cannot be told to take a message back: there the queue is over its capacity for a while.
    this.limits.trim(sim, node);
    this.deliverWaiting(sim, node);
  }

  /** What no target of a queue has confirmed is sent again. */
  private sendAgain(sim: Simulation, node: number): void {
    if (this.deadLetters.safe!.sendAgain(sim, node)) this.limits.letterLeft(sim, node);
  }

  private has(node: number, extra: number): boolean {
    return (this.ints[(node << ROW_SHIFT) | INT.extras] & extra) !== 0;
  }

  private length(node: number): number {
    return this.stock.length(node);
  }

  /** A message finds no room; returns what becomes of it, as a place in `FULL`. */
  private findsFull(sim: Simulation, node: number, message: number): number {
    const fate = this.limits.full(sim, node, message);
    if (fate !== FULL.waits || !this.has(node, EXTRA.expiry)) return fate;
    // What was pushed out for it did not make room enough, and has left another head, which may expire sooner.
    const head = this.head(node);
    this.expireHead(sim, node);
    if (this.head(node) === head) return fate;
    const isFull = this.limits.isFullFor(node, sim.messages.sizeBytes[message]);
    return isFull ? this.findsFull(sim, node, message) : FULL.letIn;
  }

  /** Drops a dead letter that has come back to where it died; true if it was one. */
  private endsCircle(sim: Simulation, node: number, message: number): boolean {
    if (!comesFullCircle(sim.messages, message, node)) return false;
    sim.metrics.count(node, METRIC.in);
    this.limits.drop(sim, node, message, LOSS.circle);
    // It leaves the room for which it may have been called.
    this.limits.freed(sim, node);
    return true;
  }

  /** The next message that may still be delivered. */
  private takeLive(sim: Simulation, node: number): number {
    this.expireHead(sim, node);
    return this.stock.shift(node);
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
      this.stock.shift(node);
      sim.metrics.queuedBy(node, -1);
      this.stock.weigh(sim, node, head, -1);
      this.deadLetters.die(sim, node, head, DEATH.expired, true);
      this.limits.freed(sim, node);
    }
  }

  /** Offers what waits to the consumers that came away empty-handed, for as long as one takes it. */
  private deliverWaiting(sim: Simulation, node: number): void {
    const row = node << ROW_SHIFT;
    this.expireHead(sim, node);
    while (this.length(node) > 0 && this.ints[row | INT.hungryEdges] > 0) {
      const message = this.stock.shift(node);
      if (!this.deliver(sim, node, message)) return this.stock.unshift(node, message);
      sim.metrics.queuedBy(node, -1);
      this.stock.weigh(sim, node, message, -1);
      this.expireHead(sim, node);
      this.limits.freed(sim, node);
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
