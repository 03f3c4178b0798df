import type { PARTITION_STATE } from '../kinds/shared/replication/partition-states.ts';
import type { Trouble } from './verdict.ts';

/** A partition of a topic that brokers keep, and since when it is in its state. */
export interface KeptPartition {
  partition: number;
  state: keyof typeof PARTITION_STATE;
  sinceMs: number;
}

const LEADERLESS: readonly string[] = ['leaderless', 'offline'] satisfies KeptPartition['state'][];
const REFUSING: readonly string[] = ['under-min-isr'] satisfies KeptPartition['state'][];

/** What the brokers do not do for a topic now: partitions that nobody leads, and such that refuse writes. */
export function logTroubles(topic: string, partitions: readonly KeptPartition[]): Trouble[] {
  const trouble = (states: readonly string[], one: string, several: string): Trouble[] => {
    const hit = partitions.filter(({ state }) => states.includes(state));
    if (hit.length === 0) return [];
    const isOne = hit.length === 1;
    const name = isOne ? `p${hit[0].partition}` : `${hit.length} of ${partitions.length} partitions`;
    const sinceMs = Math.min(...hit.map((partition) => partition.sinceMs));
    return [{ of: 'Brokers', name: `${name} of ${topic}`, says: isOne ? one : several, sinceMs }];
  };
  return [
    ...trouble(LEADERLESS, 'has no leader', 'have no leader'),
    ...trouble(REFUSING, 'refuses writes with acks=all', 'refuse writes with acks=all'),
  ];
}
