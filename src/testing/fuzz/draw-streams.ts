import type { DesignEdge, DesignNode } from '../../design/types.ts';
import { Dice } from './dice.ts';

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
  const dice = new Dice(seed ^ 0x4cf5ad43);
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
