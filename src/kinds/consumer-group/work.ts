import { METRIC } from '../../engine/metrics.ts';
import { MESSAGE_FLAG, NO_MESSAGE } from '../../engine/messages.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import { EDGE_ROLE, edgesByRole, type EdgeRows } from '../shared/edge-roles.ts';
import { choiceOf, distributionOf, numberOf, type NodeConfig } from '../shared/node-config.ts';
import { RecentOutcomes } from '../shared/recent-outcomes.ts';
import { Backoff } from './backoff.ts';
import { Commits } from './commits.ts';
import type { Intake } from './intake.ts';
import { MEMBER, type Membership } from './membership.ts';
import type { PartitionRows } from './partition-rows.ts';
import { PHASE, WORKER, WORKER_SHIFT, WORKER_TIME, WORKER_TIME_SHIFT, type Workers } from './workers.ts';

/** Event types of the work; those of the members are in `MEMBER_TIMER`. */
export const WORK_TIMER = { served: 0, retryHere: 1, retryLater: 2, commit: 3 } as const;

const NONE = -1;
/** In `place` of a worker: the message goes to the dead letters. */
const DEAD = -1;
const MICROS_PER_MS = 1000;
const RETRY_MODES = ['hold', 'later'] as const;
const LATER = 1;

/**
 * What a worker does with a message: it works on it, calls the databases of the group one after another, sends the
 * message on, and settles it where it came from. What fails is tried again or dead-lettered.
 */
export class Work {
  readonly backoff: Backoff;
  readonly outcomes: RecentOutcomes;
  /** Called when a member that may take nothing new has finished what it had in hand. */
  onIdle: (sim: Simulation, node: number, member: number) => void = () => {};
  /** Messages that wait for a retry without a worker. */
  retryingLater = new Int32Array();
  /** Messages that each member has finished. */
  doneOf = new Float64Array();
  service = new Int32Array();
  failure = new Float64Array();
  maxAttempts = new Int32Array();
  readonly commits: Commits;
  private readonly workers: Workers;
  private readonly rows: PartitionRows;
  private readonly membership: Membership;
  private readonly intake: Intake;
  private readonly outs: EdgeRows;
  private readonly deadEdges: EdgeRows;
  private readonly role: Uint8Array;
  private retryMode = new Uint8Array();
  /** 1 if messages go on to a channel, so that the group is not their end. */
  private forwards = new Uint8Array();

  constructor(
    sim: Simulation,
    parts: { workers: Workers; rows: PartitionRows; membership: Membership; intake: Intake },
    role: Uint8Array,
  ) {
    const { columns, plan } = sim;
    this.workers = parts.workers;
    this.rows = parts.rows;
    this.membership = parts.membership;
    this.intake = parts.intake;
    this.role = role;
    this.outs = edgesByRole(plan, role, 'out', [EDGE_ROLE.call, EDGE_ROLE.push]);
    this.deadEdges = edgesByRole(plan, role, 'out', [EDGE_ROLE.dead]);
    this.backoff = new Backoff(columns, plan.nodeCount);
    this.outcomes = new RecentOutcomes(columns, plan.nodeCount);
    for (const field of ['retryingLater', 'service', 'maxAttempts']) columns.i32(this, field, plan.nodeCount);
    for (const field of ['retryMode', 'forwards']) columns.u8(this, field, plan.nodeCount);
    columns.f64(this, 'failure', plan.nodeCount);
    this.commits = new Commits(columns, plan.nodeCount, this.rows, WORK_TIMER.commit);
    columns.f64(this, 'doneOf', this.workers.totalMembers);
  }

  configure(sim: Simulation, node: number, config: NodeConfig): void {
    this.backoff.configure(node, config);
    this.service[node] = sim.samplers.add(distributionOf(config, 'serviceTime'));
    this.setSlowness(sim, node, 1);
    this.failure[node] = numberOf(config, 'failureProbability');
    this.maxAttempts[node] = numberOf(config, 'maxAttempts');
    this.retryMode[node] = choiceOf(config, 'retryMode', RETRY_MODES);
    this.commits.configure(node, config);
    const end = this.outs.start[node + 1];
    const last = end > this.outs.start[node] ? this.role[this.outs.edges[end - 1]] : EDGE_ROLE.call;
    this.forwards[node] = last === EDGE_ROLE.push ? 1 : 0;
  }

  /** Every try takes this many times longer from now on. */
  setSlowness(sim: Simulation, node: number, factor: number): void {
    sim.samplers.scale(this.service[node], MICROS_PER_MS * factor);
  }

  /** A wait for a retry without a worker is over. */
  retry(sim: Simulation, node: number, message: number): void {
    this.retryingLater[node]--;
    this.intake.returned.push(node, message);
    this.workOnReturned(sim, node);
  }

  /** A queue has a message for a free worker; false if there is none. */
  deliver(sim: Simulation, node: number, edge: number, message: number): boolean {
    const { workers } = this;
    const member = workers.nextOpen(node);
    if (member === NONE) return false;
    const worker = workers.occupy(node, member);
    const { cells } = workers;
    const at = worker << WORKER_SHIFT;
    cells[at | WORKER.edge] = edge;
    cells[at | WORKER.row] = NONE;
    sim.metrics.count(node, METRIC.in);
    sim.metrics.busyBy(node, 1);
    this.begin(sim, node, worker, message);
    return true;
  }

  /** A partition has a record again. */
  available(sim: Simulation, node: number, edge: number, lane: number): void {
    const { rows } = this;
    const row = rows.firstRow[edge] + lane;
    if (rows.makeReady(row)) this.open(sim, node, rows.owner[row]);
  }

  /** There is room where this worker's message goes, or a connection for its call. */
  room(sim: Simulation, node: number, edge: number, tag: number): void {
    const { workers } = this;
    const { cells } = workers;
    const worker = workers.workerOf(node, tag);
    const at = worker << WORKER_SHIFT;
    if (!sim.resend(edge, cells[at | WORKER.offered], tag)) return;
    if (cells[at | WORKER.place] === DEAD) {
      this.deadLettered(sim, node, worker);
    } else if (this.role[edge] === EDGE_ROLE.call) {
      cells[at | WORKER.phase] = PHASE.calling;
    } else {
      cells[at | WORKER.place]++;
      this.sendOn(sim, node, worker);
    }
  }

  reply(sim: Simulation, node: number, tag: number, succeeded: boolean): void {
    const { workers } = this;
    const { cells } = workers;
    const worker = workers.workerOf(node, tag);
    const at = worker << WORKER_SHIFT;
    if (cells[at | WORKER.phase] !== PHASE.calling || !workers.isCurrent(worker, tag)) return;
    if (succeeded) {
      cells[at | WORKER.place]++;
      this.sendOn(sim, node, worker);
    } else {
      this.failed(sim, node, worker);
    }
  }

  /** A member may take work: its free workers look for some. */
  open(sim: Simulation, node: number, member: number): void {
    const { workers } = this;
    if (this.membership.stateOf[member] !== MEMBER.reading) return;
    workers.openFor(node, member);
    while (workers.isOpen(node, member)) {
      const worker = workers.occupy(node, member);
      const message = this.intake.fetch(sim, node, worker);
      if (message === NO_MESSAGE) {
        workers.release(node, worker, true);
        return;
      }
      sim.metrics.busyBy(node, 1);
      this.begin(sim, node, worker, message);
    }
  }

  /** A worker's service time is over. */
  served(sim: Simulation, node: number, worker: number): void {
    const { workers } = this;
    const { cells } = workers;
    const at = worker << WORKER_SHIFT;
    const chance = this.failure[node];
    sim.metrics.served(node, workers.times[(worker << WORKER_TIME_SHIFT) | WORKER_TIME.service]);
    const drawn = chance > 0 && sim.random.uniform(sim.stream(node, PURPOSE.failure)) < chance;
    if (drawn || (sim.messages.flags[cells[at | WORKER.message]] & MESSAGE_FLAG.poison) !== 0) {
      this.failed(sim, node, worker);
      return;
    }
    cells[at | WORKER.place] = this.outs.start[node];
    this.sendOn(sim, node, worker);
  }

  /** Calls and sends along the edges that are left; then the message is done. */
  private sendOn(sim: Simulation, node: number, worker: number): void {
    const { workers } = this;
    const { cells } = workers;
    const at = worker << WORKER_SHIFT;
    const end = this.outs.start[node + 1];
    for (let place = cells[at | WORKER.place]; place < end; place++) {
      const edge = this.outs.edges[place];
      const calls = this.role[edge] === EDGE_ROLE.call;
      let offered = cells[at | WORKER.message];
      if (!calls) offered = this.toForward(sim, offered, place === end - 1);
      cells[at | WORKER.place] = place;
      cells[at | WORKER.offered] = offered;
      cells[at | WORKER.phase] = PHASE.waiting;
      if (!sim.send(edge, offered, workers.tag(node, worker))) return;
      if (calls) {
        cells[at | WORKER.phase] = PHASE.calling;
        return;
      }
    }
    this.succeeded(sim, node, worker);
  }

  /** The message itself along the last edge, a copy along the others; its tries start anew where it goes. */
  private toForward(sim: Simulation, message: number, isLast: boolean): number {
    const { messages, metrics } = sim;
    let forwarded = message;
    if (!isLast) {
      forwarded = messages.copy(message);
      metrics.copied++;
    }
    messages.attempts[forwarded] = 0;
    messages.flags[forwarded] &= ~MESSAGE_FLAG.redelivered;
    return forwarded;
  }

  private succeeded(sim: Simulation, node: number, worker: number): void {
    const { workers } = this;
    const { cells } = workers;
    const at = worker << WORKER_SHIFT;
    const { messages, metrics } = sim;
    const message = cells[at | WORKER.message];
    this.outcomes.note(node, true);
    metrics.count(node, METRIC.out);
    metrics.completed(node, sim.now - workers.times[(worker << WORKER_TIME_SHIFT) | WORKER_TIME.enteredAt]);
    this.doneOf[cells[at | WORKER.member]]++;
    if (this.forwards[node] === 0) {
      metrics.acknowledge(node, sim.now - messages.bornAt[message]);
      if (sim.trace.messages) {
        sim.trace.add(sim.now, TRACE.acknowledged, node, messages.serial[message], worker, 0);
      }
      messages.free(message);
    }
    this.settle(sim, node, worker);
    this.next(sim, node, worker);
  }

  private failed(sim: Simulation, node: number, worker: number): void {
    const { workers } = this;
    const { cells } = workers;
    const at = worker << WORKER_SHIFT;
    const message = cells[at | WORKER.message];
    const attempts = sim.messages.attempts[message];
    sim.metrics.count(node, METRIC.failures);
    this.outcomes.note(node, false);
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.failed, node, sim.messages.serial[message], worker, attempts);
    }
    if (attempts >= this.maxAttempts[node]) {
      this.giveUp(sim, node, worker, message);
      return;
    }
    sim.metrics.count(node, METRIC.retries);
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.retried, node, sim.messages.serial[message], worker, attempts);
    }
    const delay = this.backoff.delay(sim, node, attempts);
    if (this.retryMode[node] !== LATER) {
      cells[at | WORKER.phase] = PHASE.backingOff;
      cells[at | WORKER.handle] = sim.after(delay, node, WORK_TIMER.retryHere, worker);
      return;
    }
    this.retryingLater[node]++;
    sim.after(delay, node, WORK_TIMER.retryLater, message);
    this.settle(sim, node, worker);
    this.next(sim, node, worker);
  }

  /** No try is left: to the dead letters, or nowhere. */
  private giveUp(sim: Simulation, node: number, worker: number, message: number): void {
    const { workers } = this;
    const { cells } = workers;
    const at = worker << WORKER_SHIFT;
    const place = this.deadEdges.start[node];
    if (place === this.deadEdges.start[node + 1]) {
      sim.metrics.count(node, METRIC.dropped);
      if (sim.trace.messages) {
        sim.trace.add(sim.now, TRACE.dropped, node, sim.messages.serial[message], worker, 0);
      }
      sim.messages.free(message);
      this.settle(sim, node, worker);
      this.next(sim, node, worker);
      return;
    }
    cells[at | WORKER.place] = DEAD;
    cells[at | WORKER.offered] = this.toForward(sim, message, true);
    cells[at | WORKER.phase] = PHASE.waiting;
    const edge = this.deadEdges.edges[place];
    if (sim.send(edge, message, workers.tag(node, worker))) this.deadLettered(sim, node, worker);
  }

  private deadLettered(sim: Simulation, node: number, worker: number): void {
    sim.metrics.count(node, METRIC.out);
    this.settle(sim, node, worker);
    this.next(sim, node, worker);
  }

  /** The message needs its place in the channel no more. */
  private settle(sim: Simulation, node: number, worker: number): void {
    const { workers, rows } = this;
    const { cells } = workers;
    const at = worker << WORKER_SHIFT;
    const row = cells[at | WORKER.row];
    const edge = cells[at | WORKER.edge];
    if (row === NONE) {
      if (edge !== NONE) sim.settle(edge, 0, 1);
      return;
    }
    const member = cells[at | WORKER.member];
    const lost =
      cells[at | WORKER.generation] !== rows.generation[row] ||
      this.membership.stateOf[member] === MEMBER.expelled;
    if (lost) {
      // A member that was struck off cannot commit: the new reader does this work again.
      sim.metrics.count(node, METRIC.duplicates);
      return;
    }
    sim.metrics.add(node, METRIC.duplicates, rows.finish(row, cells[at | WORKER.sequence]));
    this.commits.recordDone(sim, node, row);
    if (rows.resume(row)) this.open(sim, node, member);
  }

  /** The worker is done with a message: it takes the next, or rests. */
  private next(sim: Simulation, node: number, worker: number): void {
    const { workers } = this;
    const { cells } = workers;
    const at = worker << WORKER_SHIFT;
    const member = cells[at | WORKER.member];
    const mayTake = this.membership.stateOf[member] === MEMBER.reading;
    const message = mayTake ? this.intake.fetch(sim, node, worker) : NO_MESSAGE;
    if (message !== NO_MESSAGE) {
      this.begin(sim, node, worker, message);
      return;
    }
    workers.release(node, worker, mayTake);
    sim.metrics.busyBy(node, -1);
    if (!mayTake && workers.busyOf[member] === 0) this.onIdle(sim, node, member);
  }

  private begin(sim: Simulation, node: number, worker: number, message: number): void {
    const { workers } = this;
    const { cells } = workers;
    const at = worker << WORKER_SHIFT;
    const enteredAt = sim.messages.enteredAt[message];
    cells[at | WORKER.message] = message;
    workers.times[(worker << WORKER_TIME_SHIFT) | WORKER_TIME.enteredAt] = enteredAt;
    if (sim.messages.attempts[message] === 0) sim.metrics.waited(node, sim.now - enteredAt);
    this.serve(sim, node, worker, message);
  }

  /** One try. */
  serve(sim: Simulation, node: number, worker: number, message: number): void {
    const { workers } = this;
    const { cells } = workers;
    const at = worker << WORKER_SHIFT;
    const stream = sim.stream(node, PURPOSE.service);
    const time = Math.round(sim.samplers.sample(this.service[node], sim.random, stream));
    sim.messages.attempts[message]++;
    sim.metrics.count(node, METRIC.attempts);
    workers.times[(worker << WORKER_TIME_SHIFT) | WORKER_TIME.service] = time;
    cells[at | WORKER.phase] = PHASE.serving;
    cells[at | WORKER.handle] = sim.after(time, node, WORK_TIMER.served, worker);
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.started, node, sim.messages.serial[message], worker, 0);
    }
  }

  workOnReturned(sim: Simulation, node: number): void {
    const { workers } = this;
    while (this.intake.returned.length(node) > 0) {
      const member = workers.nextOpen(node);
      if (member === NONE) return;
      const worker = workers.occupy(node, member);
      const message = this.intake.fetch(sim, node, worker);
      sim.metrics.busyBy(node, 1);
      this.begin(sim, node, worker, message);
    }
  }

  /** The edge that a worker which waits stands before. */
  edgeBefore(node: number, worker: number): number {
    const place = this.workers.of(worker, WORKER.place);
    return place === DEAD ? this.deadEdges.edges[this.deadEdges.start[node]] : this.outs.edges[place];
  }
}
