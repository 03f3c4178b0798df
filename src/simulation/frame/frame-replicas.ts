import type { RunKinds } from '../../kinds/run-kinds.ts';
import { PARTITION_STATE } from '../../kinds/shared/replication/partition-states.ts';
import { PARTITION, PARTITION_LIGHTS } from './frame-layout.ts';
import { heldSinceMs } from '../results/replication-results.ts';
import { toMs } from '../time.ts';

/** Place in `PARTITION_LIGHTS` of each state of a partition's machine. */
const LIGHT_OF_STATE = Uint8Array.from(
  Object.entries(PARTITION_STATE).toSorted(([, a], [, b]) => a - b),
  ([name]) => PARTITION_LIGHTS.findIndex((light) => light === name),
);

/**
 * Writes the columns of one partition's replicas, if its topic is kept in a cluster. Reads the columns of the run
 * themselves: a list for each partition and frame would cost more than all the rest.
 */
export function writeReplicas(
  into: Float64Array,
  at: number,
  { replication }: RunKinds,
  { node, lane }: { node: number; lane: number },
): void {
  if (!replication || replication.table.firstPartition[node] < 0) return;
  const { table, states } = replication;
  const partition = table.of(node, lane);
  const { firstBroker } = table.settings[table.clusterOf[node]]!;
  let holders = 0;
  let inSync = 0;
  const first = table.firstReplica[partition];
  for (let replica = first; replica < first + table.replicas[partition]; replica++) {
    const bit = 1 << (table.broker[replica] - firstBroker);
    holders |= bit;
    if (table.inSync[replica] === 1) inSync |= bit;
  }
  into[at + PARTITION.state] = LIGHT_OF_STATE[states.state[partition]];
  into[at + PARTITION.sinceMs] = toMs(states.since[partition]);
  into[at + PARTITION.leader] = table.isServed(partition) ? table.leaderNumber(partition) : 0;
  into[at + PARTITION.holders] = holders;
  into[at + PARTITION.inSync] = inSync;
  into[at + PARTITION.highWatermark] = table.highWatermark[partition];
  into[at + PARTITION.heldSinceMs] = heldSinceMs(table, partition);
}
