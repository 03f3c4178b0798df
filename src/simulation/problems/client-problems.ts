import type { Design, DesignNode, Problem } from '../../design/types.ts';
import { resolveFields } from '../../kinds/field-values.ts';
import { isGroup, isLog } from '../../kinds/kind-roles.ts';
import { againstIdempotence } from '../../kinds/producer/client-settings.ts';
import { writeDuration } from '../../kinds/quantities.ts';

/** What a Kafka client refuses to start with, and what it changes without a word. Fields are known to be valid. */
export function clientProblems(design: Design): Problem[] {
  const kinds = new Map(design.nodes.map(({ id, kind }) => [id, kind]));
  const readers = new Set(
    design.edges.filter(({ from }) => isLog(kinds.get(from) ?? '')).map(({ to }) => to),
  );
  return design.nodes.flatMap((node) => {
    const fields = resolveFields(node);
    if (isGroup(node.kind) && readers.has(node.id)) return heartbeatProblems(node);
    if (fields.client !== 'kafka') return [];
    return [
      ...timeoutProblems(node),
      ...idempotenceProblems(node),
      ...transactionProblems(node),
      ...targetProblems(design, node),
    ];
  });
}

/**
 * Who is heard of less often than the session timeout would be taken for dead while it is well. A classic member says
 * so of its own settings, a broker of 4.x of its own (`GroupCoordinatorConfig`), whichever of the two was changed.
 */
function heartbeatProblems(node: DesignNode): Problem[] {
  const fields = resolveFields(node);
  const isClassic = fields.protocol === 'classic';
  const field = isClassic ? 'heartbeat' : 'brokerHeartbeat';
  const [heartbeat, sessionTimeout] = [Number(fields[field]), Number(fields.sessionTimeout)];
  if (heartbeat < sessionTimeout) return [];
  const found = `found a heartbeat every ${writeDuration(heartbeat)}`;
  const rule = isClassic
    ? 'Heartbeat must be set lower than the session timeout.'
    : 'group.consumer.heartbeat.interval.ms must be less than group.consumer.session.timeout.ms.';
  const message = `${node.name}: ${found}, expected less than the session timeout of ${writeDuration(sessionTimeout)}. ${rule}`;
  const severity = !isClassic || Object.hasOwn(node.fields, 'heartbeat') ? 'error' : 'warning';
  return [{ severity, code: 'heartbeat-too-slow', message, node: node.id, field }];
}

/** Too short a delivery timeout is refused where somebody set it; the default is raised by the client itself. */
function timeoutProblems(node: DesignNode): Problem[] {
  const fields = resolveFields(node) as Record<string, number>;
  const least = fields.linger + fields.requestTimeout;
  if (fields.deliveryTimeout >= least) return [];
  const found = `found a delivery timeout of ${writeDuration(fields.deliveryTimeout)}`;
  const sum = `${writeDuration(least)}, the sum of linger and request timeout`;
  const about = { node: node.id, field: 'deliveryTimeout' };
  if (Object.hasOwn(node.fields, 'deliveryTimeout')) {
    const rule = 'delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms.';
    const message = `${node.name}: ${found}, expected at least ${sum}. ${rule}`;
    return [{ severity: 'error', code: 'delivery-timeout-too-short', message, ...about }];
  }
  const message = `${node.name}: the default delivery timeout is raised to ${sum}.`;
  return [{ severity: 'info', code: 'delivery-timeout-raised', message, ...about }];
}

function idempotenceProblems(node: DesignNode): Problem[] {
  const fields = resolveFields(node);
  const conflict = fields.idempotence === 'off' ? null : againstIdempotence(fields);
  if (!conflict) return [];
  const about = { node: node.id, field: conflict.field };
  if (fields.idempotence === 'on') {
    const message = `${node.name}: ${conflict.sentence}`;
    return [{ severity: 'error', code: 'idempotence-refused', message, ...about }];
  }
  const message = `${node.name}: idempotence is switched off without a word, so a retry may write twice or change the order. ${conflict.sentence}`;
  return [{ severity: 'warning', code: 'idempotence-off', message, ...about }];
}

/** A transactional client does not start without idempotence. */
function transactionProblems(node: DesignNode): Problem[] {
  const fields = resolveFields(node);
  if (fields.transactions !== 'on') return [];
  const conflict = againstIdempotence(fields);
  const isOff = fields.idempotence === 'off';
  if (!conflict && !isOff) return [];
  const rule = 'Cannot set a transactional.id without also enabling idempotence.';
  const message = isOff
    ? `${node.name}: found idempotence off, expected on. ${rule}`
    : `${node.name}: ${conflict!.sentence} ${rule}`;
  const field = isOff ? 'idempotence' : conflict!.field;
  return [{ severity: 'error', code: 'transactions-without-idempotence', message, node: node.id, field }];
}

/** The fields of a client count only on the way to a topic. */
function targetProblems(design: Design, node: DesignNode): Problem[] {
  const targets = design.edges.filter(({ from }) => from === node.id).map(({ to }) => to);
  const kinds = design.nodes.filter(({ id }) => targets.includes(id)).map(({ kind }) => kind);
  if (kinds.length === 0 || kinds.includes('topic')) return [];
  const message = `${node.name}: the Kafka client does nothing, as none of its messages goes to a topic.`;
  return [{ severity: 'info', code: 'client-without-topic', message, node: node.id, field: 'client' }];
}
