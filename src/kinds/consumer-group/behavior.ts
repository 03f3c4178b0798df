import { METRIC } from '../../engine/metrics.ts';
import type { Distribution } from '../../design/fields.ts';
import type { Json } from '../../design/types.ts';
import { NO_MESSAGE } from '../../engine/messages.ts';
import type { EnginePlan } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { NodeBehavior, NodeGauge } from '../node-behavior.ts';
import type { CallGuards } from '../shared/call-guard/call-guards.ts';
import { EDGE_ROLE, edgesByRole } from '../shared/edge-roles.ts';
import type { NodeConfig } from '../shared/node-config.ts';
import { Abandonment } from './abandonment.ts';
import { CONNECTION_LOST, type Connections } from './connections.ts';
import { consumerAccounts } from './consumer-accounts.ts';
import { CONSUMER_TIMEOUT, type ConsumerTimeouts } from './consumer-timeouts.ts';
import { groupTransactions, TRANSACTION_TIMER, type GroupTransactions } from './group-transactions.ts';
import { Intake } from './intake.ts';
import { MemberFaults } from './member-faults.ts';
import { MEMBER, Membership } from './membership.ts';
import { needsOffsetStarts, OffsetStarts } from './offset-starts.ts';
import { PartitionRows } from './partition-rows.ts';
import type { Prefetch } from './prefetch.ts';
import { pollLoop, type PollLoop } from './poll-loop.ts';
import { Rebalance } from './rebalance.ts';
import { MEMBER_TIMER } from './roster.ts';
import { WORK_TIMER, Work } from './work.ts';
import { PHASE, WORKER, Workers } from './workers.ts';

const NONE = -1;
/** States of a member whose process does not run. */
const DOWN: readonly number[] = [MEMBER.stopped, MEMBER.crashed, MEMBER.removed];

/** Brokers whose client libraries take part in what is delivered again. */
export interface ClientsOfBrokers {
  /** Whether the client at the end of an edge counts the time for an acknowledgement from when work begins. */
  timesWork(edge: number): boolean;
  begun(sim: Simulation, edge: number, message: number): void;
  /** Called when all along an edge will be delivered again. */
  onRewound: (sim: Simulation, edge: number) => void;
}

/**
 * Consumer groups. `Work` is what a worker does with a message, `Intake` where it gets one, `Rebalance` who belongs
 * to a group and may take what.
 */
export class Groups implements NodeBehavior {
  readonly workers: Workers;
  readonly rows: PartitionRows;
  readonly membership: Membership;
  readonly rebalance: Rebalance;
  readonly work: Work;
  /** Null if no group is sent messages ahead of its work. */
  readonly prefetch: Prefetch | null;
  /** Null if no queue takes back what is not acknowledged in time. */
  readonly timeouts: ConsumerTimeouts | null;
  readonly connections: Connections;
  /** Where groups begin partitions without an offset; null where none can. */
  readonly starts: OffsetStarts | null;
  readonly abandonment: Abandonment;
  /** Those of all groups that poll in batches; null if none does. */
  readonly polls: PollLoop | null;
  private readonly intake: Intake;
  readonly faults: MemberFaults;

  constructor(
    sim: Simulation,
    configs: readonly NodeConfig[],
    nodes: readonly number[],
    role: Uint8Array,
    lanesOf: Int32Array,
    guards: CallGuards,
  ) {
    const queueEdges = edgesByRole(sim.plan, role, 'in', [EDGE_ROLE.deliveries]);
    const topicEdges = edgesByRole(sim.plan, role, 'in', [EDGE_ROLE.records]);
    const workers = new Workers(sim, configs, nodes);
    const rows = new PartitionRows(sim, [...topicEdges.edges], lanesOf, workers.totalMembers);
    const membership = new Membership(sim, workers.totalMembers);
    const intake = new Intake(sim, workers, rows, queueEdges, topicEdges);
    const accounts = consumerAccounts(sim, { configs, nodes }, { workers, membership, queueEdges });
    const { connections, timeouts, prefetch } = accounts;
    const reading = { workers, rows, membership, intake };
    const work = new Work(sim, { ...reading, guards, ...accounts }, { configs, nodes, role });
    prefetch?.attach(work, intake.returned);
    this.starts = needsOffsetStarts(configs) ? new OffsetStarts(sim, configs, reading) : null;
    this.rebalance = new Rebalance(sim, { work, workers, rows, membership, topicEdges, queueEdges, lanesOf });
    work.onIdle = (run, node, member, worker) => {
      if (prefetch?.has(node)) prefetch.freed(run, node, member, worker);
      this.rebalance.workDone(run, node, member);
    };
    // A consumer that closes gives back what it has not begun, and is not the active one any more.
    this.rebalance.onStopped = (run, node, member) => {
      connections.memberEnds(run, node, member);
      if (prefetch?.has(node)) prefetch.abandon(run, node, member);
    };
    work.settlement.onGivenUp = (run, node, member) => this.rebalance.givenUpDone(run, node, member);
    this.workers = workers;
    this.rows = rows;
    this.membership = membership;
    this.intake = intake;
    this.work = work;
    this.prefetch = prefetch;
    this.timeouts = timeouts;
    this.connections = connections;
    const { roster } = this.rebalance;
    const parts = { work, workers, rows, rowsOf: (node: number) => roster.rowsOf(node) };
    this.polls = pollLoop(sim, configs, nodes, parts, WORK_TIMER);
    if (this.polls) intake.pollsBy(this.polls, nodes);
    roster.polls = this.polls;
    roster.starts = this.starts;
    const abandonment = new Abandonment(work, { ...reading, connections }, prefetch);
    this.abandonment = abandonment;
    this.faults = new MemberFaults(sim, {
      rebalance: this.rebalance,
      abandonment,
      membership,
      workers,
      connections,
      speeds: work.speeds,
    });
    roster.onStranded = (run, node, member) => this.faults.end(run, node, member, false);
    work.transactions = groupTransactions(sim, configs, role, { ...parts, membership });
    if (work.transactions) this.listenTo(work.transactions, abandonment);
    if (this.starts) this.starts.onFailed = (run, node, member) => this.faults.end(run, node, member, true);
    for (const node of nodes) {
      work.configure(sim, node, configs[node]);
      const edges = [...queueEdges.edges.subarray(queueEdges.start[node], queueEdges.start[node + 1])];
      const isTimed = edges.some((edge) => timeouts?.has(edge) === true);
      if (isTimed && prefetch?.has(node) !== true) work.timeOf(node);
      this.rebalance.configure(node, configs[node]);
    }
  }

  /** Tells the clients of brokers of what they count from, and clears what they hold ready when they are to. */
  useClients(plan: EnginePlan, brokers: ClientsOfBrokers): void {
    for (let edge = 0; edge < plan.edgeCount; edge++) {
      if (brokers.timesWork(edge)) this.work.tellOf(plan.edgeTo[edge]);
    }
    this.work.onBegun = (sim, edge, message) => {
      if (edge !== NONE && brokers.timesWork(edge)) brokers.begun(sim, edge, message);
    };
    brokers.onRewound = (sim, edge) => this.prefetch?.clear(sim, plan.edgeTo[edge], edge);
  }

  start(sim: Simulation, node: number): void {
    this.rebalance.start(sim, node);
  }

  /** Those of all groups that read, process and write; null if there are none. */
  get transactions(): GroupTransactions | null {
    return this.work.transactions;
  }

  /** A group hears how its transactions end. */
  private listenTo(transactions: GroupTransactions, abandonment: Abandonment): void {
    const { rebalance, work, membership } = this;
    const { roster } = rebalance;
    transactions.onReleasable = (sim, node, member) => rebalance.givenUpDone(sim, node, member);
    transactions.onFenced = (sim, node, member) => {
      if (DOWN.includes(membership.stateOf[member])) return;
      abandonment.abandonAll(sim, node, member);
      roster.beginAgain(sim, node, member);
      work.open(sim, node, member);
      rebalance.givenUpDone(sim, node, member);
      rebalance.workDone(sim, node, member);
    };
  }

  fire(sim: Simulation, node: number, type: number, arg: number): void {
    switch (type) {
      case WORK_TIMER.served:
        return this.work.served(sim, node, arg);
      case WORK_TIMER.retryHere:
        return this.work.serve(sim, node, arg, this.workers.of(arg, WORKER.message));
      case WORK_TIMER.retryLater:
        return this.work.retry(sim, node, arg);
      case WORK_TIMER.commit:
        this.work.commits.due(node);
        return this.rebalance.settleAll(sim, node);
      case WORK_TIMER.skip:
        return this.work.watched.skip(sim, node, arg);
      case WORK_TIMER.polled:
        return this.work.open(sim, node, arg);
      case TRANSACTION_TIMER.end:
      case TRANSACTION_TIMER.timeout:
      case TRANSACTION_TIMER.markers:
      case TRANSACTION_TIMER.release:
      case TRANSACTION_TIMER.wake:
        return this.transactions!.fire(sim, node, type, arg);
      case CONSUMER_TIMEOUT:
        return this.timeouts!.expire(sim, node, arg);
      case CONNECTION_LOST:
        return this.connections.lose(sim, node, arg);
      case MEMBER_TIMER.rolling:
        return this.faults.roll(sim, node);
      case MEMBER_TIMER.noOffset:
        return this.starts!.polled(sim, node, arg);
      default:
        return this.rebalance.fire(sim, node, type, arg);
    }
  }

  deliver(sim: Simulation, node: number, edge: number, message: number): boolean {
    return this.work.deliver(sim, node, edge, message);
  }

  available(sim: Simulation, node: number, edge: number, lane: number): void {
    this.work.available(sim, node, edge, lane);
  }

  /** Members with a worker to spare look for work once more: something may have come by another way than usual. */
  lookAgain(sim: Simulation, node: number): void {
    const first = this.workers.firstMember[node];
    for (let member = first; member < first + this.workers.memberCount[node]; member++) {
      this.work.open(sim, node, member);
    }
  }

  room(sim: Simulation, node: number, edge: number, tag: number): void {
    this.work.room(sim, node, edge, tag);
  }

  reply(sim: Simulation, node: number, tag: number, succeeded: boolean): void {
    this.work.reply(sim, node, tag, succeeded);
  }

  setField(sim: Simulation, node: number, field: string, value: Json): void {
    if (this.work.failing.backoff.setField(node, field, value)) return;
    if (field === 'serviceTime')
      sim.samplers.replace(this.work.speeds.sampler(node), value as unknown as Distribution);
    else if (field === 'failureProbability') this.work.failure[node] = value as number;
    else if (field === 'fatalShare') this.work.failing.fatal[node] = value as number;
    else if (field === 'maxAttempts') this.work.failing.maxAttempts[node] = value as number;
  }

  inject(sim: Simulation, node: number, fault: string, args: Readonly<Record<string, Json>>): void {
    if (fault === 'slow') {
      this.work.speeds.slowDown(sim, node, args.factor as number);
      return;
    }
    this.faults.inject(sim, node, fault, args);
  }

  heal(sim: Simulation, node: number, fault: string, args: Readonly<Record<string, Json>>): void {
    if (fault === 'slow') {
      this.work.speeds.slowDown(sim, node, 1);
      return;
    }
    this.faults.heal(sim, node, fault, args);
  }

  /** `amount` is how far the group is behind what it reads; `RunKinds` fills it in, as only the channels know. */
  gauge(sim: Simulation, node: number, into: NodeGauge): void {
    const { workers, membership } = this;
    const first = workers.firstMember[node];
    let alive = 0;
    for (let member = first; member < first + workers.memberCount[node]; member++) {
      if (!DOWN.includes(membership.stateOf[member])) alive++;
    }
    into.busy = sim.metrics.of(node, METRIC.busy);
    into.servers = workers.memberCount[node] * workers.concurrency[node];
    into.down = alive === 0;
    into.failing = this.work.outcomes.areMostlyFailures(node);
    into.machineState = this.rebalance.hasCoordinator(node) ? membership.coordinatorOf[node] : NONE;
    into.machineSince = membership.coordinatorSince[node];
  }

  held(sim: Simulation, node: number): number {
    const { workers } = this;
    const first = workers.firstWorker[node];
    let count = this.work.failing.retryingLater[node] + (this.polls?.held(node) ?? 0);
    count += this.connections.givenBackBy(node);
    count += this.prefetch?.walk(node) ?? 0;
    for (let worker = first; worker < first + this.workerCount(node); worker++) {
      if (workers.of(worker, WORKER.phase) === PHASE.idle) continue;
      const message = workers.of(worker, WORKER.message);
      const hasCopy =
        workers.of(worker, WORKER.phase) === PHASE.waiting && workers.of(worker, WORKER.offered) !== message;
      count += hasCopy ? 2 : 1;
    }
    const { next } = sim.messages;
    for (let message = this.intake.returned.head(node); message !== NO_MESSAGE; message = next[message])
      count++;
    return count;
  }

  /** Messages that a queue has sent along an edge ahead of the work. */
  ahead(edge: number): number {
    return this.prefetch?.waitingOf(edge) ?? 0;
  }

  workerCount(node: number): number {
    return this.workers.memberCount[node] * this.workers.concurrency[node];
  }
}
