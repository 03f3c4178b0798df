import type { Simulation } from '../../engine/simulation.ts';
import { numberOf, type NodeConfig } from '../shared/node-config.ts';
import { Connections } from './connections.ts';
import { consumerTimeouts, type ConsumerTimeouts } from './consumer-timeouts.ts';
import { acknowledgesLate } from './guarantees.ts';
import { Prefetch, type PrefetchParts } from './prefetch.ts';
import { hasOneActive } from './single-active.ts';

/** What brokers keep of the consumers of their queues, apart from what is in the queues. */
export interface ConsumerAccounts {
  connections: Connections;
  /** Null if no queue takes back what is not acknowledged in time. */
  timeouts: ConsumerTimeouts | null;
  /** Null if no group is sent messages ahead of its work. */
  prefetch: Prefetch | null;
}

/** The accounts of all consumers of a design. */
export function consumerAccounts(
  sim: Simulation,
  groups: { configs: readonly NodeConfig[]; nodes: readonly number[] },
  parts: Pick<PrefetchParts, 'workers' | 'membership' | 'queueEdges'>,
): ConsumerAccounts {
  const timeouts = consumerTimeouts(sim, groups.configs, parts.workers);
  const connections = new Connections(sim, groups.configs, parts.workers, timeouts);
  if (timeouts) timeouts.connections = connections;
  const prefetch = prefetchOf(sim, groups, { ...parts, timeouts, connections });
  const { workers } = parts;
  connections.inOrder = (run, node, busy) =>
    prefetch?.has(node) ? prefetch.inOrder(busy) : workers.byArrival(run, busy);
  return { connections, timeouts, prefetch };
}

/** Groups that the broker sends messages to ahead of their work, or by one member alone; null if there are none. */
function prefetchOf(
  sim: Simulation,
  groups: { configs: readonly NodeConfig[]; nodes: readonly number[] },
  parts: PrefetchParts,
): Prefetch | null {
  const { configs } = groups;
  const { start, edges } = parts.queueEdges;
  const limits = new Float64Array(configs.length);
  const hasOne = configs.map(hasOneActive);
  for (const node of groups.nodes) {
    const limit = limitOf(configs[node]);
    const queues = [...edges.subarray(start[node], start[node + 1])].map((edge) => sim.plan.edgeFrom[edge]);
    if (queues.length > 0) limits[node] = limit;
    if (limits[node] === 0 && queues.some((queue) => hasOne[queue]))
      limits[node] = parts.workers.concurrency[node];
  }
  const nodes = groups.nodes.filter((node) => limits[node] > 0);
  return nodes.length > 0 ? new Prefetch(sim, { configs, nodes, limits }, parts) : null;
}

/**
 * Most messages that a member has and has not acknowledged, 0 if it has no more than it works on. Who acknowledges
 * before the work has no use for a prefetch: the broker forgets what it sent.
 */
function limitOf(config: NodeConfig): number {
  const prefetch = numberOf(config, 'prefetch') || Infinity;
  const isAhead = config.fields.prefetchMode === 'count' && acknowledgesLate(config);
  return isAhead ? prefetch : 0;
}
