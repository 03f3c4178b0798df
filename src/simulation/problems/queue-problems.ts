import type { Design, DesignNode, Problem } from '../../design/types.ts';
import { resolveFields } from '../../kinds/field-values.ts';

/** What RabbitMQ refuses to declare, and overflow that has nowhere to go. Fields are known to be valid. */
export function queueProblems(design: Design): Problem[] {
  return design.nodes.flatMap((node) =>
    node.kind === 'queue'
      ? [
          ...refusedOfQuorum(node),
          ...constantRetries(node),
          ...lostLetters(design, node),
          ...unsafeLetters(design, node),
        ]
      : [],
  );
}

/** Arguments that the broker answers with PRECONDITION_FAILED when the queue is a quorum queue. */
function refusedOfQuorum(node: DesignNode): Problem[] {
  const { queueType, maxPriority, overflow } = resolveFields(node);
  if (queueType !== 'quorum') return [];
  const problems: Problem[] = [];
  const refuse = (field: string, message: string) =>
    problems.push({ severity: 'error', code: 'quorum-queue-refused', message, node: node.id, field });
  if (maxPriority !== 0) {
    refuse(
      'maxPriority',
      `${node.name}: found priorities up to ${Number(maxPriority)}, expected 0. RabbitMQ refuses x-max-priority for a quorum queue, which always tells priorities apart.`,
    );
  }
  if (overflow === 'dead-letter-newest') {
    refuse(
      'overflow',
      `${node.name}: found reject-publish-dlx, expected another policy. RabbitMQ has it for classic queues only.`,
    );
  }
  return problems;
}

/** Delays of retries that never grow: the broker takes the least of the two. */
function constantRetries(node: DesignNode): Problem[] {
  const { queueType, delayedRetryType, delayedRetryMin: min, delayedRetryMax: max } = resolveFields(node);
  if (queueType !== 'quorum' || delayedRetryType === 'disabled' || Number(min) <= Number(max)) return [];
  const message = `${node.name}: found a shortest delay of ${Number(min)} ms, expected at most the longest, ${Number(max)} ms. RabbitMQ delays no retry for longer than that, so every retry waits as long.`;
  return [
    { severity: 'warning', code: 'retry-delay-constant', message, node: node.id, field: 'delayedRetryMin' },
  ];
}

function lostLetters(design: Design, node: DesignNode): Problem[] {
  const { overflow, capacity, capacityBytes } = resolveFields(node);
  const isLimited = capacity !== 0 || capacityBytes !== 0;
  if ((overflow !== 'dead-letter' && overflow !== 'dead-letter-newest') || !isLimited) return [];
  if (hasDeadLetters(design, node)) return [];
  const which = overflow === 'dead-letter' ? 'oldest' : 'newest';
  const message = `${node.name} has nowhere to put dead letters: when it is full, the ${which} message is dropped.`;
  return [{ severity: 'warning', code: 'no-dead-letter-edge', message, node: node.id, field: 'overflow' }];
}

/** Dead-lettering at least once that the broker drops with a line in its log. */
function unsafeLetters(design: Design, node: DesignNode): Problem[] {
  const { queueType, deadLetterStrategy, overflow } = resolveFields(node);
  if (queueType !== 'quorum' || deadLetterStrategy !== 'at-least-once') return [];
  const warn = (code: string, field: string, message: string): Problem[] => [
    { severity: 'warning', code, message: `${node.name}: ${message}`, node: node.id, field },
  ];
  if (!hasDeadLetters(design, node)) {
    const message =
      'RabbitMQ disables dead-lettering at least once, as there is nowhere for dead letters to go.';
    return warn('no-dead-letter-edge', 'deadLetterStrategy', message);
  }
  if (overflow === 'block' || overflow === 'drop-newest') return [];
  const message = `found ${overflow === 'dead-letter-newest' ? 'reject-publish-dlx' : 'drop-head'}, expected reject-publish: RabbitMQ falls back to dead-lettering at most once.`;
  return warn('dead-letters-at-most-once', 'overflow', message);
}

function hasDeadLetters(design: Design, { id }: DesignNode): boolean {
  return design.edges.some((edge) => edge.from === id && edge.fromPort === 'dead');
}
