import type { Json } from '../../design/types.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { Abandonment } from './abandonment.ts';
import type { Connections } from './connections.ts';
import { MEMBER, MEMBER_EVENT, type Membership } from './membership.ts';
import type { Rebalance } from './rebalance.ts';
import { MEMBER_TIMER } from './roster.ts';
import type { ServiceSpeeds } from './service-speeds.ts';
import type { Workers } from './workers.ts';

const NONE = -1;
const MICROS_PER_MS = 1000;
/** What keeps a member from going on; it does once nothing does any more. */
const BAR = { hangs: 1, cut: 2, topicsCut: 4 } as const;
const UNREACHABLE = BAR.cut | BAR.topicsCut;
/** States of a member whose process has ended. */
const GONE: readonly number[] = [MEMBER.stopped, MEMBER.crashed, MEMBER.removed];

type Args = Readonly<Record<string, Json>>;

/** The faults of single members: how their processes end, hang, lose the network, and come again. */
export class MemberFaults {
  /** Called when the last member of a rolling restart is back. */
  onRolled: (node: number) => void = () => {};
  private readonly rebalance: Rebalance;
  private readonly abandonment: Abandonment;
  private readonly membership: Membership;
  private readonly workers: Workers;
  private readonly connections: Connections;
  private readonly speeds: ServiceSpeeds;
  /** Of each member: bits of `BAR`, and 1 if its process comes up once the network does. */
  private bars = new Uint8Array();
  private comesUp = new Uint8Array();
  /** Of each member: microseconds that its clock is ahead. */
  clockOff = new Float64Array();
  /** Of each group: members whose clock is wrong. */
  private wrongClocks = new Int32Array();
  /** Of each group: the member that a rolling restart is at, its event, and its times in microseconds. */
  private rollsAt = new Int32Array();
  private rolls = new Int32Array();
  private downFor = new Float64Array();
  private pause = new Float64Array();

  constructor(
    sim: Simulation,
    parts: {
      rebalance: Rebalance;
      abandonment: Abandonment;
      membership: Membership;
      workers: Workers;
      connections: Connections;
      speeds: ServiceSpeeds;
    },
  ) {
    const { columns, plan } = sim;
    this.rebalance = parts.rebalance;
    this.abandonment = parts.abandonment;
    this.membership = parts.membership;
    this.workers = parts.workers;
    this.connections = parts.connections;
    this.speeds = parts.speeds;
    columns.u8(this, 'bars', this.workers.totalMembers);
    columns.u8(this, 'comesUp', this.workers.totalMembers);
    columns.f64(this, 'clockOff', this.workers.totalMembers);
    columns.i32(this, 'wrongClocks', plan.nodeCount);
    for (const field of ['rollsAt', 'rolls']) columns.i32(this, field, plan.nodeCount).fill(NONE);
    for (const field of ['downFor', 'pause']) columns.f64(this, field, plan.nodeCount);
  }

  inject(sim: Simulation, node: number, fault: string, args: Args): void {
    if (fault === 'rolling') {
      this.beginRolling(sim, node, args);
      return;
    }
    const member = this.memberOf(node, args.member as number);
    if (member === NONE) return;
    if (fault === 'slow-member') this.speeds.slowMember(node, member, args.factor as number);
    else if (fault === 'clock') this.setClock(node, member, offBy(args));
    else if (fault === 'hang') this.bar(sim, node, member, BAR.hangs);
    else if (fault === 'cut-off') this.bar(sim, node, member, BAR.cut);
    else if (fault === 'restart') this.rebalance.drain(sim, node, member);
    else this.end(sim, node, member, fault === 'exit');
  }

  heal(sim: Simulation, node: number, fault: string, args: Args): void {
    if (fault === 'rolling') {
      this.endRolling(sim, node);
      return;
    }
    const member = this.memberOf(node, args.member as number);
    if (member === NONE) return;
    if (fault === 'slow-member') this.speeds.slowMember(node, member, 1);
    else if (fault === 'clock') this.setClock(node, member, 0);
    else if (fault === 'hang') this.unbar(sim, node, member, BAR.hangs);
    else if (fault === 'cut-off') this.unbar(sim, node, member, BAR.cut);
    else this.comeUp(sim, node, member);
  }

  /** Whether the clock of any member of a group is wrong. */
  hasWrongClock(node: number): boolean {
    return this.wrongClocks[node] > 0;
  }

  private setClock(node: number, member: number, off: number): void {
    this.wrongClocks[node] += Number(off !== 0) - Number(this.clockOff[member] !== 0);
    this.clockOff[member] = off;
  }

  /** The network between a group and all of its topics is cut, or whole again. */
  topicsCut(sim: Simulation, node: number, isCut: boolean): void {
    const first = this.workers.firstMember[node];
    for (let member = first; member < first + this.workers.memberCount[node]; member++) {
      if (isCut) this.bar(sim, node, member, BAR.topicsCut);
      else this.unbar(sim, node, member, BAR.topicsCut);
    }
  }

  /** A rolling restart goes on: the member it is at comes up again, or the next one goes down. */
  roll(sim: Simulation, node: number): void {
    const member = this.rollsAt[node];
    const state = this.membership.stateOf[member];
    if (state === MEMBER.leaving || state === MEMBER.stranded) {
      this.rolls[node] = sim.after(this.downFor[node], node, MEMBER_TIMER.rolling, 0);
    } else if (GONE.includes(state)) {
      this.comeUp(sim, node, member);
      this.rolls[node] = sim.after(this.pause[node], node, MEMBER_TIMER.rolling, 0);
    } else {
      this.rollOn(sim, node, member + 1);
    }
  }

  private beginRolling(sim: Simulation, node: number, args: Args): void {
    if (this.rolls[node] !== NONE) this.endRolling(sim, node);
    this.downFor[node] = Math.round((args.downFor as number) * MICROS_PER_MS);
    this.pause[node] = Math.round((args.pause as number) * MICROS_PER_MS);
    this.rollOn(sim, node, this.workers.firstMember[node]);
  }

  /** Members that are down by another fault are passed over. */
  private rollOn(sim: Simulation, node: number, from: number): void {
    const end = this.workers.firstMember[node] + this.workers.memberCount[node];
    for (let member = from; member < end; member++) {
      if (!this.rebalance.drain(sim, node, member)) continue;
      this.rollsAt[node] = member;
      this.rolls[node] = sim.after(this.downFor[node], node, MEMBER_TIMER.rolling, 0);
      return;
    }
    this.rolls[node] = NONE;
    this.rollsAt[node] = NONE;
    this.onRolled(node);
  }

  private endRolling(sim: Simulation, node: number): void {
    const member = this.rollsAt[node];
    if (this.rolls[node] !== NONE) sim.cancel(this.rolls[node]);
    this.rolls[node] = NONE;
    this.rollsAt[node] = NONE;
    if (member !== NONE) this.comeUp(sim, node, member);
  }

  /** The process of a member dies; `isSaid` if what is left of it says so to its group. */
  end(sim: Simulation, node: number, member: number, isSaid: boolean): void {
    if (!this.rebalance.crash(sim, node, member)) return;
    this.abandonment.abandonAll(sim, node, member);
    // Who cannot be reached cannot say that it leaves.
    if (isSaid && (this.bars[member] & UNREACHABLE) === 0) this.rebalance.exit(sim, node, member);
  }

  private comeUp(sim: Simulation, node: number, member: number): void {
    // A new process takes the place of one that could not leave.
    if (this.membership.stateOf[member] === MEMBER.stranded) this.end(sim, node, member, false);
    const isDown = GONE.includes(this.membership.stateOf[member]);
    if (isDown && (this.bars[member] & UNREACHABLE) !== 0) this.comesUp[member] = 1;
    else if (isDown) this.restore(sim, node, member);
    else this.rebalance.stay(sim, node, member, this.barOf(member));
  }

  /** The event of what keeps a member from acting, null for nothing. */
  private barOf(member: number): number | null {
    if (this.bars[member] === 0) return null;
    return (this.bars[member] & UNREACHABLE) !== 0 ? MEMBER_EVENT.DISCONNECT : MEMBER_EVENT.HANG;
  }

  /** A new process comes up, which does not hang as the one before it did. */
  private restore(sim: Simulation, node: number, member: number): void {
    this.comesUp[member] = 0;
    this.bars[member] &= ~BAR.hangs;
    this.rebalance.restore(sim, node, member);
  }

  private bar(sim: Simulation, node: number, member: number, bar: number): void {
    const isNew = (this.bars[member] & bar) === 0;
    if (bar === BAR.cut && isNew) this.connections.cutMember(sim, node, member, true);
    this.bars[member] |= bar;
    if ((this.bars[member] & UNREACHABLE) === 0) this.rebalance.hang(sim, node, member);
    else if (bar !== BAR.hangs) this.rebalance.disconnect(sim, node, member);
  }

  private unbar(sim: Simulation, node: number, member: number, bar: number): void {
    if ((this.bars[member] & bar) === 0) return;
    this.bars[member] &= ~bar;
    if (bar === BAR.cut) this.connections.cutMember(sim, node, member, false);
    const isReached = (this.bars[member] & UNREACHABLE) === 0;
    if (isReached && this.comesUp[member] === 1) {
      this.restore(sim, node, member);
    } else if (isReached && this.rebalance.leaveAtLast(sim, node, member)) {
      return;
    } else if (this.bars[member] === BAR.hangs) {
      this.rebalance.reachHanging(sim, node, member);
    } else if (this.bars[member] === 0) {
      this.rebalance.goOn(sim, node, member);
    }
  }

  private memberOf(node: number, number: number): number {
    return number <= this.workers.memberCount[node] ? this.workers.firstMember[node] + number - 1 : NONE;
  }
}

/** How far ahead a clock is, in microseconds; below 0 for one that is late. */
function offBy({ direction, by }: Args): number {
  const micros = Math.round((by as number) * MICROS_PER_MS);
  return direction === 'late' && micros > 0 ? -micros : micros;
}
