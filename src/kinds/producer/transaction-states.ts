import type { Columns } from '../../lib/columns.ts';
import { compileMachine } from '../../machines/compile-machine.ts';
import { transactionMachine } from '../../machines/transaction.machine.ts';
import { MachineStates } from '../shared/machine-states.ts';

const { event, state, ...rest } = compileMachine(transactionMachine);
/** States of a producer's transactions, and what they may be told, by name. */
export const TRANSACTION_STATE = state;
export const TRANSACTION_EVENT = event;

/** The machines of all producers that write in transactions, which say when send() waits. */
export class TransactionStates extends MachineStates<keyof typeof state, keyof typeof event> {
  constructor(columns: Columns, nodes: number) {
    super(columns, { event, state, ...rest }, nodes);
  }

  /** Whether send() may go on: no transaction is about to end. */
  takesMessages(node: number): boolean {
    return this.state[node] === state.ready || this.state[node] === state['in-transaction'];
  }

  isFlushing(node: number): boolean {
    return this.state[node] === state.flushing;
  }
}
