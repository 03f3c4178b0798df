import type { RunKinds } from '../../kinds/run-kinds.ts';
import { PARTITION_STATE } from '../../kinds/shared/replication/partition-states.ts';
import type { ReplicaTable } from '../../kinds/shared/replication/replica-table.ts';
import { logTroubles, type KeptPartition } from '../verdict/log-troubles.ts';
import { toMs } from '../time.ts';
import type { Trouble } from '../verdict/verdict.ts';

/** One partition of a topic that is kept in a cluster. Brokers are counted from 1. */
export interface ReplicaResults {
  partition: number;
  state: keyof typeof PARTITION_STATE;
  /** Broker that leads it; null while none that runs does. */
  leader: number | null;
  replicas: readonly number[];
  inSync: readonly number[];
  /** Consumers read before this offset. */
  highWatermark: number;
  logEnd: number;
}

/** One broker of a cluster. */
export interface BrokerResults {
  broker: number;
  isUp: boolean;
  /** Partitions that it leads, holds a replica of, and is in sync with. */
  leads: number;
  replicas: number;
  inSync: number;
}

const STATES = Object.keys(PARTITION_STATE) as (keyof typeof PARTITION_STATE)[];

function stateOf(number: number): keyof typeof PARTITION_STATE {
  return STATES.find((name) => PARTITION_STATE[name] === number)!;
}

/** The partitions of a topic with their replicas; null for any other node. */
export function replicaResults({ replication }: RunKinds, node: number): ReplicaResults[] | null {
  if (!replication || replication.table.firstPartition[node] < 0) return null;
  const { table, states } = replication;
  return [...table.topic.entries()]
    .filter(([partition, topic]) => topic === node && table.notYet[partition] === 0)
    .map(([partition]) => ({
      partition: table.lane[partition],
      state: stateOf(states.state[partition]),
      leader: table.isServed(partition) ? table.leaderNumber(partition) : null,
      replicas: table.holders(partition),
      inSync: table.inSyncNumbers(partition),
      highWatermark: table.highWatermark[partition],
      logEnd: table.end[partition],
    }));
}

/**
 * Since when a replica that counts as in sync has not got all of a partition, simulated ms; -1 if each has. Until then
 * nobody reads the rest, and writes with acks=all get no answer.
 */
export function heldSinceMs(table: ReplicaTable, partition: number): number {
  if (table.highWatermark[partition] >= table.end[partition]) return -1;
  const first = table.firstReplica[partition];
  let since = Infinity;
  for (let replica = first; replica < first + table.replicas[partition]; replica++) {
    const follows = table.inSync[replica] === 1 && replica !== table.leader[partition];
    if (follows) since = Math.min(since, table.caughtUpAt[replica]);
  }
  return since < Infinity ? toMs(since) : -1;
}

/** What the brokers do not do for the topics of a design now. */
export function brokerTroubles(
  { replication }: RunKinds,
  names: readonly string[],
  nowMs: number,
): Trouble[] {
  if (!replication) return [];
  const { table, states } = replication;
  const kept = names.map((): KeptPartition[] => []);
  for (const [partition, topic] of table.topic.entries()) {
    if (table.notYet[partition] === 1) continue;
    const state = stateOf(states.state[partition]);
    kept[topic].push({
      partition: table.lane[partition],
      state,
      sinceMs: toMs(states.since[partition]),
      heldSinceMs: heldSinceMs(table, partition),
    });
  }
  return kept.flatMap((partitions, topic) => logTroubles(names[topic], partitions, nowMs));
}

/** The brokers of a cluster; null for any other node, and for a cluster that keeps no topic. */
export function brokerResults({ replication }: RunKinds, node: number): BrokerResults[] | null {
  const settings = replication?.table.settings[node];
  if (!replication || !settings) return null;
  const { table } = replication;
  return Array.from({ length: settings.brokers }, (_, place) => {
    const broker = settings.firstBroker + place;
    const mine = [...table.broker.keys()].filter((replica) => table.broker[replica] === broker);
    return {
      broker: place + 1,
      isUp: table.down[broker] === 0,
      leads: mine.filter((replica) => table.leader[table.partition[replica]] === replica).length,
      replicas: mine.length,
      inSync: mine.filter((replica) => table.inSync[replica] === 1).length,
    };
  });
}

/** Time that quotas kept a producer's client or a group from being served; null for a node that none can strike. */
export function throttledMs(kinds: RunKinds, node: number): number | null {
  const { producers, replication, consumers } = kinds;
  const ofReaders = replication?.readerQuotas;
  if (ofReaders && consumers.workers.memberCount[node] > 0) return toMs(ofReaders.throttledFor(node));
  const { clients } = producers;
  if (!clients?.clusterSender || !clients.hasClient(node)) return null;
  return toMs(clients.clusterSender.quotas.throttledFor(node));
}
