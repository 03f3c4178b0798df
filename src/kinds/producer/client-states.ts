import type { Columns } from '../../lib/columns.ts';
import { compileMachine } from '../../machines/compile-machine.ts';
import { kafkaClientMachine } from '../../machines/kafka-client.machine.ts';
import { MachineStates } from '../shared/machine-states.ts';

const { event, state, ...rest } = compileMachine(kafkaClientMachine);
/** States of a Kafka client, by name. */
export const CLIENT_STATE = state;

/** The machines of all Kafka clients, with the count of batches in trouble that tells two ends of a wait apart. */
export class ClientStates extends MachineStates<keyof typeof state, keyof typeof event> {
  /** Of each producer: batches that were once not answered, and are neither answered nor given up. */
  inTrouble = new Int32Array();

  constructor(columns: Columns, nodes: number) {
    super(columns, { event, state, ...rest }, nodes);
    columns.i32(this, 'inTrouble', nodes);
  }

  isBlocked(node: number): boolean {
    return this.state[node] === state.blocked;
  }

  /** send() finds too little memory. */
  blocks(now: number, node: number): void {
    this.send(now, node, event.NO_MEMORY);
  }

  /** send() waits no longer. */
  goesOn(now: number, node: number): void {
    this.send(now, node, this.inTrouble[node] > 0 ? event.SEND_GOES_ON_RETRYING : event.SEND_GOES_ON);
  }

  /** A batch was not answered, for the first time. */
  fails(now: number, node: number): void {
    this.inTrouble[node]++;
    this.send(now, node, event.BATCH_NOT_ANSWERED);
  }

  /** One such batch is answered or given up. */
  recovers(now: number, node: number): void {
    if (--this.inTrouble[node] === 0) this.send(now, node, event.ALL_ANSWERED_AGAIN);
  }
}
