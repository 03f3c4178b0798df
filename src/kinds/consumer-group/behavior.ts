import type { Distribution } from '../../design/fields.ts';
import type { Json } from '../../design/types.ts';
import { MessageLists } from '../../engine/message-lists.ts';
import { MESSAGE_FLAG, NO_MESSAGE } from '../../engine/messages.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import type { NodeBehavior, NodeGauge } from '../node-behavior.ts';
import { EDGE_ROLE, edgesByRole, type EdgeRows } from '../shared/edge-roles.ts';
import { choiceOf, distributionOf, microsOf, numberOf, type NodeConfig } from '../shared/node-config.ts';
import { RecentOutcomes } from '../shared/recent-outcomes.ts';
import { Backoff } from './backoff.ts';
import { MEMBER, Membership } from './membership.ts';
import { PartitionRows } from './partition-rows.ts';
import { MEMBER_TIMER, Rebalance, type GroupWork } from './rebalance.ts';
import { PHASE, Workers } from './workers.ts';

/** Event types of the work; those of the members are in `MEMBER_TIMER`. */
const SERVED = 0;
const RETRY_HERE = 1;
const RETRY_LATER = 2;
const COMMIT = 3;

const NONE = -1;
/** In `place` of a worker: the message goes to the dead letters. */
const DEAD = -1;
const MICROS_PER_MS = 1000;
const RETRY_MODES = ['hold', 'later'] as const;
const LATER = 1;
const COMMIT_MODES = ['each', 'interval'] as const;
const INTERVAL = 1;
/** Members of a living process: it works, or would if it had something to do. */
const DEAD_STATES: readonly number[] = [MEMBER.stopped, MEMBER.crashed, MEMBER.removed];

/**
 * Consumer groups: each worker takes a message, works on it, calls the databases of the group one after another,
 * sends the message on, and settles it where it came from. What fails is tried again or dead-lettered. Who may
 * take what is the business of `Rebalance`.
 */
export class Groups implements NodeBehavior, GroupWork {
  readonly workers: Workers;
  readonly rows: PartitionRows;
  readonly membership: Membership;
  readonly rebalance: Rebalance;
  private readonly backoff: Backoff;
  private readonly outcomes: RecentOutcomes;
  private readonly outs: EdgeRows;
  private readonly deadEdges: EdgeRows;
  private readonly queueEdges: EdgeRows;
  private readonly role: Uint8Array;
  private readonly lanesOf: Int32Array;
  /** Messages whose wait for a retry is over, first in first out, to be taken before fresh ones. */
  private readonly returned: MessageLists;
  /** Messages that wait for a retry without a worker. */
  private retryingLater!: Int32Array;
  private service!: Int32Array;
  private failure!: Float64Array;
  private maxAttempts!: Int32Array;
  private retryMode!: Uint8Array;
  private commitMode!: Uint8Array;
  private commitInterval!: Float64Array;
  private commitHandle!: Int32Array;
  /** 1 if messages go on to a channel, so that the group is not their end. */
  private forwards!: Uint8Array;
  /** For groups on both topics and queues: which of the two is asked first next time. */
  private queuesFirst!: Uint8Array;
  private readsBoth!: Uint8Array;
  private queueTurn!: Int32Array;
  doneOf!: Float64Array;

  constructor(
    sim: Simulation,
    configs: readonly NodeConfig[],
    nodes: readonly number[],
    role: Uint8Array,
    lanesOf: Int32Array,
  ) {
    const { columns, plan } = sim;
    this.role = role;
    this.lanesOf = lanesOf;
    this.outs = edgesByRole(plan, role, 'out', [EDGE_ROLE.call, EDGE_ROLE.push]);
    this.deadEdges = edgesByRole(plan, role, 'out', [EDGE_ROLE.dead]);
    this.queueEdges = edgesByRole(plan, role, 'in', [EDGE_ROLE.deliveries]);
    const topicEdges = edgesByRole(plan, role, 'in', [EDGE_ROLE.records]);
    this.workers = new Workers(sim, configs, nodes);
    this.rows = new PartitionRows(sim, [...topicEdges.edges], lanesOf, this.workers.totalMembers);
    this.membership = new Membership(sim, this.workers.totalMembers);
    this.rebalance = new Rebalance(sim, {
      work: this,
      workers: this.workers,
      rows: this.rows,
      membership: this.membership,
      topicEdges,
      queueEdges: this.queueEdges,
      lanesOf,
    });
    this.backoff = new Backoff(columns, plan.nodeCount);
    this.outcomes = new RecentOutcomes(columns, plan.nodeCount);
    this.returned = new MessageLists(columns, sim.messages, plan.nodeCount);
    for (const field of ['retryingLater', 'service', 'maxAttempts', 'queueTurn']) {
      columns.i32(this, field, plan.nodeCount);
    }
    for (const field of ['retryMode', 'commitMode', 'forwards', 'queuesFirst', 'readsBoth']) {
      columns.u8(this, field, plan.nodeCount);
    }
    columns.f64(this, 'failure', plan.nodeCount);
    columns.f64(this, 'commitInterval', plan.nodeCount);
    columns.i32(this, 'commitHandle', plan.nodeCount).fill(NONE);
    columns.f64(this, 'doneOf', this.workers.totalMembers);
    for (const node of nodes) this.configure(sim, node, configs[node], topicEdges);
  }

  start(sim: Simulation, node: number): void {
    this.rebalance.start(sim, node);
  }

  fire(sim: Simulation, node: number, type: number, arg: number): void {
    switch (type) {
      case SERVED:
        return this.served(sim, node, arg);
      case RETRY_HERE:
        return this.serve(sim, node, arg, this.workers.message[arg]);
      case RETRY_LATER:
        this.retryingLater[node]--;
        this.returned.push(node, arg);
        return this.workOnReturned(sim, node);
      case COMMIT:
        this.commitHandle[node] = NONE;
        return this.rebalance.settleAll(sim, node);
      default:
        return this.rebalance.fire(sim, node, type as (typeof MEMBER_TIMER)['sync'], arg);
    }
  }

  available(sim: Simulation, node: number, edge: number, lane: number): void {
    const { workers, rows } = this;
    if (this.lanesOf[edge] > 0) {
      const row = rows.firstRow[edge] + lane;
      if (rows.makeReady(row)) this.open(sim, node, rows.owner[row]);
      return;
    }
    const member = workers.nextOpen(node);
    if (member === NONE) return;
    const message = sim.take(edge, 0);
    if (message === NO_MESSAGE) return;
    const worker = workers.occupy(node, member);
    workers.edge[worker] = edge;
    workers.row[worker] = NONE;
    sim.metrics.in[node]++;
    sim.metrics.busyBy(node, 1, sim.now);
    this.begin(sim, node, worker, message);
  }

  /** There is room where this worker's message goes, or a connection for its call. */
  room(sim: Simulation, node: number, edge: number, tag: number): void {
    const { workers } = this;
    const worker = workers.workerOf(node, tag);
    if (!sim.resend(edge, workers.offered[worker], tag)) return;
    if (workers.place[worker] === DEAD) {
      this.deadLettered(sim, node, worker);
    } else if (this.role[edge] === EDGE_ROLE.call) {
      workers.phase[worker] = PHASE.calling;
    } else {
      workers.place[worker]++;
      this.sendOn(sim, node, worker);
    }
  }

  reply(sim: Simulation, node: number, _edge: number, tag: number, succeeded: boolean): void {
    const { workers } = this;
    const worker = workers.workerOf(node, tag);
    if (workers.phase[worker] !== PHASE.calling || !workers.isCurrent(worker, tag)) return;
    if (succeeded) {
      workers.place[worker]++;
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
      const message = this.fetch(sim, node, worker);
      if (message === NO_MESSAGE) {
        workers.release(node, worker, true);
        return;
      }
      sim.metrics.busyBy(node, 1, sim.now);
      this.begin(sim, node, worker, message);
    }
  }

  setField(sim: Simulation, node: number, field: string, value: Json): void {
    if (this.backoff.setField(node, field, value)) return;
    if (field === 'serviceTime') sim.samplers.replace(this.service[node], value as unknown as Distribution);
    else if (field === 'failureProbability') this.failure[node] = value as number;
    else if (field === 'maxAttempts') this.maxAttempts[node] = value as number;
  }

  inject(sim: Simulation, node: number, fault: string, args: Readonly<Record<string, Json>>): void {
    if (fault === 'slow') {
      sim.samplers.scale(this.service[node], MICROS_PER_MS * (args.factor as number));
      return;
    }
    const member = this.memberOf(node, args.member as number);
    if (member !== NONE && this.rebalance.crash(sim, node, member)) this.abandonAll(sim, node, member);
  }

  heal(sim: Simulation, node: number, fault: string, args: Readonly<Record<string, Json>>): void {
    if (fault === 'slow') {
      sim.samplers.scale(this.service[node], MICROS_PER_MS);
      return;
    }
    const member = this.memberOf(node, args.member as number);
    if (member !== NONE) this.rebalance.restore(sim, node, member);
  }

  /** `amount` is how far the group is behind what it reads; `RunKinds` fills it in, as only the channels know. */
  gauge(sim: Simulation, node: number, into: NodeGauge): void {
    const { workers, membership } = this;
    const first = workers.firstMember[node];
    let alive = 0;
    for (let member = first; member < first + workers.memberCount[node]; member++) {
      if (!DEAD_STATES.includes(membership.stateOf[member])) alive++;
    }
    into.level = NaN;
    into.amount = 0;
    into.limit = 0;
    into.busy = sim.metrics.busy[node];
    into.servers = workers.memberCount[node] * workers.concurrency[node];
    into.down = alive === 0;
    into.failing = this.outcomes.areMostlyFailures(node);
    into.machineState = this.rebalance.hasCoordinator(node) ? membership.coordinatorOf[node] : NONE;
    into.machineSince = membership.coordinatorSince[node];
  }

  held(sim: Simulation, node: number): number {
    const { workers } = this;
    const first = workers.firstWorker[node];
    let count = this.retryingLater[node];
    for (let worker = first; worker < first + this.workerCount(node); worker++) {
      if (workers.phase[worker] === PHASE.idle) continue;
      const message = workers.message[worker];
      const hasCopy = workers.phase[worker] === PHASE.waiting && workers.offered[worker] !== message;
      count += hasCopy ? 2 : 1;
    }
    const { next } = sim.messages;
    for (let message = this.returned.head[node]; message !== NO_MESSAGE; message = next[message]) count++;
    return count;
  }

  workerCount(node: number): number {
    return this.workers.memberCount[node] * this.workers.concurrency[node];
  }

  private configure(sim: Simulation, node: number, config: NodeConfig, topicEdges: EdgeRows): void {
    this.backoff.configure(node, config);
    this.rebalance.configure(node, config);
    this.service[node] = sim.samplers.add(distributionOf(config, 'serviceTime'));
    sim.samplers.scale(this.service[node], MICROS_PER_MS);
    this.failure[node] = numberOf(config, 'failureProbability');
    this.maxAttempts[node] = numberOf(config, 'maxAttempts');
    this.retryMode[node] = choiceOf(config, 'retryMode', RETRY_MODES);
    this.commitMode[node] = choiceOf(config, 'commit', COMMIT_MODES);
    this.commitInterval[node] = microsOf(config, 'commitInterval');
    const end = this.outs.start[node + 1];
    const last = end > this.outs.start[node] ? this.role[this.outs.edges[end - 1]] : EDGE_ROLE.call;
    this.forwards[node] = last === EDGE_ROLE.push ? 1 : 0;
    this.queueTurn[node] = this.queueEdges.start[node];
    const hasQueues = this.queueEdges.start[node] < this.queueEdges.start[node + 1];
    const hasTopics = topicEdges.start[node] < topicEdges.start[node + 1];
    this.queuesFirst[node] = hasTopics ? 0 : 1;
    this.readsBoth[node] = hasQueues && hasTopics ? 1 : 0;
  }

  /** A worker's service time is over. */
  private served(sim: Simulation, node: number, worker: number): void {
    const { workers } = this;
    const chance = this.failure[node];
    sim.metrics.served(node, workers.serviceTime[worker]);
    const drawn = chance > 0 && sim.random.uniform(sim.stream(node, PURPOSE.failure)) < chance;
    if (drawn || (sim.messages.flags[workers.message[worker]] & MESSAGE_FLAG.poison) !== 0) {
      this.failed(sim, node, worker);
      return;
    }
    workers.place[worker] = this.outs.start[node];
    this.sendOn(sim, node, worker);
  }

  /** Calls and sends along the edges that are left; then the message is done. */
  private sendOn(sim: Simulation, node: number, worker: number): void {
    const { workers } = this;
    const end = this.outs.start[node + 1];
    for (let place = workers.place[worker]; place < end; place++) {
      const edge = this.outs.edges[place];
      const calls = this.role[edge] === EDGE_ROLE.call;
      let offered = workers.message[worker];
      if (!calls) offered = this.toForward(sim, offered, place === end - 1);
      workers.place[worker] = place;
      workers.offered[worker] = offered;
      workers.phase[worker] = PHASE.waiting;
      if (!sim.send(edge, offered, workers.tag(node, worker))) return;
      if (calls) {
        workers.phase[worker] = PHASE.calling;
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
    const { messages, metrics } = sim;
    const message = workers.message[worker];
    this.outcomes.note(node, true);
    metrics.out[node]++;
    metrics.completed(node, sim.now - workers.enteredAt[worker]);
    this.doneOf[workers.member[worker]]++;
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
    const message = workers.message[worker];
    const attempts = sim.messages.attempts[message];
    sim.metrics.failures[node]++;
    this.outcomes.note(node, false);
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.failed, node, sim.messages.serial[message], worker, attempts);
    }
    if (attempts >= this.maxAttempts[node]) {
      this.giveUp(sim, node, worker, message);
      return;
    }
    sim.metrics.retries[node]++;
    const delay = this.backoff.delay(sim, node, attempts);
    if (this.retryMode[node] !== LATER) {
      workers.phase[worker] = PHASE.backingOff;
      workers.handle[worker] = sim.after(delay, node, RETRY_HERE, worker);
      return;
    }
    this.retryingLater[node]++;
    sim.after(delay, node, RETRY_LATER, message);
    this.settle(sim, node, worker);
    this.next(sim, node, worker);
  }

  /** No try is left: to the dead letters, or nowhere. */
  private giveUp(sim: Simulation, node: number, worker: number, message: number): void {
    const { workers } = this;
    const place = this.deadEdges.start[node];
    if (place === this.deadEdges.start[node + 1]) {
      sim.metrics.dropped[node]++;
      if (sim.trace.messages) {
        sim.trace.add(sim.now, TRACE.dropped, node, sim.messages.serial[message], worker, 0);
      }
      sim.messages.free(message);
      this.settle(sim, node, worker);
      this.next(sim, node, worker);
      return;
    }
    workers.place[worker] = DEAD;
    workers.offered[worker] = this.toForward(sim, message, true);
    workers.phase[worker] = PHASE.waiting;
    const edge = this.deadEdges.edges[place];
    if (sim.send(edge, message, workers.tag(node, worker))) this.deadLettered(sim, node, worker);
  }

  private deadLettered(sim: Simulation, node: number, worker: number): void {
    sim.metrics.out[node]++;
    this.settle(sim, node, worker);
    this.next(sim, node, worker);
  }

  /** The message needs its place in the channel no more. */
  private settle(sim: Simulation, node: number, worker: number): void {
    const { workers, rows } = this;
    const row = workers.row[worker];
    const edge = workers.edge[worker];
    if (row === NONE) {
      if (edge !== NONE) sim.settle(edge, 0, 1);
      return;
    }
    const member = workers.member[worker];
    const lost =
      workers.generation[worker] !== rows.generation[row] ||
      this.membership.stateOf[member] === MEMBER.expelled;
    if (lost) {
      // A member that was struck off cannot commit: the new reader does this work again.
      sim.metrics.duplicates[node]++;
      return;
    }
    sim.metrics.duplicates[node] += rows.finish(row, workers.sequence[worker]);
    if (this.commitMode[node] !== INTERVAL) rows.settle(sim, row);
    else if (this.commitHandle[node] === NONE) this.scheduleCommit(sim, node);
    if (rows.resume(row)) this.open(sim, node, member);
  }

  /** At the next multiple of the interval; only when there is something to commit. */
  private scheduleCommit(sim: Simulation, node: number): void {
    const every = this.commitInterval[node];
    const at = (Math.floor(sim.now / every) + 1) * every;
    this.commitHandle[node] = sim.at(at, node, COMMIT, 0);
  }

  /** The worker is done with a message: it takes the next, or rests. */
  private next(sim: Simulation, node: number, worker: number): void {
    const { workers } = this;
    const member = workers.member[worker];
    const mayTake = this.membership.stateOf[member] === MEMBER.reading;
    const message = mayTake ? this.fetch(sim, node, worker) : NO_MESSAGE;
    if (message !== NO_MESSAGE) {
      this.begin(sim, node, worker, message);
      return;
    }
    workers.release(node, worker, mayTake);
    sim.metrics.busyBy(node, -1, sim.now);
    if (!mayTake && workers.busyOf[member] === 0) this.rebalance.workDone(sim, node, member);
  }

  /** Takes a message for a worker, what came back for a retry first; NO_MESSAGE if there is none. */
  private fetch(sim: Simulation, node: number, worker: number): number {
    const { workers } = this;
    if (this.returned.length[node] > 0) {
      workers.edge[worker] = NONE;
      workers.row[worker] = NONE;
      return this.returned.shift(node);
    }
    const queuesFirst = this.queuesFirst[node] === 1;
    let message = queuesFirst ? this.fromQueues(sim, node, worker) : this.fromTopics(sim, worker);
    if (this.readsBoth[node] === 1) {
      // Asked in turn, so that a long queue and a long log both move.
      this.queuesFirst[node] ^= 1;
      if (message === NO_MESSAGE) {
        message = queuesFirst ? this.fromTopics(sim, worker) : this.fromQueues(sim, node, worker);
      }
    }
    if (message !== NO_MESSAGE) sim.metrics.in[node]++;
    return message;
  }

  private fromTopics(sim: Simulation, worker: number): number {
    const { workers, rows } = this;
    const message = rows.take(sim, workers.member[worker]);
    if (message === NO_MESSAGE) return NO_MESSAGE;
    const row = rows.takenRow;
    workers.row[worker] = row;
    workers.edge[worker] = rows.edge[row];
    workers.sequence[worker] = rows.takenSequence;
    workers.generation[worker] = rows.generation[row];
    return message;
  }

  private fromQueues(sim: Simulation, node: number, worker: number): number {
    const first = this.queueEdges.start[node];
    const end = this.queueEdges.start[node + 1];
    let place = this.queueTurn[node];
    for (let asked = first; asked < end; asked++) {
      const edge = this.queueEdges.edges[place];
      place = place + 1 === end ? first : place + 1;
      const message = sim.take(edge, 0);
      if (message === NO_MESSAGE) continue;
      this.queueTurn[node] = place;
      this.workers.edge[worker] = edge;
      this.workers.row[worker] = NONE;
      return message;
    }
    return NO_MESSAGE;
  }

  private begin(sim: Simulation, node: number, worker: number, message: number): void {
    const { workers } = this;
    const enteredAt = sim.messages.enteredAt[message];
    workers.message[worker] = message;
    workers.enteredAt[worker] = enteredAt;
    if (sim.messages.attempts[message] === 0) sim.metrics.waited(node, sim.now - enteredAt);
    this.serve(sim, node, worker, message);
  }

  /** One try. */
  private serve(sim: Simulation, node: number, worker: number, message: number): void {
    const { workers } = this;
    const stream = sim.stream(node, PURPOSE.service);
    const time = Math.round(sim.samplers.sample(this.service[node], sim.random, stream));
    sim.messages.attempts[message]++;
    sim.metrics.attempts[node]++;
    workers.serviceTime[worker] = time;
    workers.phase[worker] = PHASE.serving;
    workers.handle[worker] = sim.after(time, node, SERVED, worker);
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.started, node, sim.messages.serial[message], worker, 0);
    }
  }

  private workOnReturned(sim: Simulation, node: number): void {
    const { workers } = this;
    while (this.returned.length[node] > 0) {
      const member = workers.nextOpen(node);
      if (member === NONE) return;
      const worker = workers.occupy(node, member);
      const message = this.fetch(sim, node, worker);
      sim.metrics.busyBy(node, 1, sim.now);
      this.begin(sim, node, worker, message);
    }
  }

  /** Takes everything out of the hands of a member that died. */
  private abandonAll(sim: Simulation, node: number, member: number): void {
    const { workers } = this;
    const size = workers.concurrency[node];
    const first = workers.firstWorker[node] + (member - workers.firstMember[node]) * size;
    for (let worker = first; worker < first + size; worker++) {
      if (workers.phase[worker] !== PHASE.idle) this.abandon(sim, node, worker);
    }
    this.workOnReturned(sim, node);
  }

  private abandon(sim: Simulation, node: number, worker: number): void {
    const { workers } = this;
    const { messages, metrics } = sim;
    const phase = workers.phase[worker];
    const message = workers.message[worker];
    if (phase === PHASE.serving || phase === PHASE.backingOff) sim.cancel(workers.handle[worker]);
    if (phase === PHASE.waiting) {
      const place = workers.place[worker];
      const edge = place === DEAD ? this.deadEdges.edges[this.deadEdges.start[node]] : this.outs.edges[place];
      sim.cancelWait(edge, workers.tag(node, worker));
      if (workers.offered[worker] !== message) {
        messages.free(workers.offered[worker]);
        metrics.copied--;
      }
    }
    // A try that a crash cuts short does not count against the limit.
    if (phase !== PHASE.backingOff && messages.attempts[message] > 0) messages.attempts[message]--;
    workers.epoch[worker]++;
    workers.release(node, worker, false);
    metrics.busyBy(node, -1, sim.now);
    this.handBack(sim, node, worker, message);
  }

  private handBack(sim: Simulation, node: number, worker: number, message: number): void {
    const { workers, rows } = this;
    const row = workers.row[worker];
    const edge = workers.edge[worker];
    if (row !== NONE && workers.generation[worker] !== rows.generation[row]) {
      // Another member has this record already: the second life of it ends here, unseen.
      sim.metrics.copied--;
      sim.metrics.in[node]--;
      sim.messages.free(message);
    } else if (edge === NONE) {
      sim.messages.flags[message] |= MESSAGE_FLAG.redelivered;
      this.returned.push(node, message);
    } else {
      sim.metrics.out[node]++;
      sim.giveBack(edge, row === NONE ? 0 : rows.lane[row], message);
    }
  }

  private memberOf(node: number, number: number): number {
    return number <= this.workers.memberCount[node] ? this.workers.firstMember[node] + number - 1 : NONE;
  }
}
