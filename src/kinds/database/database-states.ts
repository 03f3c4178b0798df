import type { Columns } from '../../lib/columns.ts';
import { compileMachine } from '../../machines/compile-machine.ts';
import { databaseMachine } from '../../machines/database.machine.ts';
import { CalmStates } from '../shared/calm-states.ts';

const { event, state, ...rest } = compileMachine(databaseMachine);
/** States of a database, and what it may be told, by name. */
export const DATABASE_STATE = state;
export const DATABASE_EVENT = event;

/**
 * The machines of all databases, which say whether a call gets in at all. While it has calls, one that let a caller
 * wait is not up again for a while.
 */
export class DatabaseStates extends CalmStates<keyof typeof state, keyof typeof event> {
  constructor(columns: Columns, nodes: number) {
    super(columns, { event, state, ...rest }, nodes);
  }

  /** A caller finds no free connection; nothing new where the database is stopped. */
  letsWait(now: number, node: number): void {
    this.inTrouble(now, node, event.NONE_FREE);
  }

  /** A connection of a full database is free; so many are busy. */
  frees(now: number, node: number, busy: number): void {
    if (busy === 0 || this.isCalm(now, node)) this.send(now, node, event.FREE_AGAIN);
  }
}
