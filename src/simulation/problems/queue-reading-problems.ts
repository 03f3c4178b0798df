import type { Design, DesignNode, Problem } from '../../design/types.ts';
import { isGroup, isLog, isQueue } from '../../kinds/kind-roles.ts';
import { hasOneConsumer } from '../../kinds/shared/one-consumer.ts';
import { resolveFields } from '../../kinds/field-values.ts';
import { writeDuration } from '../../kinds/quantities.ts';
import { edgesBy } from './connection-problems.ts';

const GIVES_BACK: readonly unknown[] = ['nack', 'requeue'];

/** What a consumer of a queue may ask for and one of a topic may not, and failures that come back for ever. */
export function queueReadingProblems(design: Design): Problem[] {
  const nodes = new Map(design.nodes.map((node) => [node.id, node]));
  const into = edgesBy(design.edges, 'to');
  return design.nodes
    .filter(({ kind }) => isGroup(kind))
    .flatMap((group) => {
      const sources = (into.get(group.id) ?? []).flatMap(({ from }) => nodes.get(from) ?? []);
      const topic = sources.find(({ kind }) => isLog(kind));
      const queues = sources.filter(({ kind }) => isQueue(kind));
      return [
        ...refusedOfTopic(group, topic, queues),
        ...ignored(group),
        ...comesBackForEver(group, queues),
        ...takenBack(group, queues),
      ];
    });
}

function refusedOfTopic(
  group: DesignNode,
  topic: DesignNode | undefined,
  queues: readonly DesignNode[],
): Problem[] {
  if (!topic) return [];
  const { prefetchMode, prefetch, onFailure } = resolveFields(group);
  const problems: Problem[] = [];
  const refuse = (code: string, node: DesignNode, field: string, sentence: string) =>
    problems.push({
      severity: 'error',
      code,
      message: `${node.name}: found ${sentence}`,
      node: node.id,
      field,
    });
  if (prefetchMode === 'count') {
    const sentence = `a prefetch of ${Number(prefetch)} for the topic ${topic.name}, expected none. A topic has no prefetch: its readers ask for records themselves.`;
    refuse('prefetch-on-topic', group, 'prefetchMode', sentence);
  }
  if (onFailure !== 'retry' && queues.length === 0) {
    const sentence = `“${onFailure as string}” for the topic ${topic.name}, expected “retry”. A topic takes no record back and rejects none: a reader that fails retries it or goes on.`;
    refuse('requeue-on-topic', group, 'onFailure', sentence);
  }
  const single = queues.find((queue) => {
    const { consumers, profile, subscription } = resolveFields(queue);
    return consumers === 'one' || hasOneConsumer(profile, subscription);
  });
  if (single) {
    const sentence = `one consumer at a time, and ${group.name} also reads the topic ${topic.name}. Give the topic a group of its own.`;
    refuse(
      'single-consumer-on-topic',
      single,
      single.kind === 'queue' ? 'consumers' : 'subscription',
      sentence,
    );
  }
  return problems;
}

/** Who acknowledges before the work has no say about it any more. */
function ignored(group: DesignNode): Problem[] {
  const { guarantee, prefetchMode, onFailure } = resolveFields(group);
  if (guarantee !== 'at-most-once') return [];
  const warn = (field: string, what: string): Problem => ({
    severity: 'warning',
    code: 'acknowledged-before',
    message: `${group.name}: ${what}, as at most once acknowledges a message before the work on it.`,
    node: group.id,
    field,
  });
  return [
    ...(prefetchMode === 'count' ? [warn('prefetchMode', 'the prefetch is ignored')] : []),
    ...(onFailure === 'retry' ? [] : [warn('onFailure', 'what fails cannot be given back or rejected')]),
  ];
}

function comesBackForEver(group: DesignNode, queues: readonly DesignNode[]): Problem[] {
  const { onFailure, failureProbability } = resolveFields(group);
  if (!GIVES_BACK.includes(onFailure) || failureProbability !== 1) return [];
  const endless = queues.find((queue) => (onFailure === 'nack' && queue.kind === 'queue') || !limits(queue));
  if (!endless) return [];
  const message = `${group.name}: every message comes back to ${endless.name} for ever, as every try fails and ${
    limits(endless) ? 'what is let go of (nack) is not counted' : 'no delivery limit ends it'
  }.`;
  return [{ severity: 'warning', code: 'endless-redelivery', message, node: group.id, field: 'onFailure' }];
}

/** Work for which a quorum queue does not wait: every message, or the last ones of a prefetch, is done again by others. */
function takenBack(group: DesignNode, queues: readonly DesignNode[]): Problem[] {
  const { guarantee, serviceTime, concurrency, prefetchMode, prefetch } = resolveFields(group);
  const { mean = 0 } = serviceTime as { mean?: number };
  const ahead = prefetchMode === 'count' ? Math.max(1, Number(prefetch) / Number(concurrency)) : 1;
  return queues.flatMap((queue): Problem[] => {
    const { queueType, consumerTimeout } = resolveFields(queue);
    const timeout = Number(consumerTimeout);
    if (queueType !== 'quorum' || timeout === 0 || guarantee === 'at-most-once') return [];
    if (mean * ahead <= timeout) return [];
    const work =
      mean > timeout
        ? `works on a message for about ${writeDuration(mean)}`
        : `takes about ${writeDuration(mean * ahead)} for the ${Number(prefetch)} messages of a full prefetch`;
    const message =
      `${group.name} ${work}, and ${queue.name} takes back what is not acknowledged for ${writeDuration(timeout)} ` +
      '(consumer timeout): what comes too late is done again.';
    return [
      { severity: 'warning', code: 'consumer-timeout', message, node: queue.id, field: 'consumerTimeout' },
    ];
  });
}

function limits(queue: DesignNode): boolean {
  const { queueType, deliveryLimit, profile } = resolveFields(queue);
  if (profile !== undefined) return deliveriesAreLimited(queue);
  return queueType === 'quorum' && deliveryLimit !== 0;
}

/** Whether a managed broker gives up at last; it counts every delivery, also of what was let go of. */
function deliveriesAreLimited(broker: DesignNode): boolean {
  const { profile, maxReceiveCount, maxDeliver, maxRedeliverCount, subscription } = resolveFields(broker);
  if (hasOneConsumer(profile, subscription)) return false;
  const limit = { jetstream: maxDeliver, pulsar: maxRedeliverCount }[profile as string] ?? maxReceiveCount;
  return limit !== 0;
}
