import type { DesignEdge } from '../../design/types.ts';
import { pow } from '../../lib/exact-math.ts';
import { edgesBy } from './connection-problems.ts';

/** Edges that lead back to where they begin, directly or by others: from any node of it one comes to any other. */
export interface Loop {
  edges: readonly DesignEdge[];
  /** A shortest way round, from the node that sends most of what goes round. */
  round: readonly DesignEdge[];
  /** Messages that come back from one round for each that went into it; null if that was not to be found. */
  gain: number | null;
}

/** Steps of the iteration that finds a gain, and how exact it has to be. */
const MOST_STEPS = 400;
const EXACT_TO = 1e-6;

/** Every loop of some edges with its gain; `weight` says how many messages pass an edge for each at its start. */
export function findLoops(edges: readonly DesignEdge[], weight: (edge: DesignEdge) => number): Loop[] {
  const used = edges.filter((edge) => weight(edge) > 0);
  const component = components(used);
  const inside = new Map<number, DesignEdge[]>();
  for (const edge of used) {
    const number = component.get(edge.from)!;
    if (number !== component.get(edge.to)) continue;
    const known = inside.get(number);
    if (known) known.push(edge);
    else inside.set(number, [edge]);
  }
  return [...inside.values()].map((loop) => {
    const round = shortestRound(loop, weight);
    return { edges: loop, round, gain: gainOf(loop, round, weight) };
  });
}

/** The number of the strongly connected component of each node (Tarjan, with a stack of its own). */
function components(edges: readonly DesignEdge[]): Map<string, number> {
  const outgoing = edgesBy(edges, 'from');
  const seenAt = new Map<string, number>();
  const lowest = new Map<string, number>();
  const component = new Map<string, number>();
  const open: string[] = [];
  const enter = (node: string) => {
    lowest.set(node, seenAt.size);
    seenAt.set(node, seenAt.size);
    open.push(node);
    return { node, next: 0 };
  };
  for (const start of outgoing.keys()) {
    const path = seenAt.has(start) ? [] : [enter(start)];
    while (path.length > 0) {
      const step = path[path.length - 1];
      const to = outgoing.get(step.node)?.[step.next++]?.to;
      if (to !== undefined) {
        if (!seenAt.has(to)) path.push(enter(to));
        else if (!component.has(to)) lower(lowest, step.node, seenAt.get(to)!);
        continue;
      }
      path.pop();
      const low = lowest.get(step.node)!;
      if (path.length > 0) lower(lowest, path[path.length - 1].node, low);
      if (low < seenAt.get(step.node)!) continue;
      for (let node = ''; node !== step.node;) {
        node = open.pop()!;
        component.set(node, seenAt.get(step.node)!);
      }
    }
  }
  return component;
}

function lower(lowest: Map<string, number>, node: string, to: number): void {
  if (to < lowest.get(node)!) lowest.set(node, to);
}

/** Breadth first from the node that sends most, back to it. */
function shortestRound(loop: readonly DesignEdge[], weight: (edge: DesignEdge) => number): DesignEdge[] {
  const outgoing = edgesBy(loop, 'from');
  const sends = (node: string) => outgoing.get(node)!.reduce((sum, edge) => sum + weight(edge), 0);
  let start = loop[0].from;
  for (const node of outgoing.keys()) if (sends(node) > sends(start)) start = node;
  const cameBy = new Map<string, DesignEdge>();
  const line = [start];
  for (let at = 0; at < line.length && !cameBy.has(start); at++) {
    for (const edge of outgoing.get(line[at])!) {
      if (cameBy.has(edge.to)) continue;
      cameBy.set(edge.to, edge);
      line.push(edge.to);
    }
  }
  const round = [cameBy.get(start)!];
  while (round[0].from !== start) round.unshift(cameBy.get(round[0].from)!);
  return round;
}

/**
 * A plain circle multiplies by the product of its weights. In a mesh of loops it is the largest eigenvalue of the
 * weights, found by the power method and taken to the length of a round; a step that also keeps what is there makes
 * the method settle where messages come round in beats.
 */
function gainOf(
  loop: readonly DesignEdge[],
  round: readonly DesignEdge[],
  weight: (edge: DesignEdge) => number,
): number | null {
  if (loop.length === round.length) return round.reduce((product, edge) => product * weight(edge), 1);
  const index = new Map([...new Set(loop.map(({ from }) => from))].map((node, at) => [node, at]));
  const hops = loop.map((edge) => [index.get(edge.from)!, index.get(edge.to)!, weight(edge)] as const);
  let amounts = new Float64Array(index.size).fill(1);
  for (let step = 0; step < MOST_STEPS; step++) {
    const after = amounts.slice();
    for (const [from, to, passed] of hops) after[to] += amounts[from] * passed;
    // The eigenvalue lies between the least and the greatest growth of any node.
    const growth = after.map((amount, node) => amount / amounts[node]);
    const [least, most] = [Math.min(...growth), Math.max(...growth)];
    if (most - least < EXACT_TO) return pow((least + most) / 2 - 1, round.length);
    amounts = after.map((amount) => amount / most);
  }
  return null;
}
