import type { DesignEdge, DesignNode, Json } from '../../design/types.ts';
import { ownDice, type Dice } from './dice.ts';

/** Of the streams of JetStream, this share have subjects. */
const SHARE = 0.7;
/** Routing keys of producers that write to one; some of them are of no stream. */
const KEYS = ['a.b', 'a.b: 2, a.b.c', 'a, a.b, a.c.d: 3', 'b.c, a.c'];
const SUBJECTS = ['a.>', 'a.>, b.*', 'a.*, a.*.*', 'a, a.b'];
/** Filters by the place of the consumer, so that those of a work queue do not meet; each stream with `a.>` has them. */
const APART = ['a.b.>', 'a.c.>', 'a.b', 'a.c', 'a.d'];
const FILTERS = ['', '', 'a.>', 'a.*', 'a.b', 'a.*.c'];

/** The nodes and edges of a design. */
interface Graph {
  nodes: readonly DesignNode[];
  edges: readonly DesignEdge[];
}

/** The same design with subjects for some of its streams. Has dice of its own, so that the rest of a seed stays. */
export function withSubjects({ nodes, edges }: Graph, seed: number): Graph {
  const dice = ownDice(seed, 'subjects');
  const streams = new Set(
    nodes
      .filter(({ kind, fields }) => kind === 'cloud-broker' && fields.profile === 'jetstream')
      .filter(() => dice.chance(SHARE))
      .map(({ id }) => id),
  );
  if (streams.size === 0) return { nodes, edges };
  const writers = new Set(edges.filter(({ to }) => streams.has(to)).map(({ from }) => from));
  const drawn = new Map([...streams].map((id) => [id, drawStream(dice)]));
  return {
    nodes: nodes.map((node) => {
      const stream = drawn.get(node.id);
      if (stream) return { ...node, fields: { ...node.fields, ...stream } };
      if (node.kind !== 'producer' || !writers.has(node.id)) return node;
      const routingKey = dice.pick(KEYS);
      return { ...node, fields: { ...node.fields, routingKey } };
    }),
    edges: edges.map((edge, at) => {
      const stream = drawn.get(edge.from);
      if (!stream || edge.fromPort !== 'out') return edge;
      const filterSubject = stream.retention === 'workqueue' ? APART[at % APART.length] : dice.pick(FILTERS);
      // What no subject of the stream covers would be refused.
      const isCovered = filterSubject === '' || stream.subjects === 'a.>' || stream.subjects === 'a.>, b.*';
      return isCovered ? { ...edge, fields: { ...edge.fields, filterSubject } } : edge;
    }),
  };
}

function drawStream(dice: Dice): Record<string, Json> {
  const retention = dice.pick(['limits', 'interest', 'workqueue']);
  return {
    retention,
    subjects: retention === 'workqueue' ? dice.pick(['a.>', 'a.>, b.*']) : dice.pick(SUBJECTS),
  };
}
