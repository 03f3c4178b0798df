import type { Design, DesignNode, Problem } from '../../design/types.ts';
import { saysWhereKept } from '../../kinds/connections.ts';
import { resolveFields } from '../../kinds/field-values.ts';

/** What a Kafka cluster refuses of its topics, and what will surprise whoever loses a broker. */
export function clusterProblems(design: Design): Problem[] {
  const nodes = new Map(design.nodes.map((node) => [node.id, node]));
  const kept = design.edges.flatMap(({ from, fromPort, to }) => {
    const [topic, cluster] = [nodes.get(from), nodes.get(to)];
    return topic && cluster && saysWhereKept(topic.kind, fromPort) ? [{ topic, cluster }] : [];
  });
  const isKept = (node: DesignNode) => kept.some(({ topic }) => topic === node);
  return [
    ...kept.flatMap(({ topic, cluster }) => replicaProblems(design, topic, cluster)),
    ...design.nodes
      .filter((node) => node.kind === 'topic' && !isKept(node))
      .flatMap((topic) => withoutCluster(topic)),
  ];
}

function replicaProblems(design: Design, topic: DesignNode, cluster: DesignNode): Problem[] {
  const { replicationFactor, minInsync } = resolveFields(topic) as Record<string, number>;
  const brokers = resolveFields(cluster).brokers as number;
  if (replicationFactor > brokers) {
    const message = `${topic.name}: Unable to replicate the partition ${replicationFactor} time(s): only ${brokers} broker(s) are registered in ${cluster.name}.`;
    const about = { node: topic.id, field: 'replicationFactor' };
    return [{ severity: 'error', code: 'too-few-brokers', message, ...about }];
  }
  if (minInsync > replicationFactor) return [tooFewReplicas(topic, replicationFactor, minInsync)];
  const asksForAll = design.edges.some(({ from, to }) => to === topic.id && waitsForAll(design, from));
  if (asksForAll && minInsync === replicationFactor && replicationFactor > 1) {
    const message = `${topic.name}: one lost broker stops writes with acks=all, since all ${replicationFactor} replicas must be in sync.`;
    const about = { node: topic.id, field: 'minInsync' };
    return [{ severity: 'warning', code: 'no-broker-to-lose', message, ...about }];
  }
  return [];
}

/** Kafka takes such a topic and then refuses every write with acks=all; here it is refused where it is set. */
function tooFewReplicas(topic: DesignNode, replicas: number, least: number): Problem {
  const message = `${topic.name}: found min.insync.replicas ${least} above the ${replicas} ${replicas === 1 ? 'replica' : 'replicas'}. NOT_ENOUGH_REPLICAS: Messages are rejected since there are fewer in-sync replicas than required.`;
  return { severity: 'error', code: 'too-few-replicas', message, node: topic.id, field: 'minInsync' };
}

function withoutCluster(topic: DesignNode): Problem[] {
  return ['replicationFactor', 'minInsync']
    .filter((field) => Number(topic.fields[field] ?? 1) > 1)
    .map((field) => ({
      severity: 'info',
      code: 'replicas-without-cluster',
      message: `${topic.name}: replicas count only for a topic that is kept in a Kafka cluster.`,
      node: topic.id,
      field,
    }));
}

function waitsForAll({ nodes }: Design, id: string): boolean {
  const node = nodes.find((candidate) => candidate.id === id);
  if (node?.kind !== 'producer') return false;
  const { client, acks } = resolveFields(node);
  return client === 'kafka' && acks === 'all';
}
