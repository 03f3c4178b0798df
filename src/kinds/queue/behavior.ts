import { METRIC } from '../../engine/metrics.ts';
import type { Json } from '../../design/types.ts';
import { MessageLists } from '../../engine/message-lists.ts';
import { MESSAGE_FLAG, NO_MESSAGE } from '../../engine/messages.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import type { NodeBehavior, NodeGauge } from '../node-behavior.ts';
import { EDGE_ROLE, edgesByRole, type EdgeRows } from '../shared/edge-roles.ts';
import { choiceOf, numberOf, type NodeConfig } from '../shared/node-config.ts';

const OVERFLOW = ['block', 'drop-oldest', 'drop-newest', 'dead-letter'] as const;
const BLOCK = 0;
const DROP_OLDEST = 1;
const DROP_NEWEST = 2;
const DEAD_LETTER = 3;
const NONE = -1;

/** One row of integers a queue, so that a message touches one line of the cache for them. */
const ROW_SHIFT = 3;
const INT = {
  capacity: 0,
  overflow: 1,
  /** Messages delivered and neither acknowledged nor given back. */
  unacknowledged: 2,
  /** Edges to consumers that may have a free worker; where the next round among them starts; the end of them. */
  hungryEdges: 3,
  turn: 4,
  end: 5,
  /** Number of the next arrival, for those at one instant. */
  arrivals: 6,
  /** A message pushed out by a newer one that stands in line before a full target, or NONE. */
  evicted: 7,
} as const;

/**
 * Queues: strict first in, first out. A message that finds the queue empty is offered to the consumers that came
 * away empty-handed, in turn, so that it passes through in no time if a worker is free; else it goes to the end.
 */
export class Queues implements NodeBehavior {
  private readonly lists: MessageLists;
  private readonly consumers: EdgeRows;
  private readonly deadEdges: EdgeRows;
  private ints = new Int32Array();
  /** Of each edge to a consumer, 1 if it may have a free worker. */
  private hungry = new Uint8Array();

  constructor(sim: Simulation, configs: readonly NodeConfig[], nodes: readonly number[], role: Uint8Array) {
    const { columns, plan } = sim;
    this.consumers = edgesByRole(plan, role, 'out', [EDGE_ROLE.deliveries]);
    this.deadEdges = edgesByRole(plan, role, 'out', [EDGE_ROLE.dead]);
    this.lists = new MessageLists(columns, sim.messages, plan.nodeCount);
    columns.i32(this, 'ints', plan.nodeCount << ROW_SHIFT);
    columns.u8(this, 'hungry', plan.edgeCount).fill(1);
    for (const node of nodes) {
      const row = node << ROW_SHIFT;
      const first = this.consumers.start[node];
      const end = this.consumers.start[node + 1];
      this.ints[row | INT.capacity] = numberOf(configs[node], 'capacity');
      this.ints[row | INT.overflow] = choiceOf(configs[node], 'overflow', OVERFLOW);
      this.ints[row | INT.hungryEdges] = end - first;
      this.ints[row | INT.turn] = first;
      this.ints[row | INT.end] = end;
      this.ints[row | INT.evicted] = NONE;
    }
  }

  offer(sim: Simulation, node: number, message: number): boolean {
    const { ints, lists } = this;
    const row = node << ROW_SHIFT;
    const capacity = ints[row | INT.capacity];
    if (capacity > 0 && this.stored(node) >= capacity) {
      if (ints[row | INT.overflow] === DROP_NEWEST) {
        sim.metrics.count(node, METRIC.in);
        this.drop(sim, node, message);
        return true;
      }
      if (!this.pushOut(sim, node, capacity - 1)) return false;
    }
    sim.messages.enteredAt[message] = sim.now;
    sim.messages.readers[message] = ints[row | INT.arrivals]++;
    sim.metrics.count(node, METRIC.in);
    const waiting = lists.length(node);
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.entered, node, sim.messages.serial[message], waiting + 1, 0);
    }
    if (waiting > 0 || ints[row | INT.hungryEdges] === 0 || !this.deliver(sim, node, message)) {
      lists.push(node, message);
      sim.metrics.queuedBy(node, 1);
    }
    // Whoever stood in line meanwhile was not counted by who made the room.
    if (capacity === 0 || ints[row | INT.overflow] !== BLOCK || this.stored(node) < capacity) {
      sim.roomFreed(node);
    }
    return true;
  }

  take(sim: Simulation, node: number, edge: number): number {
    const message = this.lists.shift(node);
    const row = node << ROW_SHIFT;
    if (message === NO_MESSAGE) {
      this.ints[row | INT.hungryEdges] += 1 - this.hungry[edge];
      this.hungry[edge] = 1;
      return NO_MESSAGE;
    }
    sim.metrics.queuedBy(node, -1);
    sim.metrics.count(node, METRIC.out);
    this.ints[row | INT.unacknowledged]++;
    sim.roomFreed(node);
    return message;
  }

  settle(node: number, count: number): void {
    this.ints[(node << ROW_SHIFT) | INT.unacknowledged] -= count;
  }

  /** A consumer died with the message in hand: it goes back to its original place. */
  giveBack(sim: Simulation, node: number, message: number): void {
    sim.messages.flags[message] |= MESSAGE_FLAG.redelivered;
    this.ints[(node << ROW_SHIFT) | INT.unacknowledged]--;
    this.lists.putBack(node, message);
    sim.metrics.count(node, METRIC.in);
    sim.metrics.queuedBy(node, 1);
    // A sender that blocks cannot be told to take a message back: there the queue is over its capacity for a while.
    const capacity = this.ints[(node << ROW_SHIFT) | INT.capacity];
    if (capacity > 0) this.pushOut(sim, node, capacity);
    this.deliverWaiting(sim, node);
  }

  /** There is room for the evicted message. */
  room(sim: Simulation, node: number, edge: number, tag: number): void {
    const evicted = (node << ROW_SHIFT) | INT.evicted;
    if (!sim.resend(edge, this.ints[evicted], tag)) return;
    this.ints[evicted] = NONE;
    sim.metrics.count(node, METRIC.out);
    sim.roomFreed(node);
  }

  setField(sim: Simulation, node: number, field: string, value: Json): void {
    const row = node << ROW_SHIFT;
    if (field === 'capacity') this.ints[row | INT.capacity] = value as number;
    else this.ints[row | INT.overflow] = OVERFLOW.indexOf(value as (typeof OVERFLOW)[number]);
    // Whoever waits may find room now, or may be let in at the cost of another message.
    for (let i = sim.transfers.waiters.count[node]; i > 0; i--) sim.roomFreed(node);
  }

  inject(): void {}

  heal(): void {}

  gauge(_sim: Simulation, node: number, into: NodeGauge): void {
    const capacity = this.ints[(node << ROW_SHIFT) | INT.capacity];
    const length = this.lists.length(node);
    into.level = capacity > 0 ? Math.min(1, length / capacity) : NaN;
    into.amount = length;
    into.limit = capacity;
    into.busy = 0;
    into.servers = 0;
    into.down = false;
    into.failing = false;
    into.machineState = NONE;
    into.machineSince = 0;
  }

  held(sim: Simulation, node: number): number {
    let count = this.ints[(node << ROW_SHIFT) | INT.evicted] === NONE ? 0 : 1;
    const { next } = sim.messages;
    for (let message = this.lists.head(node); message !== NO_MESSAGE; message = next[message]) count++;
    return count;
  }

  /** Delivered and not yet settled, for the invariants: a settle needs a delivery before it. */
  unsettled(node: number): number {
    return this.ints[(node << ROW_SHIFT) | INT.unacknowledged];
  }

  private stored(node: number): number {
    return this.lists.length(node) + (this.ints[(node << ROW_SHIFT) | INT.evicted] === NONE ? 0 : 1);
  }

  /** Pushes out the oldest as the policy says, until no more than `most` are left; false if it cannot. */
  private pushOut(sim: Simulation, node: number, most: number): boolean {
    const policy = this.ints[(node << ROW_SHIFT) | INT.overflow];
    if (policy === BLOCK || policy === DROP_NEWEST) return false;
    while (this.stored(node) > most) {
      if (this.ints[(node << ROW_SHIFT) | INT.evicted] !== NONE || this.lists.length(node) === 0)
        return false;
      const oldest = this.lists.shift(node);
      sim.metrics.queuedBy(node, -1);
      if (policy === DROP_OLDEST || this.deadEdges.start[node] === this.deadEdges.start[node + 1]) {
        this.drop(sim, node, oldest);
      } else {
        this.deadLetter(sim, node, oldest);
      }
    }
    return true;
  }

  private deadLetter(sim: Simulation, node: number, message: number): void {
    const edge = this.deadEdges.edges[this.deadEdges.start[node]];
    sim.messages.attempts[message] = 0;
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.deadLettered, node, sim.messages.serial[message], DEAD_LETTER, 0);
    }
    if (sim.send(edge, message, 0)) sim.metrics.count(node, METRIC.out);
    else this.ints[(node << ROW_SHIFT) | INT.evicted] = message;
  }

  private drop(sim: Simulation, node: number, message: number): void {
    sim.metrics.count(node, METRIC.dropped);
    if (sim.trace.messages) {
      sim.trace.add(
        sim.now,
        TRACE.dropped,
        node,
        sim.messages.serial[message],
        this.ints[(node << ROW_SHIFT) | INT.overflow],
        0,
      );
    }
    sim.messages.free(message);
  }

  /** Offers what waits to the consumers that came away empty-handed, for as long as one takes it. */
  private deliverWaiting(sim: Simulation, node: number): void {
    const row = node << ROW_SHIFT;
    while (this.lists.length(node) > 0 && this.ints[row | INT.hungryEdges] > 0) {
      const message = this.lists.shift(node);
      if (!this.deliver(sim, node, message)) {
        this.lists.putBack(node, message);
        return;
      }
      sim.metrics.queuedBy(node, -1);
      sim.roomFreed(node);
    }
  }

  /** Offers a message to the consumers that came away empty-handed, in turn; false if none has a free worker. */
  private deliver(sim: Simulation, node: number, message: number): boolean {
    const { ints, hungry } = this;
    const row = node << ROW_SHIFT;
    const { edges } = this.consumers;
    let place = ints[row | INT.turn];
    while (ints[row | INT.hungryEdges] > 0) {
      const edge = edges[place];
      place = place + 1 === ints[row | INT.end] ? this.consumers.start[node] : place + 1;
      if (hungry[edge] === 0) continue;
      if (sim.deliver(edge, message)) {
        ints[row | INT.turn] = place;
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
