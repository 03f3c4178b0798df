import type { Simulation } from '../../engine/simulation.ts';
import type { Dealer } from './dealer.ts';
import { COORDINATOR, COORDINATOR_EVENT, MEMBER, MEMBER_EVENT, type Cause } from './membership.ts';
import { MEMBER_TIMER, ROUND_TRIP_MICROS, type Roster } from './roster.ts';

const NONE = -1;
/** States in which a member waits in the join phase, and in which the group does not count it in. */
const JOINED: readonly number[] = [MEMBER.joining, MEMBER.rejoining];
const UNKNOWN: readonly number[] = [MEMBER.removed, MEMBER.expelled, MEMBER['struck-off'], MEMBER.stopped];
/** States of a member that learns of a rebalance at its next heartbeat. */
const LISTENING: readonly number[] = [
  MEMBER.reading,
  MEMBER.paused,
  MEMBER['standing-by'],
  MEMBER['awaiting-assignment'],
  MEMBER.syncing,
];

/**
 * Kafka's classic protocol: a rebalance waits until all members have joined again. By the eager assignors each of them
 * stops reading before; by the cooperative one it reads on, lets go of what moves, and joins once more so that the
 * group hands that over in a second rebalance.
 */
export class ClassicProtocol {
  private readonly roster: Roster;
  private readonly dealer: Dealer;
  private deadline = new Int32Array();
  private sync = new Int32Array();
  /** Of each group: until when it waits for its first members, 0 if it was not empty. */
  private windowUntil = new Float64Array();

  constructor(sim: Simulation, roster: Roster, dealer: Dealer) {
    this.roster = roster;
    this.dealer = dealer;
    sim.columns.i32(this, 'deadline', sim.plan.nodeCount).fill(NONE);
    sim.columns.i32(this, 'sync', sim.plan.nodeCount).fill(NONE);
    sim.columns.f64(this, 'windowUntil', sim.plan.nodeCount);
  }

  /** Everybody is there and has its partitions. */
  start(sim: Simulation, node: number): void {
    this.dealAnew(sim, node, this.roster.members(node));
  }

  /** A member that the group did not count in asks to join. */
  joined(sim: Simulation, node: number, member: number): void {
    this.trigger(sim, node, COORDINATOR_EVENT.MEMBER_JOINED, 'joined', member);
  }

  /** A member is no longer of the group. */
  gone(sim: Simulation, node: number, member: number, cause: Cause): void {
    if (this.dealer.isCooperative(node)) this.dealer.forget(member);
    const event = cause === 'silent' ? COORDINATOR_EVENT.MEMBER_EXPIRED : COORDINATOR_EVENT.MEMBER_LEFT;
    this.trigger(sim, node, event, cause, member);
  }

  /** The leader sees more partitions and joins again; a rebalance that is under way deals them out as well. */
  grown(sim: Simulation, node: number): void {
    if (this.roster.membership.coordinatorOf[node] !== COORDINATOR.stable) return;
    this.trigger(sim, node, COORDINATOR_EVENT.MEMBER_JOINED, 'partitions', this.roster.members(node)[0]);
  }

  /** A member that takes nothing new has finished something. */
  workDone(sim: Simulation, node: number, member: number): void {
    const { roster } = this;
    const isCooperative = this.dealer.isCooperative(node);
    if (!isCooperative && roster.workers.busyOf[member] > 0) return;
    roster.settleRowsOf(sim, node, member);
    roster.send(sim, node, member, isCooperative ? MEMBER_EVENT.POLLED : MEMBER_EVENT.WORK_DONE);
    if (isCooperative) roster.work.open(sim, node, member);
    this.checkJoined(sim, node);
  }

  /** Once a member has nothing in hand of what it gives up, it lets go of it and joins again. */
  checkRevoked(sim: Simulation, node: number, member: number): void {
    const { roster } = this;
    const { rows } = roster;
    const givenUp = roster.readyToRelease(node, member);
    if (givenUp === null) return;
    roster.work.transactions?.commit(sim, node, member);
    for (const row of givenUp) {
      rows.settle(sim, row);
      roster.handOver(sim, row, NONE);
    }
    roster.send(sim, node, member, MEMBER_EVENT.WORK_DONE);
    this.trigger(sim, node, COORDINATOR_EVENT.MEMBER_JOINED, 'revoked', member);
    // It did not poll before its transaction was over, and that is over now.
    if (roster.work.transactions?.has(node)) roster.work.open(sim, node, member);
  }

  /** The answer to a heartbeat says that the group rebalances. */
  hear(sim: Simulation, node: number, member: number): void {
    const { roster } = this;
    const { workers, membership } = roster;
    if (membership.coordinatorOf[node] !== COORDINATOR['preparing-rebalance']) return;
    if (!roster.send(sim, node, member, MEMBER_EVENT.REBALANCE_HEARD)) return;
    const state = membership.stateOf[member];
    if (state === MEMBER['finishing-work']) {
      workers.close(node, member);
      const isFree = workers.busyOf[member] < workers.concurrency[node] && !roster.isInBatch(node, member);
      if (isFree || roster.pauses(node)) this.workDone(sim, node, member);
      return;
    }
    if (state === MEMBER.joining) roster.forget(sim, member);
    this.checkJoined(sim, node);
  }

  /** The longest rebalance is over: who has not joined is struck off. */
  timeIsUp(sim: Simulation, node: number): void {
    const { roster } = this;
    const { membership, workers } = roster;
    this.deadline[node] = NONE;
    for (const member of roster.members(node)) {
      const state = membership.stateOf[member];
      if (LISTENING.includes(state) && state !== MEMBER.reading && state !== MEMBER.paused)
        roster.send(sim, node, member, MEMBER_EVENT.REBALANCE_HEARD);
      roster.forget(sim, member);
      if (!roster.strikeOff(sim, node, member)) continue;
      if (this.dealer.isCooperative(node)) this.dealer.forget(member);
      workers.close(node, member);
      const isIdle = membership.stateOf[member] === MEMBER.expelled && workers.busyOf[member] === 0;
      if (!isIdle) continue;
      roster.work.transactions?.abort(sim, node, member);
      roster.send(sim, node, member, MEMBER_EVENT.WORK_DONE);
    }
    this.complete(sim, node, COORDINATOR_EVENT.REBALANCE_TIMEOUT);
  }

  /** Goes on with the rebalance if every member that the coordinator knows has joined. */
  checkJoined(sim: Simulation, node: number): void {
    const { roster } = this;
    const { coordinatorOf, stateOf } = roster.membership;
    if (coordinatorOf[node] !== COORDINATOR['preparing-rebalance']) return;
    if (this.windowUntil[node] > sim.now) return;
    for (const member of roster.members(node)) {
      const state = stateOf[member];
      // A process that came back joins as a new member; the coordinator waits for the dead one as well.
      const isThere = JOINED.includes(state) && !roster.isExpected(member);
      if (!isThere && !UNKNOWN.includes(state)) return;
    }
    this.complete(sim, node, COORDINATOR_EVENT.ALL_REJOINED);
  }

  /** The members of the new generation hear what they read. */
  assign(sim: Simulation, node: number): void {
    const { roster } = this;
    const { membership, work } = roster;
    const { stateOf } = membership;
    this.sync[node] = NONE;
    membership.sendCoordinator(sim, node, COORDINATOR_EVENT.ASSIGNMENT_SENT);
    const present = roster
      .members(node)
      .filter((member) => [MEMBER['awaiting-assignment'], MEMBER.syncing].includes(stateOf[member] as 0));
    const revoking = this.dealer.isCooperative(node)
      ? this.dealMoved(sim, node, present)
      : this.dealAnew(sim, node, present);
    for (const member of present) {
      const read = roster.reads(node, member) ? MEMBER_EVENT.ASSIGNED : MEMBER_EVENT.ASSIGNED_NONE;
      roster.send(sim, node, member, revoking.has(member) ? MEMBER_EVENT.REVOKED : read);
    }
    for (const member of present) work.open(sim, node, member);
    for (const member of revoking) this.checkRevoked(sim, node, member);
  }

  /** Something changed in the membership: a rebalance begins, or the one under way may be complete. */
  private trigger(sim: Simulation, node: number, event: number, cause: Cause, member: number): void {
    const { roster } = this;
    const { membership } = roster;
    const wasEmpty = membership.coordinatorOf[node] === COORDINATOR.empty;
    if (membership.sendCoordinator(sim, node, event, cause, roster.numberOf(node, member))) {
      if (this.sync[node] !== NONE) sim.cancel(this.sync[node]);
      this.sync[node] = NONE;
      const longest = roster.maxPollInterval[node];
      this.deadline[node] = sim.after(longest, node, MEMBER_TIMER.longestRebalance, 0);
      this.windowUntil[node] = wasEmpty ? sim.now : 0;
      for (const other of roster.members(node)) {
        if (!LISTENING.includes(membership.stateOf[other])) continue;
        sim.at(roster.nextHeartbeat(sim, node, other), node, MEMBER_TIMER.heartbeat, other);
      }
    }
    if (cause === 'joined') this.widenWindow(sim, node);
    this.checkJoined(sim, node);
  }

  /** An empty group waits for more members, after each that joins, until the longest rebalance would be over. */
  private widenWindow(sim: Simulation, node: number): void {
    const window = this.roster.firstWindow[node];
    const until = this.windowUntil[node];
    if (window === 0 || until === 0 || until < sim.now) return;
    this.windowUntil[node] = sim.now + window;
    sim.at(this.windowUntil[node], node, MEMBER_TIMER.window, 0);
  }

  private complete(sim: Simulation, node: number, event: number): void {
    const { roster } = this;
    if (this.deadline[node] !== NONE) sim.cancel(this.deadline[node]);
    this.deadline[node] = NONE;
    let joined = 0;
    for (const member of roster.members(node)) {
      if (roster.send(sim, node, member, MEMBER_EVENT.JOINED)) joined++;
    }
    if (joined === 0) {
      roster.membership.sendCoordinator(sim, node, COORDINATOR_EVENT.GROUP_EMPTY);
      return;
    }
    roster.membership.sendCoordinator(sim, node, event);
    this.sync[node] = sim.after(ROUND_TRIP_MICROS, node, MEMBER_TIMER.sync, 0);
  }

  /** Eager: every partition is dealt out anew, and whoever reads one goes on from what was committed. */
  private dealAnew(sim: Simulation, node: number, present: readonly number[]): ReadonlySet<number> {
    const { roster } = this;
    const { owner } = roster.rows;
    const dealt = this.dealer.deal(sim, node, present, (row) => owner[row]);
    for (const [row, reader] of dealt) roster.handOver(sim, row, reader);
    return new Set();
  }

  /** Cooperative: what a member keeps is not touched; what it must give up goes to nobody yet. Returns who must. */
  private dealMoved(sim: Simulation, node: number, present: readonly number[]): ReadonlySet<number> {
    const { roster } = this;
    const { rows } = roster;
    const readsOn = new Set(present.filter((member) => roster.membership.stateOf[member] === MEMBER.syncing));
    // A process that came back owns nothing, though the group still has its partitions down as its own.
    const ownerOf = (row: number) => (readsOn.has(rows.owner[row]) ? rows.owner[row] : NONE);
    const dealt = this.dealer.deal(sim, node, present, ownerOf);
    const revoking = new Set<number>();
    for (const [row, reader] of dealt) {
      const before = ownerOf(row);
      if (before === NONE) {
        roster.handOver(sim, row, reader);
      } else if (reader !== before) {
        rows.giveUp(row);
        revoking.add(before);
      }
    }
    return revoking;
  }
}
