import type { PARTITION_STATE } from '../../kinds/shared/replication/partition-states.ts';
import type { Trouble } from './verdict.ts';

/** A partition of a topic that brokers keep, and since when it is in its state. */
export interface KeptPartition {
  partition: number;
  state: keyof typeof PARTITION_STATE;
  sinceMs: number;
  /** Since when a replica in sync has not got all of it, -1 if each has. */
  heldSinceMs: number;
}

/** For so long a replica may be behind without anybody's noticing. */
const PATIENCE_MS = 2000;

const LEADERLESS: readonly string[] = ['leaderless', 'offline'] satisfies KeptPartition['state'][];
const REFUSING: readonly string[] = ['under-min-isr'] satisfies KeptPartition['state'][];

/**
 * What the brokers do not do for a topic now: partitions that nobody leads, such that refuse writes, and such that a
 * replica holds up which is late and still counts as in sync.
 */
export function logTroubles(topic: string, partitions: readonly KeptPartition[], nowMs: number): Trouble[] {
  const trouble = (hit: readonly KeptPartition[], one: string, several: string): Trouble[] => {
    if (hit.length === 0) return [];
    const isOne = hit.length === 1;
    const name = isOne ? `p${hit[0].partition}` : `${hit.length} of ${partitions.length} partitions`;
    const sinceMs = Math.min(...hit.map((partition) => partition.sinceMs));
    return [{ of: 'Brokers', name: `${name} of ${topic}`, says: isOne ? one : several, sinceMs }];
  };
  const inState = (states: readonly string[]) => partitions.filter(({ state }) => states.includes(state));
  const held = partitions
    .filter(({ state }) => !LEADERLESS.includes(state))
    .filter(({ heldSinceMs }) => heldSinceMs >= 0 && nowMs - heldSinceMs > PATIENCE_MS)
    .map((partition) => ({ ...partition, sinceMs: partition.heldSinceMs }));
  return [
    ...trouble(inState(LEADERLESS), 'has no leader', 'have no leader'),
    ...trouble(inState(REFUSING), 'refuses writes with acks=all', 'refuse writes with acks=all'),
    ...trouble(held, 'waits for a late replica', 'wait for late replicas'),
  ];
}
