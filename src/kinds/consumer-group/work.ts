import { METRIC } from '../../engine/metrics.ts';
import { MESSAGE_FLAG, NO_MESSAGE } from '../../engine/messages.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import type { CallGuards } from '../shared/call-guard/call-guards.ts';
import { EDGE_ROLE, edgesByRole, type EdgeRows } from '../shared/edge-roles.ts';
import { numberOf, type NodeConfig } from '../shared/node-config.ts';
import { RecentOutcomes } from '../shared/recent-outcomes.ts';
import { Commits } from './commits.ts';
import type { Connections } from './connections.ts';
import type { ConsumerTimeouts } from './consumer-timeouts.ts';
import { DEAD, FailedWork } from './failed-work.ts';
import type { GroupTransactions } from './group-transactions.ts';
import { Guarantees } from './guarantees.ts';
import type { Intake } from './intake.ts';
import { TAKES, type Membership } from './membership.ts';
import type { PartitionRows } from './partition-rows.ts';
import type { Prefetch } from './prefetch.ts';
import { ServiceSpeeds } from './service-speeds.ts';
import { Settlement } from './settlement.ts';
import { WatchedWork } from './watched-work.ts';
import { PHASE, WORKER, WORKER_SHIFT, WORKER_TIME, WORKER_TIME_SHIFT, type Workers } from './workers.ts';

/** Event types of the work; those of the members are in `MEMBER_TIMER`. */
export const WORK_TIMER = { served: 0, retryHere: 1, retryLater: 2, commit: 3, skip: 4, polled: 5 } as const;

const NONE = -1;
/**
 * Bits of `ways`: messages go on to a channel, so that the group is not their end; a broker is told when work begins; a
 * guarantee is stated; a queue takes back what is not acknowledged in time.
 */
const FORWARDS = 1;
const TOLD = 2;
const WATCHED = 4;
const TIMED = 8;

/**
 * What a worker does with a message: it works on it, calls the databases of the group one after another, sends the
 * message on, and settles it where it came from. What fails is tried again or dead-lettered.
 */
export class Work {
  readonly failing: FailedWork;
  readonly outcomes: RecentOutcomes;
  /** Called when a member whose free workers may take nothing has finished something that it had in hand. */
  onIdle: (sim: Simulation, node: number, member: number, worker: number) => void = () => {};
  /** Called when work begins on what came along an edge, NONE for a retry, of a group of which a broker is told. */
  onBegun: (sim: Simulation, edge: number, message: number) => void = () => {};
  /** Messages that each member has finished. */
  doneOf = new Float64Array();
  /** Of each group the sampler of its service times, ~sampler while one of its members is slow. */
  service = new Int32Array();
  readonly speeds: ServiceSpeeds;
  failure = new Float64Array();
  readonly commits: Commits;
  readonly settlement: Settlement;
  readonly guarantees: Guarantees;
  readonly watched: WatchedWork;
  private readonly workers: Workers;
  private readonly rows: PartitionRows;
  private readonly membership: Membership;
  private readonly intake: Intake;
  private readonly guards: CallGuards;
  private readonly prefetch: Prefetch | null;
  /** Null if no queue takes back what is not acknowledged in time. */
  readonly timeouts: ConsumerTimeouts | null;
  /** Those of groups that read, process and write; null if there are none. */
  transactions: GroupTransactions | null = null;
  private readonly outs: EdgeRows;
  private readonly role: Uint8Array;
  private ways = new Uint8Array();

  constructor(
    sim: Simulation,
    parts: {
      workers: Workers;
      rows: PartitionRows;
      membership: Membership;
      intake: Intake;
      guards: CallGuards;
      prefetch: Prefetch | null;
      timeouts: ConsumerTimeouts | null;
      connections: Connections;
    },
    groups: { configs: readonly NodeConfig[]; nodes: readonly number[]; role: Uint8Array },
  ) {
    const { columns, plan } = sim;
    const { role } = groups;
    this.workers = parts.workers;
    this.rows = parts.rows;
    this.membership = parts.membership;
    this.intake = parts.intake;
    this.guards = parts.guards;
    this.prefetch = parts.prefetch;
    this.timeouts = parts.timeouts;
    this.role = role;
    this.outs = edgesByRole(plan, role, 'out', [EDGE_ROLE.call, EDGE_ROLE.push]);
    this.outcomes = new RecentOutcomes(columns, plan.nodeCount);
    columns.i32(this, 'service', plan.nodeCount);
    this.speeds = new ServiceSpeeds(sim, this.workers.totalMembers, this);
    columns.u8(this, 'ways', plan.nodeCount);
    columns.f64(this, 'failure', plan.nodeCount);
    const { totalMembers } = this.workers;
    this.commits = new Commits(columns, plan.nodeCount, totalMembers, this.rows, WORK_TIMER.commit);
    columns.f64(this, 'doneOf', totalMembers);
    this.settlement = new Settlement({ ...parts, commits: this.commits }, this);
    this.guarantees = new Guarantees(columns, plan.nodeCount);
    const { outcomes, guarantees } = this;
    this.failing = new FailedWork(sim, groups, this, { ...parts, outcomes, guarantees }, WORK_TIMER);
    this.watched = new WatchedWork(this, this.workers, this.guarantees, () => this.doneOf, WORK_TIMER.skip);
  }

  configure(sim: Simulation, node: number, config: NodeConfig): void {
    this.speeds.configure(sim, node, config);
    this.failure[node] = numberOf(config, 'failureProbability');
    this.commits.configure(node, config);
    const end = this.outs.start[node + 1];
    const last = end > this.outs.start[node] ? this.role[this.outs.edges[end - 1]] : EDGE_ROLE.call;
    this.guarantees.configure(node, config);
    this.ways[node] =
      (last === EDGE_ROLE.push ? FORWARDS : 0) | (this.guarantees.of[node] === 0 ? 0 : WATCHED);
  }

  /** A broker is told when a group begins to work. */
  tellOf(node: number): void {
    this.ways[node] |= TOLD;
  }

  /** A queue takes back what this group, which takes messages as it works, does not acknowledge in time. */
  timeOf(node: number): void {
    this.ways[node] |= TIMED;
  }

  /** A wait for a retry without a worker is over. */
  retry(sim: Simulation, node: number, message: number): void {
    this.failing.waited(sim, node, message);
    this.intake.returned.push(node, message);
    this.workOnReturned(sim, node);
  }

  /** A queue has a message for a free worker; false if there is none. */
  deliver(sim: Simulation, node: number, edge: number, message: number): boolean {
    const { workers } = this;
    const member = workers.nextOpen(node);
    if (member === NONE) return this.prefetch !== null && this.prefetch.deliver(sim, node, edge, message);
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
      this.failing.deadLettered(sim, node, worker);
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
      this.failing.failed(sim, node, worker);
    }
  }

  /** A member may take work: its free workers look for some. */
  open(sim: Simulation, node: number, member: number): void {
    const { workers } = this;
    if (this.membership.takes[member] !== TAKES.freely) {
      if (this.membership.isSentTo(member)) this.prefetch!.open(sim, node, member);
      return;
    }
    if (this.timeouts !== null && this.timeouts.isLate(member)) return;
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
      this.failing.failed(sim, node, worker);
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
      this.transactions?.writes(sim, node, cells[at | WORKER.member], edge, offered);
      cells[at | WORKER.place] = place;
      cells[at | WORKER.offered] = offered;
      cells[at | WORKER.phase] = PHASE.waiting;
      if (calls && this.guards.of[edge] !== NONE) {
        cells[at | WORKER.phase] = PHASE.calling;
        this.guards.call(sim, edge, offered, workers.tag(node, worker));
        return;
      }
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
    messages.flags[forwarded] &= ~(MESSAGE_FLAG.redelivered | MESSAGE_FLAG.dying);
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
    const ways = this.ways[node];
    if ((ways & WATCHED) !== 0) this.watched.succeeded(sim, node, worker);
    if ((ways & FORWARDS) === 0) {
      metrics.acknowledge(node, sim.now - messages.bornAt[message]);
      if (sim.trace.messages) {
        sim.trace.add(sim.now, TRACE.acknowledged, node, messages.serial[message], worker, 0);
      }
      messages.free(message);
    }
    this.settlement.settle(sim, node, worker, true);
    this.next(sim, node, worker);
  }

  /** The message needs its place in the channel no more; `isWork` unless nothing was done for it. */
  settle(sim: Simulation, node: number, worker: number, isWork: boolean): void {
    this.settlement.settle(sim, node, worker, isWork);
  }

  /** The worker is done with a message: it takes the next, or rests. */
  next(sim: Simulation, node: number, worker: number): void {
    const { workers } = this;
    const { cells } = workers;
    const at = worker << WORKER_SHIFT;
    const member = cells[at | WORKER.member];
    const ways = this.ways[node];
    const wasLate = (ways & TIMED) !== 0 && this.timeouts!.leave(worker);
    const takes = this.membership.takes[member] === 1;
    const mayTake = takes && ((ways & TIMED) === 0 || !this.timeouts!.isLate(member));
    const message = mayTake ? this.intake.fetch(sim, node, worker) : NO_MESSAGE;
    if (message === NO_MESSAGE) {
      workers.release(node, worker, mayTake);
      sim.metrics.busyBy(node, -1);
      if (!takes) this.onIdle(sim, node, member, worker);
    } else {
      this.begin(sim, node, worker, message);
    }
    // Its other workers got nothing while it was late.
    if (wasLate) this.open(sim, node, member);
  }

  /** A worker has a message in hand: it works on it, unless the work is left out. */
  begin(sim: Simulation, node: number, worker: number, message: number): void {
    const { workers } = this;
    const { cells } = workers;
    const at = worker << WORKER_SHIFT;
    const enteredAt = sim.messages.enteredAt[message];
    cells[at | WORKER.message] = message;
    workers.times[(worker << WORKER_TIME_SHIFT) | WORKER_TIME.enteredAt] = enteredAt;
    const ways = this.ways[node];
    if (ways >= TOLD) {
      if ((ways & TIMED) !== 0) this.holdInTime(sim, worker, message);
      if ((ways & TOLD) !== 0) this.onBegun(sim, cells[at | WORKER.edge], message);
      if ((ways & WATCHED) !== 0 && !this.watched.begins(sim, node, worker, message)) return;
    }
    if (sim.messages.attempts[message] === 0) sim.metrics.waited(node, sim.now - enteredAt);
    this.serve(sim, node, worker, message);
  }

  /** What came along a queue with a consumer timeout has to be acknowledged in time from now on. */
  private holdInTime(sim: Simulation, worker: number, message: number): void {
    const timeouts = this.timeouts!;
    const edge = this.workers.of(worker, WORKER.edge);
    if (edge === NONE || !timeouts.has(edge)) return;
    timeouts.take(worker, timeouts.begin(sim, edge, this.workers.of(worker, WORKER.member), message));
  }

  /** One try. */
  serve(sim: Simulation, node: number, worker: number, message: number): void {
    const { workers } = this;
    const { cells } = workers;
    const at = worker << WORKER_SHIFT;
    const sampler = this.service[node];
    const stream = sim.stream(node, PURPOSE.service);
    const time =
      sampler < 0
        ? this.speeds.draw(sim, node, cells[at | WORKER.member])
        : Math.round(sim.samplers.sample(sampler, sim.random, stream));
    sim.messages.attempts[message]++;
    sim.metrics.count(node, METRIC.attempts);
    workers.times[(worker << WORKER_TIME_SHIFT) | WORKER_TIME.service] = time;
    workers.times[(worker << WORKER_TIME_SHIFT) | WORKER_TIME.begunAt] = sim.now;
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
      if (member === NONE) return this.prefetch?.beginReturned(sim, node);
      const worker = workers.occupy(node, member);
      const message = this.intake.fetch(sim, node, worker);
      sim.metrics.busyBy(node, 1);
      this.begin(sim, node, worker, message);
    }
  }

  /** A worker that calls is gone: nobody waits for the answer. */
  abandonCall(sim: Simulation, node: number, worker: number): void {
    this.guards.abandon(sim, this.edgeBefore(node, worker), this.workers.tag(node, worker));
  }

  /** The edge that a worker which waits stands before. */
  edgeBefore(node: number, worker: number): number {
    const place = this.workers.of(worker, WORKER.place);
    return place === DEAD ? this.failing.deadEdge(node) : this.outs.edges[place];
  }
}
