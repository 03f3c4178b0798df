import type { Simulation } from '../../engine/simulation.ts';
import type { NodeConfig } from '../shared/node-config.ts';
import { ClassicProtocol } from './classic-protocol.ts';
import { ConsumerProtocol } from './consumer-protocol.ts';
import { Dealer } from './dealer.ts';
import { COORDINATOR, MEMBER, MEMBER_EVENT, type Cause } from './membership.ts';
import { MEMBER_TIMER, Roster, ROUND_TRIP_MICROS, type RosterParts } from './roster.ts';

const NONE = -1;
/** A pause that is shorter than this is not told of: at each moment some member has all it can work on. */
const PAUSE_MICROS = 1_000_000;
/** States in which a member has records in hand, or asks for some, as one of the group. */
const AT_WORK: readonly number[] = [
  MEMBER.reading,
  MEMBER.paused,
  MEMBER['finishing-work'],
  MEMBER.rejoining,
  MEMBER.syncing,
  MEMBER.revoking,
  MEMBER.leaving,
];

/**
 * Who belongs to a group and who reads what. Here is how members come, die and are missed; what the group makes of it
 * is up to its protocol. A group on queues alone has no coordinator; its members come and go at once.
 */
export class Rebalance {
  readonly roster: Roster;
  private readonly dealer: Dealer;
  private readonly classic: ClassicProtocol;
  private readonly consumer: ConsumerProtocol;
  /** Called when a member that was asked to stop has finished what it had in hand. */
  onStopped: (sim: Simulation, node: number, member: number) => void = () => {};

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
      const longest = roster.maxPollInterval[node];
      const first = roster.pauses(node) ? Math.min(longest, PAUSE_MICROS) : longest;
      sim.after(first, node, MEMBER_TIMER.poll, 0);
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
      case MEMBER_TIMER.window:
        return this.classic.checkJoined(sim, node);
      case MEMBER_TIMER.resume:
        return this.resume(sim, node, member);
      default:
        return this.checkPolls(sim, node);
    }
  }

  /** A member dies without a word; the caller takes its work away. False if it was not alive. */
  crash(sim: Simulation, node: number, member: number): boolean {
    const { roster } = this;
    const wasCut = roster.membership.isUnreached(member);
    if (!roster.send(sim, node, member, MEMBER_EVENT.CRASH)) return false;
    roster.workers.close(node, member);
    if (roster.hasCoordinator(node) && roster.membership.stateOf[member] === MEMBER.crashed) {
      if (!wasCut) this.missHeartbeats(sim, node, member);
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
    roster.polls?.beginAnew(sim, member);
    // What the dead process had done and not committed is forgotten, even if the new one hangs before it is let in.
    if (stateOf[member] === MEMBER.crashed) roster.beginAgain(sim, node, member);
    if (stateOf[member] === MEMBER.crashed && this.hasItsPlace(node, member)) {
      roster.work.transactions?.abort(sim, node, member);
      roster.send(sim, node, member, MEMBER_EVENT.RESUME);
      roster.expect(sim, node, member, MEMBER_TIMER.resume, sim.now + ROUND_TRIP_MICROS);
      return;
    }
    if (!roster.send(sim, node, member, MEMBER_EVENT.RESTORE)) return;
    // The new process takes the transactional.id of the old one, which ends what that left open.
    roster.work.transactions?.abort(sim, node, member);
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

  /** A member is asked to stop: it finishes what it has in hand first. False if it was not there. */
  drain(sim: Simulation, node: number, member: number): boolean {
    const { roster } = this;
    if (!roster.send(sim, node, member, MEMBER_EVENT.DRAIN)) return false;
    roster.workers.close(node, member);
    this.workDone(sim, node, member);
    return true;
  }

  /**
   * A member that was asked to stop, and is not done, is to go on. One of a group on queues does so at once; any other
   * stops for a moment and joins again, as a new process. `bar` is the event of what keeps it from acting, null for none.
   */
  stay(sim: Simulation, node: number, member: number, bar: number | null): void {
    const { roster } = this;
    if (roster.membership.stateOf[member] !== MEMBER.leaving) return;
    const isOfGroup = roster.hasCoordinator(node);
    roster.send(sim, node, member, isOfGroup ? MEMBER_EVENT.SHUT_OUT : MEMBER_EVENT.GO_ON);
    if (bar !== null) this.falter(sim, node, member, bar);
    else if (!isOfGroup) roster.work.open(sim, node, member);
    if (!isOfGroup) return;
    this.left(sim, node, member, 'left');
    this.workDone(sim, node, member);
  }

  /** A member dies of an error of its own: what is left of it says so to the group, unless it is static. */
  exit(sim: Simulation, node: number, member: number): void {
    const { roster } = this;
    const isMissed = roster.hasCoordinator(node) && roster.membership.stateOf[member] === MEMBER.crashed;
    if (!isMissed || roster.isStatic(node)) return;
    roster.forget(sim, member);
    roster.send(sim, node, member, MEMBER_EVENT.EXPIRED);
    this.left(sim, node, member, 'left');
  }

  /** A member asks for nothing more, while its heartbeats go on. */
  hang(sim: Simulation, node: number, member: number): void {
    this.falter(sim, node, member, MEMBER_EVENT.HANG);
  }

  /** A member reaches the broker no more: its group misses it after the session timeout. */
  disconnect(sim: Simulation, node: number, member: number): void {
    const { roster } = this;
    // Nothing keeps a consumer of queues from stopping: what it could not say comes back there.
    if (!roster.hasCoordinator(node) && roster.membership.stateOf[member] === MEMBER.leaving) return;
    if (!this.falter(sim, node, member, MEMBER_EVENT.DISCONNECT)) return;
    if (roster.hasCoordinator(node)) this.missHeartbeats(sim, node, member);
  }

  /** A member that is reached again hangs still; what it finished while it was cut off is committed now. */
  reachHanging(sim: Simulation, node: number, member: number): void {
    const { roster } = this;
    const wasCut = roster.membership.stateOf[member] === MEMBER['cut-off'];
    // It may have come in as a new one meanwhile, and be at work.
    if (!this.falter(sim, node, member, MEMBER_EVENT.HANG)) return;
    roster.forget(sim, member);
    if (wasCut) roster.commitRowsOf(sim, node, member);
  }

  /**
   * A member no longer acts; false if its state knows no such event. Who has joined, and has not heard what it reads,
   * reads nothing: what it read before is its own no more, so that it does not go on with that; unless it only waits
   * to hear that its old place is its own. A queue sends on to one that hangs.
   */
  private falter(sim: Simulation, node: number, member: number, event: number): boolean {
    const { roster } = this;
    const state = roster.membership.stateOf[member];
    const hears = state === MEMBER['awaiting-assignment'] && !roster.isExpected(member);
    const waits = state === MEMBER.joining || hears;
    if (!roster.send(sim, node, member, event)) return false;
    roster.workers.close(node, member);
    if (waits) roster.letGo(sim, node, member);
    roster.work.open(sim, node, member);
    return true;
  }

  /** A member that hung, or was cut off, goes on as before, or joins anew if the group went on without it. */
  goOn(sim: Simulation, node: number, member: number): void {
    const { roster } = this;
    const { stateOf, coordinatorOf } = roster.membership;
    if (![MEMBER.hanging, MEMBER['cut-off'], MEMBER['struck-off']].includes(stateOf[member] as 0)) return;
    const isDealing = !roster.isConsumer(node) && coordinatorOf[node] === COORDINATOR['completing-rebalance'];
    const isIn = !roster.hasCoordinator(node) || (roster.partitionsOf[member] > 0 && !isDealing);
    const wasMissed = stateOf[member] === MEMBER['struck-off'];
    if (!wasMissed) roster.forget(sim, member);
    const wasCut = stateOf[member] === MEMBER['cut-off'];
    if (isIn && roster.send(sim, node, member, MEMBER_EVENT.GO_ON)) {
      if (wasCut) roster.commitRowsOf(sim, node, member);
      roster.starts?.goesOn(sim, roster.rowsOf(node), member);
      roster.work.open(sim, node, member);
      this.goOnRevoking(sim, node, member);
      if (roster.hasCoordinator(node))
        sim.at(roster.nextHeartbeat(sim, node, member), node, MEMBER_TIMER.heartbeat, member);
      return;
    }
    roster.send(sim, node, member, MEMBER_EVENT.SHUT_OUT);
    // Whatever it held it holds no more: as a new member it gets anew.
    if (!wasMissed) this.left(sim, node, member, 'left');
    this.workDone(sim, node, member);
  }

  /** A member that is to stop reaches the broker again in time: it commits, and leaves once all is done. False for any other. */
  leaveAtLast(sim: Simulation, node: number, member: number): boolean {
    const { roster } = this;
    if (roster.membership.stateOf[member] !== MEMBER.stranded) return false;
    roster.forget(sim, member);
    roster.send(sim, node, member, MEMBER_EVENT.GO_ON);
    roster.commitRowsOf(sim, node, member);
    this.workDone(sim, node, member);
    return true;
  }

  /** Who was letting go of partitions as it fell silent goes on with that. */
  private goOnRevoking(sim: Simulation, node: number, member: number): void {
    const { roster } = this;
    const { rows } = roster;
    // What it gave up for want of an offset ends it.
    const isLettingGo = (row: number) =>
      rows.owner[row] === member && rows.isGivenUp(row) && roster.starts?.isStuck(sim, row) !== true;
    if (!roster.rowsOf(node).some(isLettingGo)) return;
    roster.send(sim, node, member, MEMBER_EVENT.REVOKED);
    this.givenUpDone(sim, node, member);
  }

  private missHeartbeats(sim: Simulation, node: number, member: number): void {
    const { roster } = this;
    const silentUntil = roster.lastHeartbeat(sim, node, member) + roster.sessionTimeout[node];
    roster.expect(sim, node, member, MEMBER_TIMER.sessionOver, silentUntil);
  }

  /** A member that takes nothing new has finished something that it had in hand. */
  workDone(sim: Simulation, node: number, member: number): void {
    const { roster } = this;
    // What a poll has returned is done before the next one, by which a member joins again.
    if (roster.polls?.worksOn(sim, node, member)) return;
    const state = roster.membership.stateOf[member];
    if (state === MEMBER.paused) this.resumeReading(sim, node, member);
    if (state === MEMBER['finishing-work']) this.classic.workDone(sim, node, member);
    if (state === MEMBER.leaving && roster.workers.busyOf[member] === 0) this.stop(sim, node, member);
    if (state !== MEMBER.expelled || roster.workers.busyOf[member] > 0) return;
    roster.work.transactions?.abort(sim, node, member);
    roster.send(sim, node, member, MEMBER_EVENT.WORK_DONE);
    this.protocolOf(node).joined(sim, node, member);
  }

  private resumeReading(sim: Simulation, node: number, member: number): void {
    const { roster } = this;
    roster.send(sim, node, member, MEMBER_EVENT.RESUMED);
    roster.work.open(sim, node, member);
  }

  /** A record is done of a partition that its reader gives up. */
  givenUpDone(sim: Simulation, node: number, member: number): void {
    this.protocolOf(node).checkRevoked(sim, node, member);
  }

  /** A group hears how many partitions the topic at the start of an edge has; it deals the new ones out. */
  hearPartitions(sim: Simulation, node: number, edge: number, count: number): void {
    this.roster.lanesOf[edge] = count;
    this.protocolOf(node).grown(sim, node);
  }

  /** Commits what is done of every partition whose reader the group still knows. */
  settleAll(sim: Simulation, node: number): void {
    const { rows, membership } = this.roster;
    for (const row of this.roster.rowsOf(node)) {
      const owner = rows.owner[row];
      if (owner >= 0 && AT_WORK.includes(membership.stateOf[owner])) rows.settle(sim, row);
    }
  }

  /** What a member had in hand is done: it commits, and leaves; a static one is counted in until its session is over. */
  private stop(sim: Simulation, node: number, member: number): void {
    const { roster } = this;
    roster.settleRowsOf(sim, node, member);
    if (roster.hasCoordinator(node) && roster.isStatic(node)) {
      this.crash(sim, node, member);
      return;
    }
    roster.send(sim, node, member, MEMBER_EVENT.WORK_DONE);
    if (roster.hasCoordinator(node)) this.left(sim, node, member, 'left');
    this.onStopped(sim, node, member);
  }

  private protocolOf(node: number): ClassicProtocol | ConsumerProtocol {
    return this.roster.isConsumer(node) ? this.consumer : this.classic;
  }

  /** Whether a process that died finds its place as it left it: static, nothing is dealt anew, and nothing lies there unread. */
  private hasItsPlace(node: number, member: number): boolean {
    const { roster } = this;
    if (!roster.isStatic(node) || !roster.hasCoordinator(node)) return false;
    if (roster.isConsumer(node)) return true;
    const { rows, membership } = roster;
    // Who died before it heard what it reads has left that to nobody.
    const isLeft = (row: number) =>
      rows.owner[row] === NONE || (rows.owner[row] === member && rows.isGivenUp(row));
    return membership.coordinatorOf[node] === COORDINATOR.stable && !roster.rowsOf(node).some(isLeft);
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
    if (roster.strikeOff(sim, node, member)) this.left(sim, node, member, 'silent');
    else this.classic.checkJoined(sim, node);
  }

  /** Members that did not ask for records for too long leave the group by themselves (max.poll.interval.ms). */
  private checkPolls(sim: Simulation, node: number): void {
    const { roster } = this;
    const { workers, membership } = roster;
    const longest = roster.maxPollInterval[node];
    const patience = roster.pauses(node) ? Math.min(longest, PAUSE_MICROS) : longest;
    let next = sim.now + patience;
    for (const member of roster.members(node)) {
      const state = membership.stateOf[member];
      const hangs = state === MEMBER.hanging;
      if (!AT_WORK.includes(state) && !hangs) continue;
      const last = hangs ? membership.since[member] : roster.lastPoll(node, member, sim.now);
      const due = last + (hangs ? longest : patience);
      if (due > sim.now) {
        next = Math.min(next, due);
      } else if (roster.pauses(node) && !hangs) {
        this.pause(sim, node, member);
      } else {
        roster.send(sim, node, member, MEMBER_EVENT.POLL_OVERDUE);
        workers.close(node, member);
        this.left(sim, node, member, 'overdue');
      }
    }
    sim.at(next, node, MEMBER_TIMER.poll, 0);
  }

  /** A member asks for nothing more until something that it has in hand is done, and polls on all the same. */
  private pause(sim: Simulation, node: number, member: number): void {
    const { roster } = this;
    if (roster.send(sim, node, member, MEMBER_EVENT.PILED_UP)) roster.workers.close(node, member);
  }

  private left(sim: Simulation, node: number, member: number, cause: Cause): void {
    this.protocolOf(node).gone(sim, node, member, cause);
  }
}
