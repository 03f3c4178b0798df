import type { Design, DesignEdge, DesignNode } from '../design/types.ts';
import { defaultLimits, type EngineLimits, type EnginePlan } from '../engine/plan.ts';
import { assert } from '../lib/assert.ts';
import { seedKey } from '../lib/seed-key.ts';
import { resolveEdgeFields, type EdgeEnds } from '../kinds/edge-fields.ts';
import { saysWhereKept } from '../kinds/connections.ts';
import { isGroup, isLog } from '../kinds/kind-roles.ts';
import { kindDefinition, kindIndex } from '../kinds/registry.ts';
import { guardConfig } from '../kinds/shared/call-guard/guard-config.ts';
import type { PlanShape } from './frame/frame-layout.ts';
import { waysBack } from './ways-back.ts';

/** The part of a design that is simulated, in the order that gives every node and edge its index. */
export interface SimulatedDesign {
  nodes: readonly DesignNode[];
  edges: readonly DesignEdge[];
  indexOf: ReadonlyMap<string, number>;
  /** Index of the cluster that a topic, by its id, is kept in. */
  clusterOf: ReadonlyMap<string, number>;
}

/**
 * Puts the nodes of known kinds and the edges between them in the order of their ids, by code unit, so that the
 * order of a file changes nothing. The only place where an id becomes an index.
 */
export function simulatedDesign(design: Design): SimulatedDesign {
  const nodes = design.nodes.filter((node) => kindDefinition(node.kind)).sort(byId);
  const indexOf = new Map(nodes.map((node, index) => [node.id, index]));
  const known = design.edges.filter((edge) => indexOf.has(edge.from) && indexOf.has(edge.to)).sort(byId);
  const isKept = (edge: DesignEdge) => saysWhereKept(nodes[indexOf.get(edge.from)!].kind, edge.fromPort);
  const clusterOf = new Map(known.filter(isKept).map(({ from, to }) => [from, indexOf.get(to)!]));
  return { nodes, edges: known.filter((edge) => !isKept(edge)), indexOf, clusterOf };
}

/** The nodes at the ends of an edge. */
export function simulatedEnds(edge: DesignEdge, { nodes, indexOf }: SimulatedDesign): EdgeEnds {
  return { from: nodes[indexOf.get(edge.from)!], to: nodes[indexOf.get(edge.to)!] };
}

/** The simulated design as numbers: its edges first, then the ways back from dead-letter queues. */
export function enginePlan(
  simulated: SimulatedDesign,
  seed: string | number,
  limits: Partial<EngineLimits> = {},
): EnginePlan {
  const { nodes, edges, indexOf } = simulated;
  const drawn = edges.map(({ from, fromPort, to }) => {
    const sender = indexOf.get(from)!;
    return { from: sender, to: indexOf.get(to)!, port: portIndex(nodes[sender].kind, fromPort) };
  });
  const all = [...drawn, ...waysBack(simulated)];
  const edgeFrom = Int32Array.from(all, ({ from }) => from);
  const edgeTo = Int32Array.from(all, ({ to }) => to);
  const out = compressedRows(edgeFrom, nodes.length);
  const into = compressedRows(edgeTo, nodes.length);
  return {
    nodeCount: nodes.length,
    kindOf: Uint8Array.from(nodes, (node) => kindIndex(node.kind)),
    edgeCount: all.length,
    edgeFrom,
    edgeTo,
    edgePort: Uint8Array.from(all, ({ port }) => port),
    outStart: out.start,
    outEdges: out.items,
    inStart: into.start,
    inEdges: into.items,
    seed: seedKey(seed),
    nodeIds: nodes.map((node) => node.id),
    limits: { ...defaultLimits, ...limits },
  };
}

/** What the layout of a frame depends on. `sizeOf` reads an integer field of a node, `stagesOf` lists its retry topics. */
export function planShape(
  simulated: SimulatedDesign,
  sizeOf: (node: number, field: string) => number,
  stagesOf: (node: number) => readonly { suffix: string; delayMs: number }[],
): PlanShape {
  const { nodes, edges, indexOf } = simulated;
  const topics: { node: number; partitions: number }[] = [];
  const groups: { node: number; members: number }[] = [];
  nodes.forEach((node, index) => {
    if (isLog(node.kind)) topics.push({ node: index, partitions: sizeOf(index, 'partitions') });
    if (isGroup(node.kind)) groups.push({ node: index, members: sizeOf(index, 'members') });
  });
  return {
    nodes: nodes.map(({ id, kind }) => ({ id, kind })),
    edges: edges.map((edge) => ({
      id: edge.id,
      from: indexOf.get(edge.from)!,
      to: indexOf.get(edge.to)!,
    })),
    topics,
    groups,
    guards: edges.flatMap((edge, index) =>
      guardConfig(resolveEdgeFields(edge, simulatedEnds(edge, simulated))) ? [{ edge: index }] : [],
    ),
    stages: nodes.flatMap((_, node) => stagesOf(node).map((stage) => ({ node, ...stage }))),
  };
}

function portIndex(kind: string, port: string): number {
  const index = kindDefinition(kind)?.ports.findIndex((candidate) => candidate.id === port) ?? -1;
  assert(index >= 0, 'an edge of a valid design leaves by a port of its kind');
  return index;
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** For each node the indexes of its edges, in order, as slices of one list. */
function compressedRows(nodeOfEdge: Int32Array, nodes: number): { start: Int32Array; items: Int32Array } {
  const start = new Int32Array(nodes + 1);
  for (const node of nodeOfEdge) start[node + 1]++;
  for (let node = 0; node < nodes; node++) start[node + 1] += start[node];
  const free = start.slice();
  const items = new Int32Array(nodeOfEdge.length);
  nodeOfEdge.forEach((node, edge) => {
    items[free[node]++] = edge;
  });
  return { start, items };
}
