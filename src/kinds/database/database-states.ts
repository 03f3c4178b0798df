import type { Columns } from '../../lib/columns.ts';
import { compileMachine } from '../../machines/compile-machine.ts';
import { databaseMachine } from '../../machines/database.machine.ts';
import { MachineStates } from '../shared/machine-states.ts';

const { event, state, ...rest } = compileMachine(databaseMachine);
/** States of a database, and what it may be told, by name. */
export const DATABASE_STATE = state;
export const DATABASE_EVENT = event;

/** While it has calls, a database that let a caller wait is not up again for so long, so that it does not flicker. */
const CALM_MICROS = 1_000_000;

/** The machines of all databases, which say whether a call gets in at all. */
export class DatabaseStates extends MachineStates<keyof typeof state, keyof typeof event> {
  /** Of each database: when it last let a caller wait. */
  private waitedAt = new Float64Array();

  constructor(columns: Columns, nodes: number) {
    super(columns, { event, state, ...rest }, nodes);
    columns.f64(this, 'waitedAt', nodes);
  }

  /** A caller finds no free connection; nothing new where the database is stopped. */
  letsWait(now: number, node: number): void {
    this.waitedAt[node] = now;
    this.send(now, node, event.NONE_FREE);
  }

  /** A connection of a full database is free; so many are busy. */
  frees(now: number, node: number, busy: number): void {
    if (busy === 0 || now - this.waitedAt[node] >= CALM_MICROS) this.send(now, node, event.FREE_AGAIN);
  }
}
