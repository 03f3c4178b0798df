import type { Simulation } from '../../engine/simulation.ts';
import type { NodeConfig } from '../shared/node-config.ts';
import { ClassicProtocol } from './classic-protocol.ts';
import { ConsumerProtocol } from './consumer-protocol.ts';
import { Dealer } from './dealer.ts';
import { COORDINATOR, MEMBER, MEMBER_EVENT, type Cause } from './membership.ts';
import { MEMBER_TIMER, Roster, ROUND_TRIP_MICROS, type RosterParts } from './roster.ts';

/** States in which a member has records in hand, or asks for some, as one of the group. */
const AT_WORK: readonly number[] = [
  MEMBER.reading,
  MEMBER['finishing-work'],
  MEMBER.rejoining,
  MEMBER.syncing,
  MEMBER.revoking,
];

/**
 * Who belongs to a group and who reads what. Here is how members come, die and are missed; what the group makes of it
 * is up to its protocol. A group on queues alone has no coordinator; its members come and go at once.
 */
export class Rebalance {
  private readonly roster: Roster;
  private readonly dealer: Dealer;
  private readonly classic: ClassicProtocol;
  private readonly consumer: ConsumerProtocol;

  constructor(sim: Simulation, parts: RosterParts) {
    this.roster = new Roster(sim, parts);
    this.dealer = new Dealer(sim, this.roster);
    this.classic = new ClassicProtocol(sim, this.roster, this.dealer);
    this.consumer = new ConsumerProtocol(sim, this.roster, this.dealer);
  }

  configure(node: number, config: NodeConfig): void {
    this.roster.configure(node, config);
    this.dealer.configure(node, config);
  }

  /** Partitions that each member reads. */
  get partitionsOf(): Int32Array {
    return this.roster.partitionsOf;
  }

  /** Whether the group reads a topic, and so has a coordinator. */
  hasCoordinator(node: number): boolean {
    return this.roster.hasCoordinator(node);
  }

  /** A run begins with a stable group: everybody is there and has its partitions. */
  start(sim: Simulation, node: number): void {
    const { roster } = this;
    const { membership, work } = roster;
    const everybody = roster.members(node);
    if (roster.hasCoordinator(node)) {
      this.protocolOf(node).start(sim, node);
      membership.settleCoordinator(node);
      sim.after(roster.maxPollInterval[node], node, MEMBER_TIMER.poll, 0);
    }
    for (const member of everybody) membership.settleIn(member, roster.reads(node, member));
    for (const member of everybody) work.open(sim, node, member);
  }

  fire(sim: Simulation, node: number, type: number, member: number): void {
    switch (type) {
      case MEMBER_TIMER.sessionOver:
        return this.sessionOver(sim, node, member);
      case MEMBER_TIMER.heartbeat:
        if (this.roster.isConsumer(node)) this.consumer.beat(sim, node, member);
        else this.classic.hear(sim, node, member);
        return;
      case MEMBER_TIMER.longestRebalance:
        return this.classic.timeIsUp(sim, node);
      case MEMBER_TIMER.sync:
        return this.classic.assign(sim, node);
      case MEMBER_TIMER.resume:
        return this.resume(sim, node, member);
      default:
        return this.checkPolls(sim, node);
    }
  }

  /** A member dies without a word; the caller takes its work away. False if it was not alive. */
  crash(sim: Simulation, node: number, member: number): boolean {
    const { roster } = this;
    if (!roster.send(sim, node, member, MEMBER_EVENT.CRASH)) return false;
    roster.workers.close(node, member);
    if (roster.hasCoordinator(node) && roster.membership.stateOf[member] === MEMBER.crashed) {
      const silentUntil = roster.lastHeartbeat(sim, node, member) + roster.sessionTimeout[node];
      roster.expect(sim, node, member, MEMBER_TIMER.sessionOver, silentUntil);
    }
    return true;
  }

  /**
   * A dead member comes up again. A static one that the group still counts in has its old place at once; any other
   * joins as a new one, and by the classic protocol the group waits for the dead one until its session is over.
   */
  restore(sim: Simulation, node: number, member: number): void {
    const { roster } = this;
    const { stateOf } = roster.membership;
    const isMissed = stateOf[member] === MEMBER.removed;
    if (stateOf[member] === MEMBER.crashed && this.hasItsPlace(node, member)) {
      roster.send(sim, node, member, MEMBER_EVENT.RESUME);
      roster.expect(sim, node, member, MEMBER_TIMER.resume, sim.now + ROUND_TRIP_MICROS);
      return;
    }
    if (!roster.send(sim, node, member, MEMBER_EVENT.RESTORE)) return;
    this.dealer.forget(member);
    if (!roster.hasCoordinator(node)) {
      roster.send(sim, node, member, MEMBER_EVENT.JOINED);
      roster.send(sim, node, member, MEMBER_EVENT.ASSIGNED);
      roster.work.open(sim, node, member);
      return;
    }
    if (isMissed || roster.isStatic(node) || roster.isConsumer(node)) roster.forget(sim, member);
    this.protocolOf(node).joined(sim, node, member);
  }

  /** A member that takes nothing new has finished something that it had in hand. */
  workDone(sim: Simulation, node: number, member: number): void {
    const { roster } = this;
    const state = roster.membership.stateOf[member];
    if (state === MEMBER['finishing-work']) this.classic.workDone(sim, node, member);
    if (state !== MEMBER.expelled || roster.workers.busyOf[member] > 0) return;
    roster.send(sim, node, member, MEMBER_EVENT.WORK_DONE);
    this.protocolOf(node).joined(sim, node, member);
  }

  /** A record is done of a partition that its reader gives up. */
  givenUpDone(sim: Simulation, node: number, member: number): void {
    this.protocolOf(node).checkRevoked(sim, node, member);
  }

  /** Commits what is done of every partition whose reader the group still knows. */
  settleAll(sim: Simulation, node: number): void {
    const { rows, membership } = this.roster;
    for (const row of this.roster.rowsOf(node)) {
      const owner = rows.owner[row];
      if (owner >= 0 && AT_WORK.includes(membership.stateOf[owner])) rows.settle(sim, row);
    }
  }

  private protocolOf(node: number): ClassicProtocol | ConsumerProtocol {
    return this.roster.isConsumer(node) ? this.consumer : this.classic;
  }

  /** Whether a process that died finds its place as it left it: static, and nothing is being dealt anew. */
  private hasItsPlace(node: number, member: number): boolean {
    const { roster } = this;
    if (!roster.isStatic(node) || !roster.hasCoordinator(node)) return false;
    if (roster.isConsumer(node)) return true;
    const { rows, membership } = roster;
    const isLettingGo = roster.rowsOf(node).some((row) => rows.owner[row] === member && rows.isGivenUp(row));
    return membership.coordinatorOf[node] === COORDINATOR.stable && !isLettingGo;
  }

  /** A static member reads on from what was committed. */
  private resume(sim: Simulation, node: number, member: number): void {
    const { roster } = this;
    roster.forget(sim, member, true);
    for (const row of roster.rowsOf(node)) {
      if (roster.rows.owner[row] === member) roster.handOver(sim, row, member);
    }
    const read = roster.reads(node, member) ? MEMBER_EVENT.ASSIGNED : MEMBER_EVENT.ASSIGNED_NONE;
    roster.send(sim, node, member, read);
    if (roster.isConsumer(node)) this.consumer.beat(sim, node, member);
    else roster.work.open(sim, node, member);
  }

  /** The process that died is given up; a new one of this member may be there already. */
  private sessionOver(sim: Simulation, node: number, member: number): void {
    const { roster } = this;
    roster.forget(sim, member, true);
    if (roster.send(sim, node, member, MEMBER_EVENT.EXPIRED)) this.left(sim, node, member, 'silent');
    else this.classic.checkJoined(sim, node);
  }

  /** Members that did not ask for records for too long leave the group by themselves (max.poll.interval.ms). */
  private checkPolls(sim: Simulation, node: number): void {
    const { roster } = this;
    const { workers, membership } = roster;
    const longest = roster.maxPollInterval[node];
    let earliest = sim.now;
    for (const member of roster.members(node)) {
      if (!AT_WORK.includes(membership.stateOf[member])) continue;
      const last = workers.lastPoll(node, member, sim.now);
      if (last + longest > sim.now) {
        earliest = Math.min(earliest, last);
        continue;
      }
      roster.send(sim, node, member, MEMBER_EVENT.POLL_OVERDUE);
      workers.close(node, member);
      this.left(sim, node, member, 'overdue');
    }
    sim.at(earliest + longest, node, MEMBER_TIMER.poll, 0);
  }

  private left(sim: Simulation, node: number, member: number, cause: Cause): void {
    this.protocolOf(node).gone(sim, node, member, cause);
  }
}
