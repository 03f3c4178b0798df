import type { Edit } from '../design/edits.ts';
import { freshEdgeId } from '../design/names.ts';
import type { Design, Problem } from '../design/types.ts';
import { possibleConnections, refusalSentence, type Connection } from '../kinds/connections.ts';
import { kindDefinition } from '../kinds/registry.ts';

/** The edit that joins two nodes by the first free pair of ports, or the reason why there is none. */
export function connectNodes(design: Design, from: string, to: string, fromPort?: string): Edit | Problem {
  const source = design.nodes.find(({ id }) => id === from);
  const target = design.nodes.find(({ id }) => id === to);
  if (!source || !target) return refused(`There is no node ${source ? to : from} to connect.`);
  const possible = possibleConnections(source.kind, target.kind).filter(
    (pair) => fromPort === undefined || pair.fromPort === fromPort,
  );
  if (possible.length === 0) return refused(refusalSentence(source.kind, target.kind), from);
  // Two edges that can differ in their fields are two bindings; any others would be one edge twice.
  const joined = (pair: Connection) =>
    portOf(source.kind, pair.fromPort)?.edgeFields === undefined &&
    design.edges.some(
      (edge) =>
        edge.from === from &&
        edge.to === to &&
        edge.fromPort === pair.fromPort &&
        edge.toPort === pair.toPort,
    );
  if (possible.some(joined)) return refused(`“${source.name}” already feeds “${target.name}”.`, from);
  const pair = possible.find((candidate) => hasRoom(design, from, source.kind, candidate.fromPort));
  if (!pair) return refused(fullSentence(source.name, source.kind, possible[0].fromPort), from);
  return { type: 'add-edge', edge: { id: freshEdgeId(design, from, to), from, to, ...pair } };
}

function hasRoom(design: Design, node: string, kind: string, port: string): boolean {
  const most = portOf(kind, port)?.maxEdges ?? Infinity;
  return design.edges.filter((edge) => edge.from === node && edge.fromPort === port).length < most;
}

function fullSentence(name: string, kind: string, port: string): string {
  const found = portOf(kind, port);
  const times = found?.maxEdges === 1 ? 'one connection' : `${found?.maxEdges} connections`;
  return `“${name}” has ${times} already at “${found?.label}”, and takes no more. Delete the old one first.`;
}

function portOf(kind: string, port: string) {
  return kindDefinition(kind)?.ports.find(({ id, direction }) => id === port && direction === 'out');
}

function refused(message: string, node?: string): Problem {
  return { severity: 'error', code: 'connection-refused', message, ...(node === undefined ? {} : { node }) };
}
