import type { Design, DesignEdge, Json, ScheduledFault } from '../design/types.ts';

type Fields = Readonly<Record<string, Json>>;

/** What a small design consists of. Times in simulated milliseconds. */
export interface Sketch {
  name: string;
  /** Nodes by id, which is their name too, each with its kind and its place on the canvas. */
  nodes: Readonly<Record<string, { kind: string; at: readonly [x: number, y: number]; fields?: Fields }>>;
  /** `from > to` or, from another port than `out`, `from.port > to`; with fields of its own as a pair. */
  edges: readonly (string | readonly [edge: string, fields: Fields])[];
  horizonMs: number;
  warmUpMs?: number;
  /** Faults by id. */
  faults?: Readonly<Record<string, Omit<ScheduledFault, 'id'>>>;
}

/** A design from a sketch, with seed 7. */
export function sketched({ name, nodes, edges, horizonMs, warmUpMs = 0, faults = {} }: Sketch): Design {
  return {
    version: 1,
    name,
    messageTypes: [],
    nodes: Object.entries(nodes).map(([id, { kind, fields = {} }]) => ({ id, kind, name: id, fields })),
    edges: edges.map((edge) =>
      typeof edge === 'string' ? edgeOf(edge) : { ...edgeOf(edge[0]), fields: edge[1] },
    ),
    groups: [],
    scenario: {
      horizonMs,
      warmUpMs,
      seed: 7,
      faults: Object.entries(faults).map(([id, fault]) => ({ id, ...fault })),
    },
    goals: [],
    layout: { nodes: Object.entries(nodes).map(([id, { at }]) => ({ id, x: at[0], y: at[1] })) },
  };
}

function edgeOf(text: string): DesignEdge {
  const [source, to] = text.split(' > ');
  const [from, fromPort = 'out'] = source.split('.');
  return { id: `${from}-to-${to}`, from, fromPort, to, toPort: 'in' };
}
