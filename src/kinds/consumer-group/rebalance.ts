import type { Simulation } from '../../engine/simulation.ts';
import { ASSIGNORS } from '../shared/assignors.ts';
import type { EdgeRows } from '../shared/edge-roles.ts';
import { choiceOf, microsOf, type NodeConfig } from '../shared/node-config.ts';
import { COORDINATOR, COORDINATOR_EVENT, MEMBER, MEMBER_EVENT, type Membership } from './membership.ts';
import type { PartitionRows } from './partition-rows.ts';
import type { Workers } from './workers.ts';

const NONE = -1;
/** One way between a member and the coordinator; the answer to a sync request takes two. */
const NETWORK_MICROS = 1000;

/** Event types of a group that concern its members; the work has the smaller ones. */
export const MEMBER_TIMER = { sessionOver: 8, heartbeat: 9, longestRebalance: 10, sync: 11 } as const;

/** What rebalancing asks of the group's work. */
export interface GroupWork {
  /** A member may take work from now on: its free workers look for some. */
  open(sim: Simulation, node: number, member: number): void;
}

/**
 * Who belongs to a group and who reads what: Kafka's classic eager protocol. A group on queues alone has no
 * coordinator; its members come and go at once. Members are indexes over all groups.
 */
export class Rebalance {
  private readonly work: GroupWork;
  private readonly workers: Workers;
  private readonly rows: PartitionRows;
  private readonly membership: Membership;
  private readonly topicEdges: EdgeRows;
  private readonly queueEdges: EdgeRows;
  private readonly lanesOf: Int32Array;
  private sessionTimeout = new Float64Array();
  private heartbeat = new Float64Array();
  private maxPollInterval = new Float64Array();
  private assignor = new Uint8Array();
  private deadline = new Int32Array();
  private sync = new Int32Array();
  private expiry = new Int32Array();
  /** Partitions that each member reads. */
  partitionsOf = new Int32Array();

  constructor(
    sim: Simulation,
    parts: {
      work: GroupWork;
      workers: Workers;
      rows: PartitionRows;
      membership: Membership;
      topicEdges: EdgeRows;
      queueEdges: EdgeRows;
      lanesOf: Int32Array;
    },
  ) {
    const { columns, plan } = sim;
    this.work = parts.work;
    this.workers = parts.workers;
    this.rows = parts.rows;
    this.membership = parts.membership;
    this.topicEdges = parts.topicEdges;
    this.queueEdges = parts.queueEdges;
    this.lanesOf = parts.lanesOf;
    columns.f64(this, 'sessionTimeout', plan.nodeCount);
    columns.f64(this, 'heartbeat', plan.nodeCount);
    columns.f64(this, 'maxPollInterval', plan.nodeCount);
    columns.u8(this, 'assignor', plan.nodeCount);
    columns.i32(this, 'deadline', plan.nodeCount).fill(NONE);
    columns.i32(this, 'sync', plan.nodeCount).fill(NONE);
    columns.i32(this, 'expiry', this.workers.totalMembers).fill(NONE);
    columns.i32(this, 'partitionsOf', this.workers.totalMembers);
  }

  configure(node: number, config: NodeConfig): void {
    this.sessionTimeout[node] = microsOf(config, 'sessionTimeout');
    this.heartbeat[node] = microsOf(config, 'heartbeat');
    this.maxPollInterval[node] = microsOf(config, 'maxPollInterval');
    const names = ASSIGNORS.map(({ name }) => name);
    this.assignor[node] = choiceOf(config, 'assignor', names);
  }

  /** A run begins with a stable group: everybody is there and has its partitions. */
  start(sim: Simulation, node: number): void {
    const everybody = this.members(node);
    this.deal(sim, node, everybody);
    for (const member of everybody) this.membership.settleIn(member, this.reads(node, member));
    if (this.hasCoordinator(node)) this.membership.settleCoordinator(node);
    for (const member of everybody) {
      if (this.reads(node, member)) this.work.open(sim, node, member);
    }
  }

  fire(sim: Simulation, node: number, type: number, member: number): void {
    if (type === MEMBER_TIMER.sessionOver) this.sessionOver(sim, node, member);
    else if (type === MEMBER_TIMER.heartbeat) this.hear(sim, node, member);
    else if (type === MEMBER_TIMER.longestRebalance) this.timeIsUp(sim, node);
    else this.assign(sim, node);
  }

  /** A member dies without a word; the caller takes its work away. False if it was not alive. */
  crash(sim: Simulation, node: number, member: number): boolean {
    if (!this.send(sim, node, member, MEMBER_EVENT.CRASH)) return false;
    this.workers.close(node, member);
    if (this.hasCoordinator(node) && this.membership.stateOf[member] === MEMBER.crashed) {
      const silentUntil = this.lastHeartbeat(sim, node, member) + this.sessionTimeout[node];
      const at = Math.max(sim.now, silentUntil);
      this.expiry[member] = sim.at(at, node, MEMBER_TIMER.sessionOver, member);
    }
    return true;
  }

  /** A dead member comes up again and joins, under its old name. */
  restore(sim: Simulation, node: number, member: number): void {
    if (!this.send(sim, node, member, MEMBER_EVENT.RESTORE)) return;
    this.forgetExpiry(sim, member);
    if (this.hasCoordinator(node)) {
      this.trigger(sim, node, COORDINATOR_EVENT.MEMBER_JOINED);
      return;
    }
    this.send(sim, node, member, MEMBER_EVENT.JOINED);
    this.send(sim, node, member, MEMBER_EVENT.ASSIGNED);
    this.work.open(sim, node, member);
  }

  /** A member that takes nothing new has nothing in hand any more. */
  workDone(sim: Simulation, node: number, member: number): void {
    const late = this.membership.stateOf[member] === MEMBER.expelled;
    if (!late) this.settleRows(sim, node, member);
    if (!this.send(sim, node, member, MEMBER_EVENT.WORK_DONE)) return;
    if (late) this.trigger(sim, node, COORDINATOR_EVENT.MEMBER_JOINED);
    else this.checkJoined(sim, node);
  }

  /** Commits what is done of every partition whose reader the group still knows. */
  settleAll(sim: Simulation, node: number): void {
    const { stateOf } = this.membership;
    this.eachRow(node, (row) => {
      const owner = this.rows.owner[row];
      if (owner === NONE) return;
      const state = stateOf[owner];
      if (state === MEMBER.reading || state === MEMBER['finishing-work']) this.rows.settle(sim, row);
    });
  }

  private sessionOver(sim: Simulation, node: number, member: number): void {
    this.expiry[member] = NONE;
    this.send(sim, node, member, MEMBER_EVENT.EXPIRED);
    this.trigger(sim, node, COORDINATOR_EVENT.MEMBER_EXPIRED);
  }

  /** Something changed in the membership: a rebalance begins, or the one under way may be complete. */
  private trigger(sim: Simulation, node: number, event: number): void {
    if (this.membership.sendCoordinator(sim, node, event)) {
      if (this.sync[node] !== NONE) sim.cancel(this.sync[node]);
      this.sync[node] = NONE;
      this.deadline[node] = sim.after(this.maxPollInterval[node], node, MEMBER_TIMER.longestRebalance, 0);
      for (const member of this.members(node)) {
        const state = this.membership.stateOf[member];
        const mustHear =
          state === MEMBER.reading ||
          state === MEMBER['standing-by'] ||
          state === MEMBER['awaiting-assignment'];
        if (!mustHear) continue;
        const beat = this.lastHeartbeat(sim, node, member) + this.heartbeat[node];
        sim.at(Math.max(sim.now, beat), node, MEMBER_TIMER.heartbeat, member);
      }
    }
    this.checkJoined(sim, node);
  }

  /** The answer to a heartbeat says that the group rebalances. */
  private hear(sim: Simulation, node: number, member: number): void {
    if (this.membership.coordinatorOf[node] !== COORDINATOR['preparing-rebalance']) return;
    if (!this.send(sim, node, member, MEMBER_EVENT.REBALANCE_HEARD)) return;
    this.workers.close(node, member);
    if (this.membership.stateOf[member] === MEMBER.joining) this.checkJoined(sim, node);
    else if (this.workers.busyOf[member] === 0) this.workDone(sim, node, member);
  }

  /** The longest rebalance is over: who has not joined is struck off. */
  private timeIsUp(sim: Simulation, node: number): void {
    this.deadline[node] = NONE;
    const { stateOf } = this.membership;
    for (const member of this.members(node)) {
      if (stateOf[member] === MEMBER['awaiting-assignment']) {
        this.send(sim, node, member, MEMBER_EVENT.REBALANCE_HEARD);
      }
      if (stateOf[member] === MEMBER.crashed) this.forgetExpiry(sim, member);
      if (stateOf[member] !== MEMBER.expelled) this.send(sim, node, member, MEMBER_EVENT.EXPIRED);
      this.workers.close(node, member);
      if (stateOf[member] === MEMBER.expelled && this.workers.busyOf[member] === 0) {
        this.send(sim, node, member, MEMBER_EVENT.WORK_DONE);
      }
    }
    this.complete(sim, node, COORDINATOR_EVENT.REBALANCE_TIMEOUT);
  }

  /** Goes on with the rebalance if every member that the coordinator knows has joined. */
  private checkJoined(sim: Simulation, node: number): void {
    if (this.membership.coordinatorOf[node] !== COORDINATOR['preparing-rebalance']) return;
    for (const member of this.members(node)) {
      const state = this.membership.stateOf[member];
      const unknown = state === MEMBER.removed || state === MEMBER.expelled || state === MEMBER.stopped;
      if (state !== MEMBER.joining && !unknown) return;
    }
    this.complete(sim, node, COORDINATOR_EVENT.ALL_REJOINED);
  }

  private complete(sim: Simulation, node: number, event: number): void {
    if (this.deadline[node] !== NONE) sim.cancel(this.deadline[node]);
    this.deadline[node] = NONE;
    let joined = 0;
    for (const member of this.members(node)) {
      if (this.send(sim, node, member, MEMBER_EVENT.JOINED)) joined++;
    }
    if (joined === 0) {
      this.membership.sendCoordinator(sim, node, COORDINATOR_EVENT.GROUP_EMPTY);
      return;
    }
    this.membership.sendCoordinator(sim, node, event);
    this.sync[node] = sim.after(2 * NETWORK_MICROS, node, MEMBER_TIMER.sync, 0);
  }

  /** The members of the new generation hear what they read. */
  private assign(sim: Simulation, node: number): void {
    this.sync[node] = NONE;
    this.membership.sendCoordinator(sim, node, COORDINATOR_EVENT.ASSIGNMENT_SENT);
    const { stateOf } = this.membership;
    const present = this.members(node).filter((member) => stateOf[member] === MEMBER['awaiting-assignment']);
    this.deal(sim, node, present);
    for (const member of present) {
      const reads = this.reads(node, member);
      this.send(sim, node, member, reads ? MEMBER_EVENT.ASSIGNED : MEMBER_EVENT.ASSIGNED_NONE);
    }
    for (const member of present) {
      if (this.reads(node, member)) this.work.open(sim, node, member);
    }
  }

  /** Deals the partitions out anew; whoever reads one goes on from what was committed. */
  private deal(sim: Simulation, node: number, present: readonly number[]): void {
    const { rows, workers } = this;
    const first = workers.firstMember[node];
    const edges = this.edgesOf(node);
    const topics = edges.map((edge) => ({
      name: sim.plan.nodeIds[sim.transfers.from[edge]],
      partitions: this.lanesOf[edge],
    }));
    const names = present.map((member) => memberName(member - first));
    const owners = ASSIGNORS[this.assignor[node]].assign(names, topics);
    rows.clearRounds(first, first + workers.memberCount[node]);
    for (const member of this.members(node)) this.partitionsOf[member] = 0;
    edges.forEach((edge, topic) => {
      for (let lane = 0; lane < this.lanesOf[edge]; lane++) {
        const row = rows.firstRow[edge] + lane;
        const owner = owners[topic][lane] < 0 ? NONE : present[owners[topic][lane]];
        rows.rewind(sim, row);
        rows.assign(row, owner);
        rows.makeReady(row);
        if (owner !== NONE) this.partitionsOf[owner]++;
      }
    });
  }

  private settleRows(sim: Simulation, node: number, member: number): void {
    this.eachRow(node, (row) => {
      if (this.rows.owner[row] === member) this.rows.settle(sim, row);
    });
  }

  /** Heartbeats are no events: each member has its own fixed beat, spread evenly over the interval. */
  private lastHeartbeat(sim: Simulation, node: number, member: number): number {
    const local = member - this.workers.firstMember[node];
    const every = this.heartbeat[node];
    const phase = Math.floor((local * every) / this.workers.memberCount[node]);
    return Math.max(0, phase + Math.floor((sim.now - phase) / every) * every);
  }

  private reads(node: number, member: number): boolean {
    return this.partitionsOf[member] > 0 || this.queueEdges.start[node] < this.queueEdges.start[node + 1];
  }

  /** Whether the group reads a topic, and so has a coordinator. */
  hasCoordinator(node: number): boolean {
    return this.topicEdges.start[node] < this.topicEdges.start[node + 1];
  }

  private forgetExpiry(sim: Simulation, member: number): void {
    if (this.expiry[member] !== NONE) sim.cancel(this.expiry[member]);
    this.expiry[member] = NONE;
  }

  private send(sim: Simulation, node: number, member: number, event: number): boolean {
    const number = member - this.workers.firstMember[node] + 1;
    return this.membership.send(sim, node, member, number, event);
  }

  private members(node: number): number[] {
    const first = this.workers.firstMember[node];
    return Array.from({ length: this.workers.memberCount[node] }, (_, local) => first + local);
  }

  private edgesOf(node: number): number[] {
    return Array.from(
      this.topicEdges.edges.subarray(this.topicEdges.start[node], this.topicEdges.start[node + 1]),
    );
  }

  private eachRow(node: number, visit: (row: number) => void): void {
    for (const edge of this.edgesOf(node)) {
      const first = this.rows.firstRow[edge];
      for (let row = first; row < first + this.lanesOf[edge]; row++) visit(row);
    }
  }
}

/** Name of a member within its group, from its place: m1, m2, …; the assignors sort by it. */
function memberName(local: number): string {
  return `m${local + 1}`;
}
