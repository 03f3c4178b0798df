import type { Design, DesignNode, Problem } from '../design/types.ts';
import { saysWhereKept } from '../kinds/connections.ts';
import { resolveFields } from '../kinds/field-values.ts';
import { edgesBy } from './connection-problems.ts';

/** What Kinesis refuses, and what only Kafka has. Fields are known to be valid one by one. */
export function streamProblems(design: Design): Problem[] {
  const nodes = new Map(design.nodes.map((node) => [node.id, node]));
  const into = edgesBy(design.edges, 'to');
  const out = edgesBy(design.edges, 'from');
  return design.nodes.flatMap((stream): Problem[] => {
    const { service, cleanup } = resolveFields(stream);
    if (service !== 'kinesis') return [];
    const refuse = (code: string, node: DesignNode, field: string, message: string): Problem => ({
      severity: 'error',
      code,
      message,
      node: node.id,
      field,
    });
    const writers = (into.get(stream.id) ?? []).map(({ from }) => nodes.get(from)!);
    const found = writers.flatMap((writer) => {
      const { client, keys } = resolveFields(writer);
      const isKafka = client === 'kafka';
      const words = `${writer.name} → ${stream.name}`;
      return [
        ...(isKafka
          ? [
              refuse(
                'kafka-client-to-kinesis',
                writer,
                'client',
                `${words}: found a Kafka client, expected none, as Kinesis has an interface of its own.`,
              ),
            ]
          : []),
        ...(keys === 'none'
          ? [
              refuse(
                'no-partition-key',
                writer,
                'keys',
                `${words}: found no keys, expected some, as each record has a partition key. Kinesis answers: Value null at 'partitionKey' failed to satisfy constraint: Member must not be null.`,
              ),
            ]
          : []),
      ];
    });
    if (cleanup !== 'delete') {
      const message = `${stream.name}: found records to be compacted, expected them to be deleted. Kinesis keeps records for a time only.`;
      found.push(refuse('kinesis-compacted', stream, 'cleanup', message));
    }
    if ((out.get(stream.id) ?? []).some(({ fromPort }) => saysWhereKept(stream.kind, fromPort))) {
      const message = `${stream.name}: found a Kafka cluster under a stream of Kinesis, expected none. AWS keeps each record in three zones by itself.`;
      found.push(refuse('kinesis-in-cluster', stream, 'service', message));
    }
    return found;
  });
}
