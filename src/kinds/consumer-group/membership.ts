import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import { compileMachine } from '../../machines/compile-machine.ts';
import { groupCoordinatorMachine } from '../../machines/group-coordinator.machine.ts';
import { groupMemberMachine } from '../../machines/group-member.machine.ts';
import { MACHINE } from '../shared/machine-rows.ts';

const coordinator = compileMachine(groupCoordinatorMachine);
const member = compileMachine(groupMemberMachine);

/** States and machine events of a member and of a coordinator, by name. */
export const MEMBER = member.state;
export const MEMBER_EVENT = member.event;
export const COORDINATOR = coordinator.state;
export const COORDINATOR_EVENT = coordinator.event;

/** Why a coordinator leaves its rest, by the place of the word; a row of the trace packs it with the member's number. */
export const CAUSES = ['', 'joined', 'silent', 'overdue', 'revoked', 'left', 'partitions'] as const;
export type Cause = Exclude<(typeof CAUSES)[number], ''>;
const CAUSE_UNIT = 4096;

/** The cause and the number of the member in the third value of a coordinator's row; null for none. */
export function causeOf(packed: number): { cause: Cause; member: number } | null {
  const cause = CAUSES[Math.floor(packed / CAUSE_UNIT)];
  return cause ? { cause, member: packed % CAUSE_UNIT } : null;
}

/** How a member may take work: not at all, by its free workers, or as the broker sends it ahead of them. */
export const TAKES = { nothing: 0, freely: 1, ahead: 2 } as const;

/** A bit for each state in which the group counts in a member that cannot reach the broker. */
const UNREACHED = (1 << MEMBER['cut-off']) | (1 << MEMBER.stranded);

/** One byte a coordinator and one a member: the state of its machine, moved by looking up the compiled table. */
export class Membership {
  stateOf = new Uint8Array();
  since = new Float64Array();
  coordinatorOf = new Uint8Array();
  coordinatorSince = new Float64Array();
  /** One of `TAKES`, not nothing in the states in which a member reads. */
  takes = new Uint8Array();
  /** Which of them it is then; the same for the whole run. */
  readonly takesAhead: Uint8Array;

  constructor(sim: Simulation, members: number) {
    this.takesAhead = new Uint8Array(members).fill(TAKES.freely);
    sim.columns.u8(this, 'stateOf', members).fill(member.initial);
    sim.columns.f64(this, 'since', members);
    sim.columns.u8(this, 'takes', members);
    sim.columns.u8(this, 'coordinatorOf', sim.plan.nodeCount).fill(coordinator.initial);
    sim.columns.f64(this, 'coordinatorSince', sim.plan.nodeCount);
  }

  /** Whether a broker sends messages to a member ahead of its work; of one that hangs it does not know that it does. */
  isSentTo(index: number): boolean {
    if (this.takesAhead[index] !== TAKES.ahead) return false;
    return this.takes[index] === TAKES.ahead || this.stateOf[index] === MEMBER.hanging;
  }

  /** Whether a member that the group counts in cannot reach the broker. */
  isUnreached(index: number): boolean {
    return ((UNREACHED >>> this.stateOf[index]) & 1) === 1;
  }

  /** Sends a machine event to a member (`number` from 1 within its group); true if its state changed. */
  send(sim: Simulation, node: number, index: number, number: number, event: number): boolean {
    const before = this.stateOf[index];
    const after = member.next[before * member.events.length + event];
    if (after === before) return false;
    this.enter(index, after);
    this.since[index] = sim.now;
    sim.trace.add(sim.now, TRACE.machine, node, MACHINE.member, after, number);
    return true;
  }

  /** Sends a machine event to the coordinator of a group; true if its state changed. */
  sendCoordinator(sim: Simulation, node: number, event: number, cause?: Cause, number = 0): boolean {
    const before = this.coordinatorOf[node];
    const after = coordinator.next[before * coordinator.events.length + event];
    if (after === before) return false;
    this.coordinatorOf[node] = after;
    this.coordinatorSince[node] = sim.now;
    const why = cause ? CAUSES.indexOf(cause) * CAUSE_UNIT + number : 0;
    sim.trace.add(sim.now, TRACE.machine, node, MACHINE.coordinator, after, why);
    return true;
  }

  /** Puts a member where a run begins: it has joined and knows what it reads, which no row of the trace tells. */
  settleIn(index: number, reads: boolean): void {
    this.enter(index, reads ? MEMBER.reading : MEMBER['standing-by']);
  }

  /** Puts the coordinator of a group that reads a topic where a run begins. */
  settleCoordinator(node: number): void {
    this.coordinatorOf[node] = COORDINATOR.stable;
  }

  private enter(index: number, state: number): void {
    this.stateOf[index] = state;
    const takes =
      state === MEMBER.reading ||
      state === MEMBER.rejoining ||
      state === MEMBER.syncing ||
      state === MEMBER.revoking;
    this.takes[index] = takes ? this.takesAhead[index] : TAKES.nothing;
  }
}
