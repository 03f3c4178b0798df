import type { Simulation } from '../../engine/simulation.ts';
import type { Dealer } from './dealer.ts';
import { COORDINATOR_EVENT, MEMBER, MEMBER_EVENT, type Cause } from './membership.ts';
import { MEMBER_TIMER, ROUND_TRIP_MICROS, type Roster } from './roster.ts';

const NONE = -1;
/** States of a member whose process runs and talks with the group. */
const TALKING: readonly number[] = [
  MEMBER['awaiting-assignment'],
  MEMBER.reading,
  MEMBER.paused,
  MEMBER['standing-by'],
  MEMBER.revoking,
];

/** States of a member that does not act, and that the broker still counts in. */
const NOT_MISSED: readonly number[] = [MEMBER.crashed, MEMBER.hanging, MEMBER['cut-off']];

/**
 * Kafka's consumer protocol (KIP-848): the broker works out who shall read what, and each member comes to it by its own
 * heartbeats. It first lets go of what is no longer its own; a partition has a new reader when the old one has said
 * that it let go. Nobody waits for all, and nobody stops reading what it keeps.
 */
export class ConsumerProtocol {
  private readonly roster: Roster;
  private readonly dealer: Dealer;
  /** Who shall read each row. */
  private target = new Int32Array();
  /** The heartbeat of each member that will change something; others are no events. */
  private beatOf = new Int32Array();

  constructor(sim: Simulation, roster: Roster, dealer: Dealer) {
    this.roster = roster;
    this.dealer = dealer;
    sim.columns.i32(this, 'target', roster.rows.owner.length).fill(NONE);
    sim.columns.i32(this, 'beatOf', roster.workers.totalMembers).fill(NONE);
  }

  /** Everybody is there and has its partitions. */
  start(sim: Simulation, node: number): void {
    const dealt = this.dealer.deal(sim, node, this.roster.members(node), () => NONE);
    for (const [row, reader] of dealt) {
      this.target[row] = reader;
      this.roster.handOver(sim, row, reader);
    }
  }

  /** A member asks to join: it hears at once what is free for it. */
  joined(sim: Simulation, node: number, member: number): void {
    const { roster } = this;
    this.letGo(sim, node, member);
    roster.send(sim, node, member, MEMBER_EVENT.JOINED);
    this.retarget(sim, node, 'joined', member);
    this.cancelBeat(sim, member);
    this.beatOf[member] = sim.after(ROUND_TRIP_MICROS, node, MEMBER_TIMER.heartbeat, member);
  }

  /** A member is no longer of the group: what it read is free. */
  gone(sim: Simulation, node: number, member: number, cause: Cause): void {
    this.letGo(sim, node, member);
    this.retarget(sim, node, cause, member);
  }

  /** The broker knows of more partitions. */
  grown(sim: Simulation, node: number): void {
    this.retarget(sim, node, 'partitions', this.roster.members(node)[0]);
  }

  /** A member says what it has and hears what it shall read. */
  beat(sim: Simulation, node: number, member: number): void {
    const { roster, target } = this;
    const { rows, membership } = roster;
    this.beatOf[member] = NONE;
    const state = membership.stateOf[member];
    if (!TALKING.includes(state) || state === MEMBER.revoking) return;
    // A new process of a static member has not asked for its place yet.
    if (roster.isExpected(member)) return;
    const mine = roster.rowsOf(node).filter((row) => rows.owner[row] === member && target[row] !== member);
    for (const row of mine) rows.giveUp(row);
    if (mine.some((row) => roster.isInHand(node, member, row))) {
      roster.send(sim, node, member, MEMBER_EVENT.REVOKED);
      return;
    }
    if (mine.length > 0) roster.work.transactions?.commit(sim, node, member);
    this.release(sim, node, mine);
    this.takeOver(sim, node, member);
  }

  /** Once a member has nothing in hand of what it gives up, it lets go of it and says so. */
  checkRevoked(sim: Simulation, node: number, member: number): void {
    const { roster } = this;
    const givenUp = roster.readyToRelease(node, member);
    if (givenUp === null) return;
    roster.work.transactions?.commit(sim, node, member);
    roster.send(sim, node, member, MEMBER_EVENT.RELEASED);
    this.release(sim, node, givenUp);
    this.cancelBeat(sim, member);
    this.beat(sim, node, member);
  }

  private release(sim: Simulation, node: number, givenUp: readonly number[]): void {
    const { roster } = this;
    for (const row of givenUp) {
      roster.rows.settle(sim, row);
      roster.handOver(sim, row, NONE);
    }
    for (const row of givenUp) if (this.target[row] !== NONE) this.awaitBeat(sim, node, this.target[row]);
  }

  private takeOver(sim: Simulation, node: number, member: number): void {
    const { roster, target } = this;
    const { rows } = roster;
    for (const row of roster.rowsOf(node)) {
      if (rows.owner[row] === NONE && target[row] === member) roster.handOver(sim, row, member);
    }
    const waits = roster.rowsOf(node).some((row) => target[row] === member && rows.owner[row] !== member);
    if (roster.reads(node, member)) roster.send(sim, node, member, MEMBER_EVENT.ASSIGNED);
    else if (!waits && roster.send(sim, node, member, MEMBER_EVENT.ASSIGNED_NONE)) {
      roster.workers.close(node, member);
    }
    roster.work.open(sim, node, member);
    this.checkReconciled(sim, node);
  }

  /** A reader that is gone, or whose process is a new one, has nothing any more. */
  private letGo(sim: Simulation, node: number, member: number): void {
    this.dealer.forget(member);
    this.cancelBeat(sim, member);
    this.roster.letGo(sim, node, member);
  }

  /** The broker works out a new assignment, that leaves as much as it can as it was to be before. */
  private retarget(sim: Simulation, node: number, cause: Cause, member: number): void {
    const { roster, target } = this;
    const { membership } = roster;
    const counts = (state: number) => TALKING.includes(state) || NOT_MISSED.includes(state);
    const present = roster.members(node).filter((other) => counts(membership.stateOf[other]));
    const dealt = this.dealer.deal(sim, node, present, (row) => target[row]);
    for (const [row, reader] of dealt) target[row] = reader;
    if (present.length === 0) {
      membership.sendCoordinator(sim, node, COORDINATOR_EVENT.GROUP_EMPTY);
      return;
    }
    const number = roster.numberOf(node, member);
    membership.sendCoordinator(sim, node, COORDINATOR_EVENT.TARGET_CHANGED, cause, number);
    for (const other of present) this.awaitBeat(sim, node, other);
    this.checkReconciled(sim, node);
  }

  private checkReconciled(sim: Simulation, node: number): void {
    const { roster, target } = this;
    if (roster.rowsOf(node).some((row) => roster.rows.owner[row] !== target[row])) return;
    roster.membership.sendCoordinator(sim, node, COORDINATOR_EVENT.RECONCILED);
  }

  /** The next heartbeat of a member will change something for it. */
  private awaitBeat(sim: Simulation, node: number, member: number): void {
    if (this.beatOf[member] !== NONE) return;
    const at = this.roster.nextHeartbeat(sim, node, member);
    this.beatOf[member] = sim.at(at, node, MEMBER_TIMER.heartbeat, member);
  }

  private cancelBeat(sim: Simulation, member: number): void {
    if (this.beatOf[member] !== NONE) sim.cancel(this.beatOf[member]);
    this.beatOf[member] = NONE;
  }
}
