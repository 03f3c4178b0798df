import type { Design, DesignNode, Problem } from '../design/types.ts';
import { resolveFields } from '../kinds/field-values.ts';

/** What RabbitMQ refuses to declare, and overflow that has nowhere to go. Fields are known to be valid. */
export function queueProblems(design: Design): Problem[] {
  return design.nodes.flatMap((node) =>
    node.kind === 'queue' ? [...refusedOfQuorum(node), ...lostLetters(design, node)] : [],
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

function lostLetters(design: Design, node: DesignNode): Problem[] {
  const { overflow, capacity } = resolveFields(node);
  if ((overflow !== 'dead-letter' && overflow !== 'dead-letter-newest') || capacity === 0) return [];
  if (design.edges.some((edge) => edge.from === node.id && edge.fromPort === 'dead')) return [];
  const which = overflow === 'dead-letter' ? 'oldest' : 'newest';
  const message = `${node.name} has nowhere to put dead letters: when it is full, the ${which} message is dropped.`;
  return [{ severity: 'warning', code: 'no-dead-letter-edge', message, node: node.id, field: 'overflow' }];
}
