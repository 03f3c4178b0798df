import { METRIC } from '../../engine/metrics.ts';
import { MESSAGE_FLAG, NO_MESSAGE } from '../../engine/messages.ts';
import type { EnginePlan } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import { SlotPool } from '../../lib/slot-pool.ts';
import { GIVEN_BACK } from '../shared/given-back.ts';
import { microsOf, type NodeConfig } from '../shared/node-config.ts';
import type { ConsumerTimeouts } from './consumer-timeouts.ts';
import { acknowledgesLate } from './guarantees.ts';
import { copyOfHeld } from './second-lives.ts';
import { CUT, LATE, PHASE, WORKER, WORKER_SHIFT, type Workers } from './workers.ts';

/** Event type of a group: a broker has not heard of a consumer, whose row is the argument, for the time of its heartbeats. */
export const CONNECTION_LOST = 24;

const NONE = -1;
const FIRST = 16;
const OF_HELD = ['row', 'worker', 'spare', 'was', 'answer', 'delivery', 'turn'] as const;
/** What a consumer would have said of a message: nothing yet, done with work or without, or how it gives it back. */
const ANSWER = { none: 0, skipped: 1, done: 2, back: 3 } as const;

/**
 * Connections of consumers to queues of RabbitMQ that the network is cut under. What a consumer says meanwhile does not
 * get through: it is said when the network is whole again, unless the broker has missed its heartbeats before. Then the
 * connection is closed, all that was not acknowledged comes back, and what was done of it is done again.
 *
 * Who acknowledges before the work has nothing that could come back. Costs nothing before a network is cut.
 */
export class Connections {
  /** Called when a connection is closed, for what waits with the consumer and was not begun. */
  onLost: (sim: Simulation, node: number, edge: number, local: number) => void = () => {};
  /** Called when a queue hears at last of a message that a consumer was done with. */
  onHeard: (node: number, edge: number, local: number) => void = () => {};
  /** Workers of a group in the order in which their queue has sent them what they have. */
  inOrder!: (sim: Simulation, node: number, workers: number[]) => readonly number[];
  private readonly plan: EnginePlan;
  private readonly workers: Workers;
  private readonly timeouts: ConsumerTimeouts | null;
  /** Of each edge from a queue: time without heartbeats in microseconds, 0 for ever, and the row of the first member. */
  private readonly heartbeat: Float64Array;
  private readonly firstRow: Int32Array;
  private readonly edgeOf: Int32Array;
  /** Of each row: how many cuts there are under its connection, and the event that ends it, NONE for none. */
  private cuts = new Uint8Array();
  private timer = new Int32Array();
  /** Of what a cut consumer has or has answered: its row, worker, a copy of the message, its slot, and the answer. */
  private readonly places: SlotPool;
  private row = new Int32Array();
  private worker = new Int32Array();
  private spare = new Int32Array();
  private was = new Int32Array();
  private answer = new Int32Array();
  /** Its delivery, where the queue waits for an acknowledgement for a limited time; NONE else, and while a worker has it. */
  private delivery = new Int32Array();
  /** Rises with each, so that they come back in order. */
  private turn = new Int32Array();
  private turns = 0;

  constructor(
    sim: Simulation,
    configs: readonly NodeConfig[],
    workers: Workers,
    timeouts: ConsumerTimeouts | null,
  ) {
    const { columns, plan } = sim;
    this.plan = plan;
    this.workers = workers;
    this.timeouts = timeouts;
    this.heartbeat = new Float64Array(plan.edgeCount);
    this.firstRow = new Int32Array(plan.edgeCount).fill(NONE);
    const heartbeats = configs.map((each) => (each.kind === 'queue' ? microsOf(each, 'heartbeat') : NONE));
    const edgeOf: number[] = [];
    for (const [edge, queue] of plan.edgeFrom.entries()) {
      if (heartbeats[queue] === NONE || !acknowledgesLate(configs[plan.edgeTo[edge]])) continue;
      this.heartbeat[edge] = heartbeats[queue];
      this.firstRow[edge] = edgeOf.length;
      for (let local = 0; local < workers.memberCount[plan.edgeTo[edge]]; local++) edgeOf.push(edge);
    }
    this.edgeOf = Int32Array.from(edgeOf);
    columns.u8(this, 'cuts', edgeOf.length);
    columns.i32(this, 'timer', edgeOf.length).fill(NONE);
    for (const field of OF_HELD) columns.i32(this, field, FIRST).fill(NONE);
    columns.scalars(this, ['turns']);
    this.places = new SlotPool(
      columns,
      FIRST,
      plan.limits.messages,
      'messages of consumers that are cut off',
    );
    this.places.onGrow = (size) => {
      const before = this.row.length;
      for (const field of OF_HELD) columns.grow(this, field, size);
      for (const field of OF_HELD) this[field].fill(NONE, before);
    };
  }

  /** Whether nothing gets through between a member, by its number from 0, and the queue at the start of an edge. */
  isCut(edge: number, local: number): boolean {
    return this.firstRow[edge] !== NONE && this.cuts[this.firstRow[edge] + local] > 0;
  }

  /** The network under an edge is cut, or whole again. */
  cutEdge(sim: Simulation, edge: number, isCut: boolean): void {
    const members = this.firstRow[edge] === NONE ? 0 : this.workers.memberCount[this.plan.edgeTo[edge]];
    for (let local = 0; local < members; local++) this.change(sim, edge, local, isCut);
  }

  /** The network between a member and all its brokers is cut, or whole again. */
  cutMember(sim: Simulation, node: number, member: number, isCut: boolean): void {
    const { inEdges, inStart } = this.plan;
    for (const edge of inEdges.subarray(inStart[node], inStart[node + 1])) {
      if (this.firstRow[edge] !== NONE)
        this.change(sim, edge, member - this.workers.firstMember[node], isCut);
    }
  }

  /** A worker begins with a message that came along an edge; if that is cut, before the cut. */
  began(sim: Simulation, edge: number, worker: number, message: number): void {
    const { workers } = this;
    const local = workers.of(worker, WORKER.member) - workers.firstMember[this.plan.edgeTo[edge]];
    const isCut = workers.of(worker, WORKER.row) === NONE && this.isCut(edge, local);
    if (isCut) this.hold(edge, local, worker, message, copyOfHeld(sim, message, false));
  }

  /** A worker is done with its message, and cannot say so. */
  done(worker: number, isWork: boolean): void {
    this.answers(worker, isWork ? ANSWER.done : ANSWER.skipped);
  }

  /** A worker gives its message back in this way, and cannot say so. */
  givesBack(sim: Simulation, worker: number, way: number): void {
    const place = this.answers(worker, ANSWER.back + way);
    sim.messages.free(this.spare[place]);
    this.spare[place] = this.was[place];
  }

  /** A queue does not wait any longer for the acknowledgement of a delivery; true if it was given, and not heard of. */
  overdue(sim: Simulation, node: number, delivery: number): boolean {
    const place = this.delivery.indexOf(delivery);
    if (place === NONE) return false;
    this.delivery[place] = NONE;
    this.comesBack(sim, node, place, GIVEN_BACK.released);
    return true;
  }

  /** A worker has its message no more, or its queue has it back: as if nothing had been cut. */
  leave(sim: Simulation, worker: number): void {
    const row = (worker << WORKER_SHIFT) | WORKER.row;
    if (this.workers.cells[row] !== CUT) return;
    this.workers.cells[row] = NONE;
    this.release(sim, this.placeOf(worker), true);
  }

  /** Whether the message of a delivery was done, and its queue has not heard of it. */
  wasDone(delivery: number): boolean {
    const place = this.delivery.indexOf(delivery);
    return place !== NONE && this.answer[place] === ANSWER.done;
  }

  /** A member is gone, and what it could not say is never said. */
  memberEnds(sim: Simulation, node: number, member: number): void {
    const unheard = this.held((row) => this.memberOf(row) === member).filter(
      (place) => this.worker[place] === NONE,
    );
    for (const row of new Set(unheard.map((place) => this.row[place]))) {
      const places = unheard.filter((place) => this.row[place] === row);
      this.closes(sim, node, row, places);
    }
  }

  /** A broker has missed the heartbeats of a consumer: it closes the connection. */
  lose(sim: Simulation, node: number, row: number): void {
    const edge = this.edgeOf[row];
    const held = this.held((other) => other === row);
    this.timer[row] = NONE;
    for (const place of held.filter((each) => this.worker[each] !== NONE)) this.strand(place);
    this.closes(sim, node, row, held);
    this.onLost(sim, node, edge, row - this.firstRow[edge]);
  }

  /** Copies of messages that members of a group have beside them. */
  spares(node: number): number {
    return this.countOf(node, (answer) => answer < ANSWER.back);
  }

  /** Messages that members of a group have given back, and nobody has heard of it. */
  givenBackBy(node: number): number {
    return this.countOf(node, (answer) => answer >= ANSWER.back);
  }

  /** Messages along an edge that were answered, and the queue does not know. */
  unheardAlong(edge: number): number {
    return this.held((row) => this.edgeOf[row] === edge).filter((place) => this.worker[place] === NONE)
      .length;
  }

  /** A worker of a cut consumer has a message in hand that came before the cut; the spare is a copy of it. */
  private hold(edge: number, local: number, worker: number, message: number, spare: number): void {
    const place = this.places.take();
    this.row[place] = this.firstRow[edge] + local;
    this.worker[place] = worker;
    this.was[place] = message;
    this.spare[place] = spare;
    this.answer[place] = ANSWER.none;
    this.delivery[place] = NONE;
    this.turn[place] = this.turns++;
    this.workers.cells[(worker << WORKER_SHIFT) | WORKER.row] = CUT;
  }

  /** A worker has nothing more to do with its message, for which its queue still waits. */
  private answers(worker: number, answer: number): number {
    const { cells } = this.workers;
    const at = worker << WORKER_SHIFT;
    const place = this.placeOf(worker);
    if (this.timeouts?.has(cells[at | WORKER.edge])) this.delivery[place] = cells[at | WORKER.delivery];
    this.worker[place] = NONE;
    this.answer[place] = answer;
    cells[at | WORKER.edge] = NONE;
    return place;
  }

  /** A connection ends with what was not acknowledged over it. */
  private closes(sim: Simulation, node: number, row: number, places: readonly number[]): void {
    const edge = this.edgeOf[row];
    const number = row - this.firstRow[edge] + 1;
    const done = places.filter((place) => this.answer[place] === ANSWER.done).length;
    sim.trace.add(sim.now, TRACE.connectionLost, this.plan.edgeFrom[edge], node, number, done);
    for (const place of places) this.comesBack(sim, node, place, GIVEN_BACK.failed);
  }

  private change(sim: Simulation, edge: number, local: number, isCut: boolean): void {
    const row = this.firstRow[edge] + local;
    if (!isCut && this.cuts[row] === 0) return;
    this.cuts[row] += isCut ? 1 : -1;
    if (isCut && this.cuts[row] === 1) this.begin(sim, edge, local);
    else if (!isCut && this.cuts[row] === 0) this.heal(sim, edge, row);
  }

  private begin(sim: Simulation, edge: number, local: number): void {
    const { workers } = this;
    const node = this.plan.edgeTo[edge];
    const size = workers.concurrency[node];
    const first = workers.firstWorker[node] + local * size;
    const all = Array.from({ length: size }, (_, at) => first + at);
    const busy = all.filter((worker) => {
      const isOfEdge = workers.of(worker, WORKER.edge) === edge && workers.of(worker, WORKER.row) === NONE;
      return isOfEdge && workers.of(worker, WORKER.phase) !== PHASE.idle;
    });
    for (const worker of this.inOrder(sim, node, busy)) {
      const message = workers.of(worker, WORKER.message);
      this.hold(edge, local, worker, message, copyOfHeld(sim, message, workers.isTrying(worker)));
    }
    if (this.heartbeat[edge] === 0) return;
    const row = this.firstRow[edge] + local;
    this.timer[row] = sim.after(this.heartbeat[edge], node, CONNECTION_LOST, row);
  }

  /** In time: what could not be said is said now. */
  private heal(sim: Simulation, edge: number, row: number): void {
    if (this.timer[row] !== NONE) sim.cancel(this.timer[row]);
    this.timer[row] = NONE;
    for (const place of this.held((other) => other === row)) {
      const [worker, answer, was] = [this.worker[place], this.answer[place], this.was[place]];
      if (worker !== NONE) this.workers.cells[(worker << WORKER_SHIFT) | WORKER.row] = NONE;
      else this.onHeard(this.plan.edgeTo[edge], edge, row - this.firstRow[edge]);
      this.release(sim, place, answer < ANSWER.back);
      if (answer >= ANSWER.back) this.giveBack(sim, edge, answer - ANSWER.back, was);
      else if (answer !== ANSWER.none) sim.settle(edge, was, answer === ANSWER.done ? 1 : 0);
    }
  }

  /** A queue has a message again that its consumer could not acknowledge. */
  private comesBack(sim: Simulation, node: number, place: number, way: number): void {
    const { messages, metrics } = sim;
    const edge = this.edgeOf[this.row[place]];
    const [answer, message] = [this.answer[place], this.spare[place]];
    if (answer < ANSWER.back) metrics.copied++;
    if (answer === ANSWER.done) metrics.count(node, METRIC.duplicates);
    messages.flags[message] &= ~MESSAGE_FLAG.rejected;
    this.release(sim, place, false);
    if (answer >= ANSWER.back) this.giveBack(sim, edge, way, message);
    else sim.giveBack(edge, way, message);
  }

  /** A worker goes on with a message that is its queue’s again. */
  private strand(place: number): void {
    const { cells } = this.workers;
    const worker = this.worker[place];
    const at = worker << WORKER_SHIFT;
    this.timeouts?.leave(worker);
    this.worker[place] = NONE;
    cells[at | WORKER.row] = LATE;
    cells[at | WORKER.edge] = NONE;
  }

  private giveBack(sim: Simulation, edge: number, way: number, message: number): void {
    sim.metrics.count(this.plan.edgeTo[edge], METRIC.out);
    sim.giveBack(edge, way, message);
  }

  private release(sim: Simulation, place: number, hasSpare: boolean): void {
    if (hasSpare) sim.messages.free(this.spare[place]);
    if (this.delivery[place] !== NONE) this.timeouts!.end(this.edgeOf[this.row[place]], this.delivery[place]);
    this.delivery[place] = NONE;
    this.row[place] = NONE;
    this.worker[place] = NONE;
    this.spare[place] = NO_MESSAGE;
    this.places.give(place);
  }

  /** The places of some rows, in the order in which they were taken. */
  private held(isIn: (row: number) => boolean): number[] {
    const places = [...this.row.keys()].filter((place) => this.row[place] !== NONE && isIn(this.row[place]));
    return places.sort((a, b) => this.turn[a] - this.turn[b]);
  }

  private placeOf(worker: number): number {
    return this.row.findIndex((row, place) => row !== NONE && this.worker[place] === worker);
  }

  private countOf(node: number, isIt: (answer: number) => boolean): number {
    if (this.places.inUse === 0) return 0;
    return this.held((row) => this.plan.edgeTo[this.edgeOf[row]] === node).filter((place) =>
      isIt(this.answer[place]),
    ).length;
  }

  private memberOf(row: number): number {
    const edge = this.edgeOf[row];
    return this.workers.firstMember[this.plan.edgeTo[edge]] + row - this.firstRow[edge];
  }
}
