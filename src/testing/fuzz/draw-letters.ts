import type { DesignEdge, DesignNode, Json } from '../../design/types.ts';
import { ownDice } from './dice.ts';

/** Of the designs with a queue, this share have letters that go at least once to several queues. */
const SHARE = 0.12;

interface Graph {
  nodes: readonly DesignNode[];
  edges: readonly DesignEdge[];
}

/**
 * The same design, in some with a quorum queue whose messages expire: they go at least once, by way of an exchange that
 * is there or of one of their own, to a queue that has room, one that is full most of the time, and whatever else is
 * bound there. Has dice of its own, so that the rest of a seed stays what it was.
 */
export function withSureLetters({ nodes, edges }: Graph, seed: number): Graph {
  const dice = ownDice(seed, 'letters');
  const exchanges = nodes.filter(({ kind }) => kind === 'exchange');
  if (!nodes.some(({ kind }) => kind === 'queue') || !dice.chance(SHARE)) return { nodes, edges };
  const node = (id: string, kind: string, fields: Record<string, Json>): DesignNode => ({
    id,
    kind,
    name: id,
    fields,
  });
  const sure = {
    queueType: 'quorum',
    ttl: dice.pick([1, 15, 60]),
    overflow: dice.pick(['block', 'drop-newest']),
    capacity: dice.pick([0, 0, 20]),
    deadLetterStrategy: 'at-least-once',
    deadLetterTimeout: dice.pick([5, 100, 400]),
  };
  const full = { overflow: dice.pick(['drop-newest', 'drop-newest', 'block']), capacity: 1 + dice.below(3) };
  const isOwn = exchanges.length === 0 || dice.chance(0.3);
  const exchange = isOwn ? 'lx' : dice.pick(exchanges).id;
  const edge = (from: string, fromPort: string, to: string): DesignEdge => ({
    id: `${from}-${to}`,
    from,
    fromPort,
    to,
    toPort: 'in',
  });
  return {
    nodes: [
      node('lp', 'producer', { rate: dice.pick([50, 400]) }),
      ...nodes,
      node('lq', 'queue', sure),
      ...(isOwn ? [node('lx', 'exchange', { type: 'fanout' })] : []),
      node('lopen', 'queue', { ttl: dice.pick([1, 50]) }),
      node('lfull', 'queue', { ttl: dice.pick([5, 200]), ...full }),
    ],
    edges: [
      ...edges,
      edge('lp', 'out', 'lq'),
      edge('lq', 'dead', exchange),
      edge(exchange, 'out', 'lopen'),
      edge(exchange, 'out', 'lfull'),
    ],
  };
}
