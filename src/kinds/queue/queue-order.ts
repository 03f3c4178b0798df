import { choiceOf, numberOf, type NodeConfig } from '../shared/node-config.ts';
import type { OrderOfQueue } from './lines.ts';

const QUEUE_TYPES = ['classic', 'quorum'] as const;
const QUORUM = 1;

/** How often a message may come back to a queue; 0 for one that does not count it. */
export function deliveryLimitOf(config: NodeConfig): number {
  const limit = numberOf(config, 'deliveryLimit');
  return choiceOf(config, 'queueType', QUEUE_TYPES) === QUORUM ? limit : 0;
}

/** Whether a queue holds messages that come back for a while; only quorum queues can. */
export function delaysRetries({ kind, fields }: NodeConfig): boolean {
  return kind === 'queue' && fields.queueType === 'quorum' && fields.delayedRetryType !== 'disabled';
}

/** How a queue orders its messages, if not in one line. */
export function orderOf(node: number, config: NodeConfig, hasPriorities: boolean): OrderOfQueue[] {
  const isQuorum = choiceOf(config, 'queueType', QUEUE_TYPES) === QUORUM;
  const asked = numberOf(config, 'maxPriority');
  const maxPriority = hasPriorities && !isQuorum ? asked : 0;
  if (maxPriority === 0 && !isQuorum) return [];
  return [{ node, maxPriority, isQuorum, hasReturns: deliveryLimitOf(config) > 0 }];
}
