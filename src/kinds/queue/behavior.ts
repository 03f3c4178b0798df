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

/**
 * Queues: strict first in, first out. A message that arrives goes to the end of the list and is then offered to
 * the consumers that came away empty-handed, in turn, so that it passes through in no time if a worker is free.
 */
export class Queues implements NodeBehavior {
  private readonly lists: MessageLists;
  private readonly consumers: EdgeRows;
  private readonly deadEdges: EdgeRows;
  private capacity = new Float64Array();
  private overflow = new Uint8Array();
  /** Messages delivered and neither acknowledged nor given back. */
  private unacknowledged = new Int32Array();
  /** Of each edge to a consumer, 1 if it may have a free worker; and how many such edges a queue has. */
  private hungry = new Uint8Array();
  private hungryEdges = new Int32Array();
  /** Where the next round among the consumers starts. */
  private turn = new Int32Array();
  /** A message pushed out by a newer one that stands in line before a full target, or NONE. */
  private evicted = new Int32Array();

  constructor(sim: Simulation, configs: readonly NodeConfig[], nodes: readonly number[], role: Uint8Array) {
    const { columns, plan } = sim;
    this.consumers = edgesByRole(plan, role, 'out', [EDGE_ROLE.deliveries]);
    this.deadEdges = edgesByRole(plan, role, 'out', [EDGE_ROLE.dead]);
    this.lists = new MessageLists(columns, sim.messages, plan.nodeCount);
    columns.f64(this, 'capacity', plan.nodeCount);
    columns.u8(this, 'overflow', plan.nodeCount);
    columns.i32(this, 'unacknowledged', plan.nodeCount);
    columns.u8(this, 'hungry', plan.edgeCount).fill(1);
    columns.i32(this, 'hungryEdges', plan.nodeCount);
    columns.i32(this, 'turn', plan.nodeCount);
    columns.i32(this, 'evicted', plan.nodeCount).fill(NONE);
    for (const node of nodes) {
      this.capacity[node] = numberOf(configs[node], 'capacity');
      this.overflow[node] = choiceOf(configs[node], 'overflow', OVERFLOW);
      this.turn[node] = this.consumers.start[node];
      this.hungryEdges[node] = this.consumers.start[node + 1] - this.consumers.start[node];
    }
  }

  offer(sim: Simulation, node: number, message: number): boolean {
    const { lists } = this;
    const capacity = this.capacity[node];
    if (capacity > 0 && this.stored(node) >= capacity) {
      if (this.overflow[node] === DROP_NEWEST) {
        sim.metrics.in[node]++;
        this.drop(sim, node, message);
        return true;
      }
      if (!this.pushOut(sim, node, capacity - 1)) return false;
    }
    sim.messages.enteredAt[message] = sim.now;
    lists.push(node, message);
    sim.metrics.in[node]++;
    sim.metrics.queuedBy(node, 1);
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.entered, node, sim.messages.serial[message], lists.length[node], 0);
    }
    if (this.hungryEdges[node] > 0) this.announce(sim, node);
    // Whoever stood in line meanwhile was not counted by who made the room.
    const hasRoom = capacity === 0 || this.overflow[node] !== BLOCK || this.stored(node) < capacity;
    if (hasRoom) sim.roomFreed(node);
    return true;
  }

  take(sim: Simulation, node: number, edge: number): number {
    const message = this.lists.shift(node);
    if (message === NO_MESSAGE) {
      this.hungryEdges[node] += 1 - this.hungry[edge];
      this.hungry[edge] = 1;
      return NO_MESSAGE;
    }
    sim.metrics.queuedBy(node, -1);
    sim.metrics.out[node]++;
    this.unacknowledged[node]++;
    sim.roomFreed(node);
    return message;
  }

  settle(node: number, count: number): void {
    this.unacknowledged[node] -= count;
  }

  /** A consumer died with the message in hand: it goes back to its original place. */
  giveBack(sim: Simulation, node: number, message: number): void {
    sim.messages.flags[message] |= MESSAGE_FLAG.redelivered;
    this.unacknowledged[node]--;
    this.lists.putBack(node, message);
    sim.metrics.in[node]++;
    sim.metrics.queuedBy(node, 1);
    // A sender that blocks cannot be told to take a message back: there the queue is over its capacity for a while.
    if (this.capacity[node] > 0) this.pushOut(sim, node, this.capacity[node]);
    if (this.hungryEdges[node] > 0) this.announce(sim, node);
  }

  /** There is room for the evicted message. */
  room(sim: Simulation, node: number, edge: number, tag: number): void {
    if (!sim.resend(edge, this.evicted[node], tag)) return;
    this.evicted[node] = NONE;
    sim.metrics.out[node]++;
    sim.roomFreed(node);
  }

  setField(sim: Simulation, node: number, field: string, value: Json): void {
    if (field === 'capacity') this.capacity[node] = value as number;
    else this.overflow[node] = OVERFLOW.indexOf(value as (typeof OVERFLOW)[number]);
    // Whoever waits may find room now, or may be let in at the cost of another message.
    for (let i = sim.transfers.waiters.count[node]; i > 0; i--) sim.roomFreed(node);
  }

  inject(): void {}

  heal(): void {}

  gauge(_sim: Simulation, node: number, into: NodeGauge): void {
    const capacity = this.capacity[node];
    const length = this.lists.length[node];
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
    let count = this.evicted[node] === NONE ? 0 : 1;
    const { next } = sim.messages;
    for (let message = this.lists.head[node]; message !== NO_MESSAGE; message = next[message]) count++;
    return count;
  }

  /** Delivered and not yet settled, for the invariants: a settle needs a delivery before it. */
  unsettled(node: number): number {
    return this.unacknowledged[node];
  }

  private stored(node: number): number {
    return this.lists.length[node] + (this.evicted[node] === NONE ? 0 : 1);
  }

  /** Pushes out the oldest as the policy says, until no more than `most` are left; false if it cannot. */
  private pushOut(sim: Simulation, node: number, most: number): boolean {
    const policy = this.overflow[node];
    if (policy === BLOCK || policy === DROP_NEWEST) return false;
    while (this.stored(node) > most) {
      if (this.evicted[node] !== NONE || this.lists.length[node] === 0) return false;
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
    if (sim.send(edge, message, 0)) sim.metrics.out[node]++;
    else this.evicted[node] = message;
  }

  private drop(sim: Simulation, node: number, message: number): void {
    sim.metrics.dropped[node]++;
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.dropped, node, sim.messages.serial[message], this.overflow[node], 0);
    }
    sim.messages.free(message);
  }

  /** Offers what waits to the consumers that came away empty-handed, in turn, for as long as one takes it. */
  private announce(sim: Simulation, node: number): void {
    const first = this.consumers.start[node];
    const end = this.consumers.start[node + 1];
    let place = this.turn[node];
    while (this.hungryEdges[node] > 0 && this.lists.length[node] > 0) {
      const edge = this.consumers.edges[place];
      place = place + 1 === end ? first : place + 1;
      if (this.hungry[edge] === 0) continue;
      const before = this.lists.length[node];
      sim.announce(edge, 0);
      if (this.lists.length[node] < before) {
        this.turn[node] = place;
      } else {
        this.hungry[edge] = 0;
        this.hungryEdges[node]--;
      }
    }
  }
}
