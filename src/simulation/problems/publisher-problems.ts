import type { Design, DesignNode, Problem } from '../../design/types.ts';
import { resolveFields } from '../../kinds/field-values.ts';
import { edgesBy } from './connection-problems.ts';

const OF_BROKER: readonly string[] = ['queue', 'exchange'];

/** RabbitMQ clients that publish to no broker, and alarms that some who publish do not hear of. */
export function publisherProblems(design: Design): Problem[] {
  const nodes = new Map(design.nodes.map((node) => [node.id, node]));
  const filled = new Set(
    design.scenario.faults.flatMap(({ node, fault }) => (fault === 'disk-full' ? [node] : [])),
  );
  const memory = design.nodes.find((node) => Number(resolveFields(node).memoryWatermark ?? 0) > 0);
  const disk = design.nodes.find(({ id }) => filled.has(id));
  const out = edgesBy(design.edges, 'from');
  return design.nodes.flatMap((node): Problem[] => {
    const { client } = resolveFields(node);
    if (client === undefined) return [];
    const targets = (out.get(node.id) ?? []).flatMap(({ to }) => nodes.get(to) ?? []);
    const publishes = targets.some(({ kind }) => OF_BROKER.includes(kind));
    if (client === 'rabbitmq') return targets.length === 0 || publishes ? [] : [withoutBroker(node)];
    if (!publishes) return [];
    if (memory) return [deafToAlarm(node, `memory alarm set at ${memory.name}`)];
    return disk ? [deafToAlarm(node, `disk alarm planned at ${disk.name}`)] : [];
  });
}

function withoutBroker({ id, name }: DesignNode): Problem {
  const message = `${name}: the RabbitMQ client does nothing, as none of its messages goes to a queue or an exchange.`;
  return { severity: 'info', code: 'client-without-broker', message, node: id, field: 'client' };
}

function deafToAlarm({ id, name }: DesignNode, alarm: string): Problem {
  const message = `${name}: the ${alarm} does not block it, as its client is not RabbitMQ.`;
  return { severity: 'warning', code: 'deaf-to-alarm', message, node: id, field: 'client' };
}
