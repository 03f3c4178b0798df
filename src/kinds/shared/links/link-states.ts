import type { Columns } from '../../../lib/columns.ts';
import { compileMachine } from '../../../machines/compile-machine.ts';
import { linkMachine } from '../../../machines/link.machine.ts';
import { MachineStates } from '../machine-states.ts';

const { event, state, ...rest } = compileMachine(linkMachine);
/** States of the network under an edge, by name. */
export const LINK_STATE = state;

/** Bit of each fault of an edge, and the masks of those that lose something. */
const BIT: Readonly<Record<string, number>> = { delay: 1, reorder: 2, loss: 4, duplicate: 8, partition: 16 };
const LOSSES = BIT.loss | BIT.duplicate;

/** The machines of all edges: the worst fault in force says what passes, and the last one gone lets the edge catch up. */
export class LinkStates extends MachineStates<keyof typeof state, keyof typeof event> {
  /** Faults in force on each edge: bits of `BIT`. */
  private faults = new Uint8Array();

  constructor(columns: Columns, edges: number) {
    super(columns, { event, state, ...rest }, edges);
    columns.u8(this, 'faults', edges);
  }

  begins(now: number, edge: number, fault: string): void {
    this.faults[edge] |= BIT[fault];
    this.tell(now, edge);
  }

  ends(now: number, edge: number, fault: string): void {
    this.faults[edge] &= ~BIT[fault];
    this.tell(now, edge);
  }

  /** Whether no fault is in force any more, but what was late may still be on the way. */
  isCatchingUp(edge: number): boolean {
    return this.state[edge] === state['catching-up'];
  }

  allArrived(now: number, edge: number): void {
    this.send(now, edge, event.ALL_ARRIVED);
  }

  private tell(now: number, edge: number): void {
    const faults = this.faults[edge];
    if ((faults & BIT.partition) !== 0) this.send(now, edge, event.PARTITIONED);
    else if ((faults & LOSSES) !== 0) this.send(now, edge, event.LOSES_PACKETS);
    else if (faults !== 0) this.send(now, edge, event.DELAYED);
    else this.send(now, edge, event.HEALED);
  }
}
