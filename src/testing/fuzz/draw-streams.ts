import type { DesignEdge, DesignNode } from '../../design/types.ts';
import { ownDice } from './dice.ts';

/** Of the topics that could be streams of Kinesis, this share are. */
const SHARE = 0.2;

/**
 * The same nodes with streams in place of some topics: those that no Kafka client and no cluster has to do with, and
 * that are not compacted. Has dice of its own, so that the rest of a seed stays what it was.
 */
export function withStreams(
  nodes: readonly DesignNode[],
  edges: readonly DesignEdge[],
  seed: number,
): DesignNode[] {
  const dice = ownDice(seed, 'streams');
  const of = new Map(nodes.map((node) => [node.id, node]));
  const couldBe = ({ id, kind, fields }: DesignNode): boolean => {
    if (kind !== 'topic' || (fields.cleanup ?? 'delete') !== 'delete') return false;
    return edges.every(({ from, to, fromPort }) => {
      if (from === id) return fromPort !== 'cluster';
      const { keys, client } = to === id ? of.get(from)!.fields : {};
      return keys !== 'none' && client !== 'kafka';
    });
  };
  return nodes.map((node) =>
    couldBe(node) && dice.chance(SHARE)
      ? {
          ...node,
          fields: {
            ...node.fields,
            service: 'kinesis',
            retentionPeriod: dice.pick([86_400_000, 31_536_000_000]),
          },
        }
      : node,
  );
}

/** The same edges with a reading of its own for each that leaves a stream, by dice of their own. */
export function withReadings(
  nodes: readonly DesignNode[],
  edges: readonly DesignEdge[],
  seed: number,
): DesignEdge[] {
  const dice = ownDice(seed, 'readers of streams');
  const streams = new Set(nodes.flatMap(({ id, fields }) => (fields.service === 'kinesis' ? [id] : [])));
  return edges.map((edge) => {
    if (!streams.has(edge.from) || edge.fromPort !== 'out') return edge;
    const reads = dice.pick(['shared', 'shared', 'fan-out']);
    const fields = { reads, readInterval: dice.pick([1, 20, 200, 1000]) };
    return { ...edge, fields: { ...edge.fields, ...fields } };
  });
}
