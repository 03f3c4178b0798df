import type { Columns } from '../../lib/columns.ts';
import { compileMachine } from '../../machines/compile-machine.ts';
import { groupTransactionMachine } from '../../machines/group-transaction.machine.ts';
import { MachineStates } from '../shared/machine-states.ts';

const { event, state, ...rest } = compileMachine(groupTransactionMachine);
/** States of a member's transactions, and what they may be told, by name. */
export const GROUP_TRANSACTION_STATE = state;
export const GROUP_TRANSACTION_EVENT = event;

/** The machines of all members, which say whether one has a transaction, and waits for its end. */
export class GroupTransactionStates extends MachineStates<keyof typeof state, keyof typeof event> {
  constructor(columns: Columns, members: number) {
    super(columns, { event, state, ...rest }, members);
  }

  /** Whether there is a transaction that has no end yet. */
  has(member: number): boolean {
    return this.state[member] !== state.none;
  }
}
