import type { DesignEdge, DesignNode, Json } from '../../design/types.ts';
import { ownDice, type Dice } from './dice.ts';

/** Of the groups that read topics alone, this share commits with its results: of those that write to a topic, of others. */
const WRITES = 0.6;
const ENDS = 0.05;

/**
 * The same nodes with some groups that read, process and write in transactions. Has dice of its own, so that the rest
 * of a seed stays what it was.
 */
export function withTransactions(
  nodes: readonly DesignNode[],
  edges: readonly DesignEdge[],
  seed: number,
): DesignNode[] {
  const dice = ownDice(seed, 'transactions');
  const kindOf = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const kindsBy = (id: string, end: 'from' | 'to', other: 'from' | 'to') =>
    edges.filter((edge) => edge[end] === id).map((edge) => kindOf.get(edge[other]));
  return nodes.map((node) => {
    const sources = kindsBy(node.id, 'to', 'from');
    if (node.kind !== 'consumer-group' || sources.some((kind) => kind !== 'topic')) return node;
    const share = kindsBy(node.id, 'from', 'to').includes('topic') ? WRITES : ENDS;
    return dice.chance(share) ? { ...node, fields: { ...node.fields, ...draw(dice, node.fields) } } : node;
  });
}

function draw(
  dice: Dice,
  { guarantee, maxPollRecords, polling }: Record<string, Json>,
): Record<string, Json> {
  const most = polling === 'batch' ? Number(maxPollRecords) : dice.pick([1, 3, 20]);
  return {
    commit: 'transaction',
    polling: 'batch',
    maxPollRecords: most,
    retryMode: 'hold',
    guarantee: guarantee === 'at-most-once' ? 'effectively-once' : (guarantee ?? 'unstated'),
    transactionTime: dice.pick([0, 5, 60, 500]),
    transactionEnd: dice.pick([0, 3, 30]),
    // What takes longer than its transaction may is never done.
    transactionTimeout: most > 7 ? 600_000 : dice.pick([1000, 5000, 60_000]),
  };
}
