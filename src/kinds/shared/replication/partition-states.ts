import type { Simulation } from '../../../engine/simulation.ts';
import { TRACE } from '../../../engine/trace.ts';
import type { Columns } from '../../../lib/columns.ts';
import { compileMachine } from '../../../machines/compile-machine.ts';
import { partitionMachine } from '../../../machines/partition.machine.ts';
import { MACHINE } from '../machine-rows.ts';
import { MachineStates } from '../machine-states.ts';

const table = compileMachine(partitionMachine);
/** States of a partition by name. */
export const PARTITION_STATE = table.state;

/** What a partition is asked about itself: the events of its machine. */
export type PartitionEvent = keyof typeof table.event;

/** What a row of the trace says of a partition in its third value: where it is, who leads it (0: nobody), who is in sync. */
export interface PartitionRow {
  lane: number;
  leader: number;
  inSync: number;
  replicas: number;
}

/** Of which topic a partition is, and what the trace says of it; nothing of one that its topic does not have yet. */
interface PartitionNews {
  topic: number;
  row: PartitionRow;
  hasNewLeader: boolean;
  isSilent?: boolean;
}

/** Lanes stay below 1024, brokers and replicas below 64. */
export function packPartition({ lane, leader, inSync, replicas }: PartitionRow): number {
  return lane + 1024 * (leader + 64 * (inSync + 64 * replicas));
}

export function unpackPartition(packed: number): PartitionRow {
  const rest = Math.floor(packed / 1024);
  return { lane: packed % 1024, leader: rest % 64, inSync: (rest >> 6) % 64, replicas: rest >> 12 };
}

/** The machines of all partitions; the trace hears of what they do. */
export class PartitionStates extends MachineStates<keyof typeof table.state, PartitionEvent> {
  constructor(columns: Columns, partitions: number) {
    super(columns, table, partitions);
  }

  /** Something is so at a partition now; the trace hears of it if that is a change, or if it has another leader. */
  tell(
    sim: Simulation,
    partition: number,
    event: PartitionEvent,
    { topic, row, hasNewLeader, isSilent = false }: PartitionNews,
  ): void {
    const before = this.state[partition];
    const state = this.send(sim.now, partition, table.event[event]);
    if ((state === before && !hasNewLeader) || isSilent) return;
    sim.trace.add(sim.now, TRACE.machine, topic, MACHINE.partition, state, packPartition(row));
  }
}
