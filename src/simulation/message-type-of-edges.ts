import type { NodeConfig } from '../kinds/shared/node-config.ts';
import type { SimulatedDesign } from './engine-plan.ts';

const NONE = -1;

/**
 * Which message type passes each edge, as its index in the design; -1 where none does or several do. What a
 * producer sends keeps its type all the way, so the types flow from the producers along the edges.
 */
export function messageTypeOfEdges(
  { nodes, edges, indexOf }: SimulatedDesign,
  configs: readonly NodeConfig[],
): Int16Array {
  const typesAt = nodes.map(() => new Set<number>());
  const outgoing = nodes.map(() => new Set<number>());
  for (const edge of edges) outgoing[indexOf.get(edge.from)!].add(indexOf.get(edge.to)!);
  const changed: number[] = [];
  nodes.forEach((_, node) => {
    if (typeof configs[node].fields.messageType !== 'string') return;
    typesAt[node].add(configs[node].messageType);
    changed.push(node);
  });
  for (let node = changed.pop(); node !== undefined; node = changed.pop()) {
    for (const target of outgoing[node]) {
      const before = typesAt[target].size;
      // Two are as mixed as twenty: more need not be known, which bounds the work.
      for (const type of typesAt[node]) if (typesAt[target].size < 2) typesAt[target].add(type);
      if (typesAt[target].size > before) changed.push(target);
    }
  }
  return Int16Array.from(edges, (edge) => {
    const types = typesAt[indexOf.get(edge.from)!];
    return types.size === 1 ? [...types][0] : NONE;
  });
}
