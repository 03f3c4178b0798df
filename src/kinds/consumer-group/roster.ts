import type { Simulation } from '../../engine/simulation.ts';
import type { EdgeRows } from '../shared/edge-roles.ts';
import { choiceOf, microsOf, type NodeConfig } from '../shared/node-config.ts';
import type { GroupTransactions } from './group-transactions.ts';
import { MEMBER, MEMBER_EVENT, type Membership } from './membership.ts';
import type { PartitionRows } from './partition-rows.ts';
import type { PollLoop } from './poll-loop.ts';
import type { OffsetStarts } from './offset-starts.ts';
import { PHASE, SETTLED, WORKER, type Workers } from './workers.ts';

const NONE = -1;
/** One way between a member and the coordinator. */
const NETWORK_MICROS = 1000;
export const ROUND_TRIP_MICROS = 2 * NETWORK_MICROS;

/** Event types of a group that concern its members; the work has the smaller ones. */
export const MEMBER_TIMER = {
  sessionOver: 8,
  heartbeat: 9,
  longestRebalance: 10,
  sync: 11,
  resume: 12,
  poll: 13,
  rolling: 14,
  /** The window in which an empty group waits for members is over. */
  window: 15,
  /** A member hears that there is no offset for a row. */
  noOffset: 16,
} as const;

const PROTOCOLS = ['classic', 'consumer'] as const;
const PILE_UPS = ['block', 'pause'] as const;
const IDENTITIES = ['dynamic', 'static'] as const;

/** What rebalancing asks of the group's work. */
export interface GroupWork {
  /** Those of groups that read, process and write; null if there are none. */
  readonly transactions: GroupTransactions | null;
  /** A member may take work from now on: its free workers look for some. */
  open(sim: Simulation, node: number, member: number): void;
  readonly commits: {
    /** There is something to commit in a row. */
    recordDone(sim: Simulation, node: number, row: number): void;
  };
}

/** The parts of all groups that their protocols move. */
export interface RosterParts {
  work: GroupWork;
  workers: Workers;
  rows: PartitionRows;
  membership: Membership;
  topicEdges: EdgeRows;
  queueEdges: EdgeRows;
  lanesOf: Int32Array;
}

/** Who is in which group and reads which partitions, and what both protocols ask of it. Members are indexes over all groups. */
export class Roster {
  readonly work: GroupWork;
  readonly workers: Workers;
  readonly rows: PartitionRows;
  readonly membership: Membership;
  /** Of each edge from a topic, partitions that the group knows of. */
  lanesOf = new Int32Array();
  /** Where members begin without an offset; null where that cannot be. */
  starts: OffsetStarts | null = null;
  /** Those of all groups that poll in batches; null if none does. */
  polls: PollLoop | null = null;
  /** Ends the process of a member that could not leave. */
  onStranded: (sim: Simulation, node: number, member: number) => void = () => {};
  /** Partitions that each member reads. */
  partitionsOf = new Int32Array();
  sessionTimeout = new Float64Array();
  maxPollInterval = new Float64Array();
  metadataMaxAge = new Float64Array();
  /** `group.initial.rebalance.delay.ms` of the broker. */
  firstWindow = new Float64Array();
  private readonly topicEdges: EdgeRows;
  private readonly queueEdges: EdgeRows;
  private heartbeat = new Float64Array();
  /** Of each member: the event at which the group gives up the process that died, or a static one has its place again. */
  private pending = new Int32Array();
  /** 1 for groups of the consumer protocol, and for those whose members are static. */
  private usesConsumerProtocol = new Uint8Array();
  private hasStaticMembers = new Uint8Array();
  /** 1 for groups that pause() instead of leaving poll() uncalled. */
  private pausesPartitions = new Uint8Array();

  constructor(sim: Simulation, parts: RosterParts) {
    const { columns, plan } = sim;
    this.work = parts.work;
    this.workers = parts.workers;
    this.rows = parts.rows;
    this.membership = parts.membership;
    this.topicEdges = parts.topicEdges;
    this.queueEdges = parts.queueEdges;
    columns.i32(this, 'lanesOf', plan.edgeCount).set(parts.lanesOf);
    for (const field of ['sessionTimeout', 'heartbeat', 'maxPollInterval', 'metadataMaxAge', 'firstWindow'])
      columns.f64(this, field, plan.nodeCount);
    columns.u8(this, 'usesConsumerProtocol', plan.nodeCount);
    columns.u8(this, 'hasStaticMembers', plan.nodeCount);
    columns.u8(this, 'pausesPartitions', plan.nodeCount);
    columns.i32(this, 'partitionsOf', this.workers.totalMembers);
    columns.i32(this, 'pending', this.workers.totalMembers).fill(NONE);
  }

  configure(node: number, config: NodeConfig): void {
    this.usesConsumerProtocol[node] = choiceOf(config, 'protocol', PROTOCOLS);
    this.pausesPartitions[node] = choiceOf(config, 'pileUp', PILE_UPS);
    this.hasStaticMembers[node] = choiceOf(config, 'identity', IDENTITIES);
    this.sessionTimeout[node] = microsOf(config, 'sessionTimeout');
    this.heartbeat[node] = microsOf(config, this.isConsumer(node) ? 'brokerHeartbeat' : 'heartbeat');
    this.maxPollInterval[node] = microsOf(config, 'maxPollInterval');
    this.metadataMaxAge[node] = microsOf(config, 'metadataMaxAge');
    this.firstWindow[node] = microsOf(config, 'firstWindow');
  }

  /** Whether the group follows KIP-848 instead of the classic protocol. */
  isConsumer(node: number): boolean {
    return this.usesConsumerProtocol[node] === 1;
  }

  isStatic(node: number): boolean {
    return this.hasStaticMembers[node] === 1;
  }

  /** Whether members pause their partitions, and poll on, while they have as much as they can work on. */
  pauses(node: number): boolean {
    return this.pausesPartitions[node] === 1;
  }

  /** Whether the group reads a topic, and so has a coordinator. */
  hasCoordinator(node: number): boolean {
    return this.topicEdges.start[node] < this.topicEdges.start[node + 1];
  }

  /** Whether a member has anything to read from. */
  reads(node: number, member: number): boolean {
    return this.partitionsOf[member] > 0 || this.queueEdges.start[node] < this.queueEdges.start[node + 1];
  }

  members(node: number): number[] {
    const first = this.workers.firstMember[node];
    return Array.from({ length: this.workers.memberCount[node] }, (_, local) => first + local);
  }

  /** Number of a member within its group, from 1. */
  numberOf(node: number, member: number): number {
    return member - this.workers.firstMember[node] + 1;
  }

  /** The edges from the topics that a group reads. */
  edgesOf(node: number): number[] {
    const { start, edges } = this.topicEdges;
    return Array.from(edges.subarray(start[node], start[node + 1]));
  }

  /** The rows of all partitions that a group reads. */
  rowsOf(node: number): number[] {
    return this.edgesOf(node).flatMap((edge) =>
      Array.from({ length: this.lanesOf[edge] }, (_, lane) => this.rows.firstRow[edge] + lane),
    );
  }

  /** When a member last asked for records. */
  lastPoll(node: number, member: number, now: number): number {
    const { polls, workers } = this;
    return polls?.isBatched(node) ? polls.lastPoll(node, member, now) : workers.lastPoll(node, member, now);
  }

  /** Whether a member joins again only when it has done all that its last poll returned. */
  isInBatch(node: number, member: number): boolean {
    return this.polls?.isInBatch(node, member) ?? false;
  }

  /** Whether a member has records of a partition in hand, committed or not. */
  isInHand(node: number, member: number, row: number): boolean {
    // A transaction ends with nothing in hand.
    if (this.work.transactions?.has(node)) return this.isInBatch(node, member);
    if (this.rows.isInHand(row) || this.polls?.hasSettled(member, row) === true) return true;
    const { workers } = this;
    const size = workers.concurrency[node];
    const first = workers.firstWorker[node] + (member - workers.firstMember[node]) * size;
    for (let worker = first; worker < first + size; worker++) {
      if (workers.of(worker, WORKER.phase) === PHASE.idle) continue;
      if (workers.of(worker, WORKER.row) === SETTLED && workers.of(worker, WORKER.settledRow) === row)
        return true;
    }
    return false;
  }

  /** Partitions that a member is to let go of; null unless it revokes some and has nothing in hand of them. */
  readyToRelease(node: number, member: number): number[] | null {
    const { rows } = this;
    if (this.membership.stateOf[member] !== MEMBER.revoking) return null;
    const givenUp = this.rowsOf(node).filter((row) => rows.owner[row] === member && rows.isGivenUp(row));
    return givenUp.some((row) => this.isInHand(node, member, row)) ? null : givenUp;
  }

  /** Commits what is done of every partition of a member. */
  settleRowsOf(sim: Simulation, node: number, member: number): void {
    // A transaction ends with nothing in hand: who joins again while it works, and keeps what it reads, commits later.
    if (this.work.transactions?.has(node) && this.isInBatch(node, member)) return;
    this.work.transactions?.commit(sim, node, member);
    for (const row of this.rowsOf(node)) if (this.rows.owner[row] === member) this.rows.settle(sim, row);
  }

  /** What a member did since its last commit is undone: it reads on from there. */
  beginAgain(sim: Simulation, node: number, member: number): void {
    const { rows: partitions } = this;
    for (const row of this.rowsOf(node)) {
      if (partitions.owner[row] !== member) continue;
      if (partitions.isGivenUp(row)) partitions.rewind(sim, row);
      else this.handOver(sim, row, member);
    }
  }

  /** Commits what a member did while it could not reach the broker, as its group commits. */
  commitRowsOf(sim: Simulation, node: number, member: number): void {
    const { rows } = this;
    for (const row of this.rowsOf(node)) {
      if (rows.owner[row] === member && rows.hasUnsettled(row)) this.work.commits.recordDone(sim, node, row);
    }
  }

  /** Gives a partition to a reader (NONE for nobody), which goes on from what was committed. */
  handOver(sim: Simulation, row: number, owner: number): void {
    const { rows } = this;
    const before = rows.owner[row];
    // Whoever lets go of a partition in good order has committed before; any other cannot any more.
    if (before !== NONE && before !== owner) this.work.transactions?.fence(before);
    rows.withdraw(row);
    rows.rewind(sim, row);
    rows.assign(row, owner);
    if (owner === NONE || this.starts === null || this.starts.assigned(sim, row)) rows.makeReady(row);
    if (before !== NONE) this.partitionsOf[before]--;
    if (owner !== NONE) this.partitionsOf[owner]++;
  }

  /** A member has nothing any more: nobody reads what it read. */
  letGo(sim: Simulation, node: number, member: number): void {
    for (const row of this.rowsOf(node)) if (this.rows.owner[row] === member) this.handOver(sim, row, NONE);
  }

  send(sim: Simulation, node: number, member: number, event: number): boolean {
    return this.membership.send(sim, node, member, this.numberOf(node, member), event);
  }

  /** The group counts in a member no more, and one that tries to leave gives that up; false if it did not count it in. */
  strikeOff(sim: Simulation, node: number, member: number): boolean {
    if (this.membership.stateOf[member] === MEMBER.stranded) this.onStranded(sim, node, member);
    return this.send(sim, node, member, MEMBER_EVENT.EXPIRED);
  }

  /** Whether the group still counts in a process of this member that died. */
  isExpected(member: number): boolean {
    return this.pending[member] !== NONE;
  }

  /** A time comes for a member, in place of any other that was to come. */
  expect(sim: Simulation, node: number, member: number, type: number, at: number): void {
    this.forget(sim, member);
    this.pending[member] = sim.at(Math.max(sim.now, at), node, type, member);
  }

  /** The time for a member does not come; `hasCome` if it is that very event which calls. */
  forget(sim: Simulation, member: number, hasCome = false): void {
    if (this.pending[member] !== NONE && !hasCome) sim.cancel(this.pending[member]);
    this.pending[member] = NONE;
  }

  /** Heartbeats are no events: each member has its own fixed beat, spread evenly over the interval. */
  lastHeartbeat(sim: Simulation, node: number, member: number): number {
    const local = member - this.workers.firstMember[node];
    const every = this.heartbeat[node];
    const phase = Math.floor((local * every) / this.workers.memberCount[node]);
    return Math.max(0, phase + Math.floor((sim.now - phase) / every) * every);
  }

  /** When a member's next heartbeat is due; now if that was in the first interval of the run. */
  nextHeartbeat(sim: Simulation, node: number, member: number): number {
    return Math.max(sim.now, this.lastHeartbeat(sim, node, member) + this.heartbeat[node]);
  }
}
