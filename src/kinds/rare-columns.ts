import type { RareColumn } from '../engine/messages.ts';
import type { EnginePlan } from '../engine/plan.ts';
import { hasSubjects } from './cloud-broker/subject-brokers.ts';
import { consumerTimeoutOf } from './consumer-group/consumer-timeouts.ts';
import { delaysRetries, deliveryLimitOf } from './queue/queue-order.ts';
import { EDGE_ROLE } from './shared/edge-roles.ts';
import { isTransactional, needsMarks } from './shared/marks.ts';
import { numberOf, type NodeConfig } from './shared/node-config.ts';

/** Which rare columns of messages something in a design looks at; the others are not made and cost nothing. */
export function rareColumns(
  plan: EnginePlan,
  nodes: readonly NodeConfig[],
  role: Uint8Array,
): readonly RareColumn[] {
  const producers = nodes.filter(({ kind }) => kind === 'producer');
  const queues = nodes.filter(({ kind }) => kind === 'queue');
  const isQuorum = ({ fields }: NodeConfig) => fields.queueType === 'quorum';
  const ordersByPriority = (queue: NodeConfig) => isQuorum(queue) || numberOf(queue, 'maxPriority') > 0;
  const hasLetters = nodes.some(({ kind }) => kind === 'dead-letter-queue');
  const isUsed: Record<RareColumn, boolean> = {
    tries: hasLetters,
    reason: hasLetters,
    readAlong: hasLetters,
    marks: needsMarks(nodes),
    transaction: nodes.some(isTransactional),
    receipt: nodes.some(({ kind }) => kind === 'cloud-broker'),
    delivery: queues.some((queue) => consumerTimeoutOf(queue) > 0),
    lastDelay: nodes.some(({ fields }) => fields.jitter === 'decorrelated'),
    address: nodes.some((node) => ['exchange', 'event-router'].includes(node.kind) || hasSubjects(node)),
    priority:
      producers.some((producer) => numberOf(producer, 'priority') > 0) && queues.some(ordersByPriority),
    ttl: producers.some((producer) => numberOf(producer, 'ttl') > 0) && queues.length > 0,
    returns: queues.some((queue) => deliveryLimitOf(queue) > 0 || delaysRetries(queue)),
    deaths: role.some((each, edge) => {
      const target = nodes[plan.edgeTo[edge]].kind;
      return each === EDGE_ROLE.dead && (target === 'queue' || target === 'exchange');
    }),
  };
  return (Object.keys(isUsed) as RareColumn[]).filter((column) => isUsed[column]);
}
