import type { Design, DesignEdge, DesignNode, Problem } from '../../design/types.ts';
import { groupDigits, showPath } from '../../design/wording.ts';
import { saysWhereKept } from '../../kinds/connections.ts';
import { endsOf, resolveEdgeFields } from '../../kinds/edge-fields.ts';
import { resolveFields } from '../../kinds/field-values.ts';
import { MOST_CALLS } from '../../kinds/topic/shard-reads.ts';
import { edgesBy } from './connection-problems.ts';

/** Consumers with enhanced fan-out that a provisioned stream registers. */
const MOST_REGISTERED = 20;

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
    found.push(...readingProblems(design, stream, nodes, out.get(stream.id) ?? []));
    if ((out.get(stream.id) ?? []).some(({ fromPort }) => saysWhereKept(stream.kind, fromPort))) {
      const message = `${stream.name}: found a Kafka cluster under a stream of Kinesis, expected none. AWS keeps each record in three zones by itself.`;
      found.push(refuse('kinesis-in-cluster', stream, 'service', message));
    }
    return found;
  });
}

/** More registered consumers than a stream has, and more calls than its shards answer. */
function readingProblems(
  design: Design,
  stream: DesignNode,
  nodes: ReadonlyMap<string, DesignNode>,
  out: readonly DesignEdge[],
): Problem[] {
  const readers = out
    .filter(({ fromPort }) => fromPort === 'out')
    .map((edge) => ({ edge, fields: resolveEdgeFields(edge, endsOf(edge, nodes)) }));
  const about = (edge: DesignEdge, field: string) => ({
    path: showPath(['edges', design.edges.indexOf(edge), 'fields', field]),
    edge: edge.id,
    field,
  });
  const registered = readers.filter(({ fields }) => fields.reads === 'fan-out');
  if (registered.length > MOST_REGISTERED) {
    const message = `${stream.name}: found ${registered.length} consumers with enhanced fan-out, expected at most ${MOST_REGISTERED}. Kinesis answers: LimitExceededException.`;
    const { edge } = registered[MOST_REGISTERED];
    return [{ severity: 'error', code: 'too-many-registered', message, ...about(edge, 'reads') }];
  }
  const sharing = readers.filter(({ fields }) => fields.reads === 'shared');
  const calls = sharing.reduce((sum, { fields }) => sum + 1000 / Number(fields.readInterval), 0);
  if (!(calls > MOST_CALLS)) return [];
  const who = sharing.length === 1 ? 'its consumer calls' : `its ${sharing.length} consumers call`;
  const message = `${stream.name}: ${who} each shard ${groupDigits(Math.round(calls * 10) / 10)} times a second, which answers ${MOST_CALLS} and refuses the rest (ProvisionedThroughputExceeded).`;
  const most = sharing.toSorted((a, b) => Number(a.fields.readInterval) - Number(b.fields.readInterval))[0];
  return [{ severity: 'warning', code: 'calls-refused', message, ...about(most.edge, 'readInterval') }];
}
