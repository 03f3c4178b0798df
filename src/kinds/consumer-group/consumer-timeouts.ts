import type { EnginePlan } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import { SlotPool } from '../../lib/slot-pool.ts';
import { GIVEN_BACK } from '../shared/given-back.ts';
import { microsOf, type NodeConfig } from '../shared/node-config.ts';
import { acknowledgesLate } from './guarantees.ts';
import type { Connections } from './connections.ts';
import { copyOfHeld } from './second-lives.ts';
import { LATE, WORKER, WORKER_SHIFT, type Workers } from './workers.ts';

/** Event type of a group: what came along an edge, the argument, may be unacknowledged for too long. */
export const CONSUMER_TIMEOUT = 23;

const NONE = -1;
const FIRST = 64;
const OF_DELIVERY = ['message', 'member', 'worker', 'previous', 'following'] as const;
const OF_EDGE = ['first', 'last'] as const;

/** Null if no queue of a design takes back what its consumers do not acknowledge in time. */
export function consumerTimeouts(
  sim: Simulation,
  configs: readonly NodeConfig[],
  workers: Workers,
): ConsumerTimeouts | null {
  const { plan } = sim;
  const timeouts = Float64Array.from(plan.edgeFrom, (queue, edge) => {
    const isTimed = hasTimeout(configs[queue], configs[plan.edgeTo[edge]]);
    return isTimed ? consumerTimeoutOf(configs[queue]) : 0;
  });
  return timeouts.some((timeout) => timeout > 0) ? new ConsumerTimeouts(sim, timeouts, workers) : null;
}

/** Whether a queue takes back what a group has not acknowledged in time; who acknowledges before the work always has. */
export function hasTimeout(queue: NodeConfig, group: NodeConfig): boolean {
  return acknowledgesLate(group) && consumerTimeoutOf(queue) > 0;
}

/** In microseconds; 0 for none. Only quorum queues have one (RabbitMQ 4.3, consumer_timeouts.md). */
export function consumerTimeoutOf(queue: NodeConfig): number {
  const isQuorum = queue.kind === 'queue' && queue.fields.queueType === 'quorum';
  return isQuorum ? microsOf(queue, 'consumerTimeout') : 0;
}

/**
 * What consumers of quorum queues have and have not acknowledged, in the order in which it came along each edge: with one
 * timeout for all of an edge that is the order in which it is due, so that one event an edge is enough. What is over its
 * time goes back to its queue, while the consumer works on it all the same; it gets nothing more until it has settled all
 * that it had too long.
 */
export class ConsumerTimeouts {
  /** Called when something is taken back from a member, by its number from 0: before its queue has it again, and after. */
  onLate: (node: number, edge: number, local: number) => void = () => {};
  onBack: (sim: Simulation, node: number, edge: number, local: number) => void = () => {};
  /** Connections that may be cut. */
  connections!: Connections;
  /** Of each edge in microseconds; 0 for none. */
  private readonly timeout: Float64Array;
  private readonly edgeTo: Int32Array;
  private readonly workers: Workers;
  private readonly places: SlotPool;
  /** Of each delivery: its message, the member that has it, the worker that has begun it or NONE, and its neighbours. */
  private message = new Int32Array();
  private member = new Int32Array();
  private worker = new Int32Array();
  private previous = new Int32Array();
  private following = new Int32Array();
  /** When it is due; Infinity once it was. */
  private dueAt = new Float64Array();
  /** Of each edge: the oldest and the newest, 1 while an event is pending, and how many were taken back. */
  private first = new Int32Array();
  private last = new Int32Array();
  private rings = new Uint8Array();
  private takenBack = new Float64Array();
  /** What a consumer had for too long and has not settled yet: of each edge and member, and of each member. */
  private late = new Int32Array();
  private lateInAll = new Int32Array();
  /** Of each edge: where its members begin in `late`. */
  private readonly firstRow: Int32Array;

  constructor({ columns, plan }: Simulation, timeout: Float64Array, workers: Workers) {
    this.timeout = timeout;
    this.edgeTo = plan.edgeTo;
    this.workers = workers;
    for (const field of OF_DELIVERY) columns.i32(this, field, FIRST);
    columns.f64(this, 'dueAt', FIRST);
    for (const field of OF_EDGE) columns.i32(this, field, plan.edgeCount).fill(NONE);
    columns.u8(this, 'rings', plan.edgeCount);
    columns.f64(this, 'takenBack', plan.edgeCount);
    let rows = 0;
    this.firstRow = Int32Array.from(plan.edgeTo, (group, edge) => {
      const first = rows;
      if (timeout[edge] > 0) rows += workers.memberCount[group];
      return first;
    });
    columns.i32(this, 'late', rows);
    columns.i32(this, 'lateInAll', workers.totalMembers);
    this.places = new SlotPool(columns, FIRST, plan.limits.messages, 'unacknowledged messages');
    this.places.onGrow = (size) => {
      for (const field of OF_DELIVERY) columns.grow(this, field, size);
      columns.grow(this, 'dueAt', size);
    };
  }

  /** Whether what comes along an edge has to be acknowledged in time. */
  has(edge: number): boolean {
    return this.timeout[edge] > 0;
  }

  /** What a member, by its number from 0, had for too long along an edge and has not settled yet. */
  lateOf(edge: number, local: number): number {
    return this.has(edge) ? this.late[this.firstRow[edge] + local] : 0;
  }

  /** Whether a member has not settled all that it had too long, along whatever edge. */
  isLate(member: number): boolean {
    return this.lateInAll[member] > 0;
  }

  /** Of the queue at the start of edges: messages that it took back, and consumers that get nothing now because of that. */
  figures({ outEdges, outStart }: EnginePlan, queue: number): { takenBack: number; lateConsumers: number } {
    const figures = { takenBack: 0, lateConsumers: 0 };
    for (const edge of outEdges.subarray(outStart[queue], outStart[queue + 1])) {
      if (!this.has(edge)) continue;
      figures.takenBack += this.takenBack[edge];
      const members = this.workers.memberCount[this.edgeTo[edge]];
      for (let local = 0; local < members; local++)
        figures.lateConsumers += Number(this.lateOf(edge, local) > 0);
    }
    return figures;
  }

  /** A member gets a message; returns the number of the delivery. */
  begin(sim: Simulation, edge: number, member: number, message: number): number {
    const delivery = this.places.take();
    const last = this.last[edge];
    this.message[delivery] = message;
    this.member[delivery] = member;
    this.worker[delivery] = NONE;
    this.previous[delivery] = last;
    this.following[delivery] = NONE;
    this.dueAt[delivery] = sim.now + this.timeout[edge];
    this.last[edge] = delivery;
    if (last === NONE) this.first[edge] = delivery;
    else this.following[last] = delivery;
    if (this.rings[edge] === 0) this.ring(sim, edge);
    return delivery;
  }

  /** A worker begins with the message of a delivery, which may be late already. */
  take(worker: number, delivery: number): void {
    const at = worker << WORKER_SHIFT;
    this.worker[delivery] = worker;
    this.workers.cells[at | WORKER.delivery] = delivery;
    this.workers.cells[at | WORKER.row] = this.isOver(delivery) ? LATE : NONE;
  }

  /** A worker has its message no more; true if its queue has taken that back already. */
  leave(worker: number): boolean {
    const { cells } = this.workers;
    const at = worker << WORKER_SHIFT;
    const edge = cells[at | WORKER.edge];
    return edge !== NONE && this.has(edge) && this.end(edge, cells[at | WORKER.delivery]);
  }

  /** A delivery is settled, or its consumer is gone; true if it was late. */
  end(edge: number, delivery: number): boolean {
    const wasLate = this.isOver(delivery);
    if (wasLate) this.count(edge, this.member[delivery], -1);
    else this.unlink(edge, delivery);
    this.places.give(delivery);
    return wasLate;
  }

  /** The event of an edge into a group is due: what is over its time goes back to its queue. */
  expire(sim: Simulation, node: number, edge: number): void {
    this.rings[edge] = 0;
    for (let oldest = this.first[edge]; oldest !== NONE; oldest = this.first[edge]) {
      if (this.dueAt[oldest] > sim.now) return this.ring(sim, edge);
      this.takeBack(sim, node, edge, oldest);
    }
  }

  private takeBack(sim: Simulation, node: number, edge: number, delivery: number): void {
    const { workers } = this;
    const [message, member, worker] = [this.message[delivery], this.member[delivery], this.worker[delivery]];
    const local = member - workers.firstMember[node];
    this.unlink(edge, delivery);
    this.takenBack[edge]++;
    const wasDone = this.connections.wasDone(delivery);
    sim.trace.add(sim.now, TRACE.overdue, sim.plan.edgeFrom[edge], node, local + 1, Number(wasDone));
    this.onLate(node, edge, local);
    if (this.connections.overdue(sim, node, delivery)) {
      this.places.give(delivery);
      return;
    }
    this.dueAt[delivery] = Infinity;
    this.count(edge, member, 1);
    workers.close(node, member);
    if (worker !== NONE) this.connections.leave(sim, worker);
    if (worker !== NONE) workers.cells[(worker << WORKER_SHIFT) | WORKER.row] = LATE;
    const isTried = worker !== NONE && workers.isTrying(worker);
    sim.metrics.copied++;
    sim.giveBack(edge, GIVEN_BACK.released, copyOfHeld(sim, message, isTried));
    this.onBack(sim, node, edge, local);
  }

  private count(edge: number, member: number, change: number): void {
    const local = member - this.workers.firstMember[this.edgeTo[edge]];
    this.late[this.firstRow[edge] + local] += change;
    this.lateInAll[member] += change;
  }

  private isOver(delivery: number): boolean {
    return this.dueAt[delivery] === Infinity;
  }

  /** Sees to it that the oldest delivery along an edge is looked at when it is due. */
  private ring(sim: Simulation, edge: number): void {
    this.rings[edge] = 1;
    sim.at(this.dueAt[this.first[edge]], this.edgeTo[edge], CONSUMER_TIMEOUT, edge);
  }

  private unlink(edge: number, delivery: number): void {
    const [before, after] = [this.previous[delivery], this.following[delivery]];
    if (before === NONE) this.first[edge] = after;
    else this.following[before] = after;
    if (after === NONE) this.last[edge] = before;
    else this.previous[after] = before;
  }
}
