import type { DesignNode, Json } from '../design/types.ts';
import { defaultLimits, type EngineLimits, type EnginePlan } from '../engine/plan.ts';
import { Simulation } from '../engine/simulation.ts';
import { edgeFieldsOf as edgeFields } from '../kinds/edge-fields.ts';
import { saysWhereKept } from '../kinds/connections.ts';
import { kindDefinition, kindIndex } from '../kinds/registry.ts';
import { RunKinds } from '../kinds/run-kinds.ts';
import type { NodeConfig } from '../kinds/shared/node-config.ts';

/** A node of a test design; fields that are not given have their defaults. */
export interface SmallNode {
  id: string;
  kind: string;
  fields?: Record<string, Json>;
}

/** An edge of a test design, `from > to`, or `from.port > to` where the port is not the first one out. */
export type SmallEdge = `${string} > ${string}`;

export interface SmallDesign {
  nodes: readonly SmallNode[];
  edges: readonly SmallEdge[];
  /** Fields of single edges, by the text of the edge. */
  edgeFields?: Partial<Record<SmallEdge, Record<string, Json>>>;
  seed?: string | number;
  warmUpMs?: number;
  limits?: Partial<EngineLimits>;
}

/** A run built straight on the engine, with ways to name nodes and edges. */
export interface SmallRun {
  sim: Simulation;
  kinds: RunKinds;
  /** Index of a node by id. */
  node(id: string): number;
  /** Index of an edge by the text that it was given as. */
  edge(text: SmallEdge): number;
  /** Runs up to and including a time in simulated milliseconds. */
  until(ms: number): void;
}

/** Builds a design of a test and begins its run. Nodes and edges are in the order given. */
export function smallRun(drawn: SmallDesign): SmallRun {
  const { design, clusterOf } = withoutKeptEdges(drawn);
  const plan = planOf(design);
  const sim = new Simulation(plan);
  const kinds = new RunKinds(
    sim,
    design.nodes.map((node) => ({ ...configOf(node), cluster: clusterOf.get(node.id) })),
    design.edges.map((text) => edgeFieldsOf(design, text)),
  );
  sim.begin(kinds, Math.round((design.warmUpMs ?? 0) * 1000));
  return {
    sim,
    kinds,
    node: (id) => indexOf(design, id),
    edge: (text) => design.edges.indexOf(text),
    until: (ms) => void sim.runUntil(Math.round(ms * 1000), Infinity),
  };
}

/** An edge that says where a topic is kept is no edge of a plan. */
function withoutKeptEdges(design: SmallDesign): { design: SmallDesign; clusterOf: Map<string, number> } {
  const clusterOf = new Map<string, number>();
  const edges = design.edges.filter((text) => {
    const [source, target] = text.split(' > ');
    const [from, port = 'out'] = source.split('.');
    const isKept = saysWhereKept(design.nodes[indexOf(design, from)].kind, port);
    if (isKept) clusterOf.set(from, indexOf(design, target));
    return !isKept;
  });
  return { design: { ...design, edges }, clusterOf };
}

function configOf(node: SmallNode): NodeConfig {
  const definition = kindDefinition(node.kind);
  if (!definition) throw new Error(`No kind is called ${node.kind}.`);
  const defaults = Object.fromEntries(definition.fields.map((field) => [field.name, field.default]));
  return { kind: node.kind, id: node.id, fields: { ...defaults, ...node.fields }, messageType: 0 };
}

function edgeFieldsOf(design: SmallDesign, text: SmallEdge): Record<string, Json> {
  const [source, target] = text.split(' > ');
  const [from, fromPort = 'out'] = source.split('.');
  const nodeOf = (id: string): DesignNode => ({ name: id, fields: {}, ...design.nodes[indexOf(design, id)] });
  const edge = { id: text, from, fromPort, to: target, toPort: 'in' };
  const fields = edgeFields(edge, { from: nodeOf(from), to: nodeOf(target) });
  const defaults = Object.fromEntries(fields.map((field) => [field.name, field.default]));
  return { ...defaults, ...design.edgeFields?.[text] };
}

function planOf(design: SmallDesign): EnginePlan {
  const ends = design.edges.map((text) => {
    const [source, target] = text.split(' > ');
    const [from, port = 'out'] = source.split('.');
    return { from: indexOf(design, from), port, to: indexOf(design, target) };
  });
  const kindOf = Uint8Array.from(design.nodes, ({ kind }) => kindIndex(kind));
  const out = rowsOf(
    design.nodes.length,
    ends.map(({ from }) => from),
  );
  const into = rowsOf(
    design.nodes.length,
    ends.map(({ to }) => to),
  );
  return {
    nodeCount: design.nodes.length,
    kindOf,
    edgeCount: ends.length,
    edgeFrom: Int32Array.from(ends, ({ from }) => from),
    edgeTo: Int32Array.from(ends, ({ to }) => to),
    edgePort: Uint8Array.from(ends, ({ from, port }) => portIndex(design.nodes[from].kind, port)),
    outStart: out.start,
    outEdges: out.edges,
    inStart: into.start,
    inEdges: into.edges,
    seed: design.seed ?? 1,
    nodeIds: design.nodes.map(({ id }) => id),
    limits: { ...defaultLimits, ...design.limits },
  };
}

/** Edges by the node at one of their ends, as compressed rows. */
function rowsOf(nodes: number, ends: readonly number[]): { start: Int32Array; edges: Int32Array } {
  const start = new Int32Array(nodes + 1);
  const edges: number[] = [];
  for (let node = 0; node < nodes; node++) {
    ends.forEach((end, edge) => {
      if (end === node) edges.push(edge);
    });
    start[node + 1] = edges.length;
  }
  return { start, edges: Int32Array.from(edges) };
}

function portIndex(kind: string, port: string): number {
  const index = kindDefinition(kind)?.ports.findIndex(({ id }) => id === port) ?? -1;
  if (index < 0) throw new Error(`A ${kind} has no port ${port}.`);
  return index;
}

function indexOf(design: SmallDesign, id: string): number {
  const index = design.nodes.findIndex((node) => node.id === id);
  if (index < 0) throw new Error(`No node is called ${id}.`);
  return index;
}
