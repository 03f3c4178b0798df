import { METRIC } from '../../engine/metrics.ts';
import type { DesignNode } from '../../design/types.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { ALARM_STATES, type AlarmState } from '../../kinds/queue/alarm-names.ts';
import type { RunKinds } from '../../kinds/run-kinds.ts';

/** What a queue's consumers have of it. Counts of comings and changes cover the whole run. */
export interface QueueResults {
  /** Messages that wait in the queue, and those that consumers have and have not acknowledged. */
  ready: number;
  unacknowledged: number;
  /** How often a message came back: its consumer died, failed at it or let it go. */
  redelivered: number;
  /** Of a queue with a single active consumer: which it is, the member counted from 1; null for none. */
  activeConsumer: { node: string; member: number } | null;
  /** How often another one took over. */
  failovers: number;
  /** Bytes that wait in it and the most that may; null for a queue without a limit in bytes. */
  bytes: { waiting: number; limit: number } | null;
  /** Messages that came back and are not ready yet, as their queue delays retries. */
  delayed: number;
  /** Messages that came back as a consumer had them for too long, and consumers that get nothing at the end because of it. */
  takenBack: number;
  lateConsumers: number;
  /** Dead letters that have not left it, as nobody takes them; and how often a target did not take one that goes at least once. */
  lettersWaiting: number;
  lettersRefused: number;
  /** What its broker has an alarm for at the end. */
  alarm: AlarmState;
}

/** The figures of a queue at the end; null for any other node. */
export function queueResults(
  { sim, kinds, nodes }: { sim: Simulation; kinds: RunKinds; nodes: readonly DesignNode[] },
  node: number,
): QueueResults | null {
  if (nodes[node].kind !== 'queue') return null;
  const { prefetch } = kinds.consumers;
  const active = prefetch?.activeOf(node) ?? null;
  const inBytes = kinds.queues.limits.bytes(node);
  return {
    ready: sim.metrics.of(node, METRIC.queued),
    unacknowledged: kinds.queues.unsettled(node),
    redelivered: sim.metrics.of(node, METRIC.retries),
    activeConsumer: active && { node: nodes[active.node].id, member: active.local + 1 },
    failovers: prefetch?.failovers(node) ?? 0,
    bytes: inBytes && { waiting: inBytes.bytes, limit: inBytes.most },
    delayed: kinds.queues.delayedIn(node),
    ...(kinds.consumers.timeouts?.figures(sim.plan, node) ?? { takenBack: 0, lateConsumers: 0 }),
    lettersWaiting: kinds.queues.lettersWaiting(node),
    lettersRefused: kinds.queues.lettersRefused(node),
    alarm: ALARM_STATES[kinds.queues.broker.alarm.state],
  };
}

/** The group of a subscription with one consumer at a time, its active member counted from 1, 0 for none. */
export interface ActiveConsumer {
  node: string;
  member: number;
  /** How often another member took over. */
  failovers: number;
}

/** The active consumer of each subscription of a managed broker; null for a node without such subscriptions. */
export function activeConsumers(
  { sim, kinds, nodes }: { sim: Simulation; kinds: RunKinds; nodes: readonly DesignNode[] },
  node: number,
): ActiveConsumer[] | null {
  const { prefetch } = kinds.consumers;
  if (nodes[node].kind !== 'cloud-broker' || !prefetch) return null;
  const { plan } = sim;
  const edges = [...plan.outEdges.subarray(plan.outStart[node], plan.outStart[node + 1])];
  const found = edges
    .filter((edge) => prefetch.isSingle(edge))
    .map((edge) => ({
      node: nodes[plan.edgeTo[edge]].id,
      member: (prefetch.activeAlong(edge)?.local ?? -1) + 1,
      failovers: prefetch.failoversAlong(edge),
    }));
  return found.length > 0 ? found : null;
}

/** Messages that members of a group have ahead of their work; null for a node that is sent nothing ahead. */
export function prefetched(
  { sim, kinds }: { sim: Simulation; kinds: RunKinds },
  node: number,
): number | null {
  return kinds.consumers.prefetch?.has(node) ? sim.metrics.of(node, METRIC.queued) : null;
}
