import type { DesignEdge, DesignNode, Json } from '../../design/types.ts';
import { ownDice, type Dice } from './dice.ts';

/** Of the designs with a queue that something writes to, this share gets exchanges. */
const SHARE = 0.35;
const KEYS = ['', 'a', 'a.b', 'a.b: 2, c', 'a, b.c, c.b.a: 3'];
const PATTERNS = ['', '#', '*', 'a', 'a.*', '#.b', 'a.#', '*.#.*', 'b.c'];
const HEADERS: readonly Json[] = [{}, { h: 1 }, { h: '1', k: true }, { 'x-h': 1, k: null }];
const TYPES = ['direct', 'fanout', 'topic', 'headers'];
const MATCHES = ['all', 'any', 'all-with-x', 'any-with-x'];

/** The nodes and edges of a design. */
interface Graph {
  nodes: DesignNode[];
  edges: DesignEdge[];
}

/**
 * The same design with exchanges between what writes to queues and the queues: with bindings that overlap, exchanges
 * bound to each other, also in circles, and alternate exchanges. Has dice of its own, so that the rest of a seed stays
 * what it was.
 */
export function withExchanges({ nodes, edges }: Graph, seed: number): Graph {
  const dice = ownDice(seed, 'exchanges');
  const kindOf = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const published = edges.filter(
    ({ from, to }) => kindOf.get(from) === 'producer' && kindOf.get(to) === 'queue',
  );
  if (published.length === 0 || !dice.chance(SHARE)) return { nodes, edges };
  const exchanges = Array.from({ length: 1 + dice.below(3) }, (_, at): DesignNode => {
    const fields: Record<string, Json> = { type: dice.pick(TYPES) };
    return { id: `x${at}`, kind: 'exchange', name: `x${at}`, fields };
  });
  const ids = exchanges.map(({ id }) => id);
  const queues = [...new Set(published.map(({ to }) => to))];
  const producers = nodes.filter(({ kind }) => kind === 'producer').map((node) => addressed(dice, node));
  return {
    // Before all that they feed, so that a chain of nodes still leads forward only.
    nodes: [...producers, ...exchanges, ...nodes.filter(({ kind }) => kind !== 'producer')],
    edges: [...rerouted(dice, edges, published, ids), ...bindings(dice, ids, queues)],
  };
}

function addressed(dice: Dice, node: DesignNode): DesignNode {
  const unroutable = dice.pick(['drop', 'return']);
  const fields = { ...node.fields, routingKey: dice.pick(KEYS), headers: dice.pick(HEADERS), unroutable };
  return { ...node, fields };
}

/** What was published to a queue now mostly goes to an exchange; a producer publishes to one of them once. */
function rerouted(
  dice: Dice,
  edges: readonly DesignEdge[],
  published: readonly DesignEdge[],
  ids: readonly string[],
): DesignEdge[] {
  const taken = new Set<string>();
  return edges.map((edge) => {
    const to = dice.pick(ids);
    const isFree = published.includes(edge) && !taken.has(`${edge.from} ${to}`);
    if (!isFree || !dice.chance(0.8)) return edge;
    taken.add(`${edge.from} ${to}`);
    return { ...edge, to };
  });
}

function bindings(dice: Dice, ids: readonly string[], queues: readonly string[]): DesignEdge[] {
  const edges: DesignEdge[] = [];
  const bind = (from: string, to: string, fromPort = 'out') => {
    const fields = {
      bindingKey: dice.pick(PATTERNS),
      match: dice.pick(MATCHES),
      headers: dice.pick(HEADERS),
    };
    const edge = { id: `b${edges.length}`, from, fromPort, to, toPort: 'in' };
    edges.push(fromPort === 'out' ? { ...edge, fields } : edge);
  };
  for (const id of ids) {
    for (const queue of queues) {
      if (dice.chance(0.8)) bind(id, queue);
      if (dice.chance(0.3)) bind(id, queue);
    }
    for (const other of ids) if (dice.chance(0.3)) bind(id, other);
    if (dice.chance(0.5)) bind(id, dice.pick(ids), 'alternate');
  }
  return edges;
}
