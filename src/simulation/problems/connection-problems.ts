import type { Design, DesignEdge, DesignNode, Problem } from '../../design/types.ts';
import { showText } from '../../design/wording.ts';
import { possibleConnections, refusalSentence } from '../../kinds/connections.ts';
import type { KindDefinition, PortDefinition } from '../../kinds/kind.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import { expires } from '../expected-loads.ts';

/** Edges that lead nowhere or do not fit (errors), and nodes that nothing feeds or that feed nothing (warnings). */
export function connectionProblems(design: Design): Problem[] {
  const nodes = new Map(design.nodes.map((node) => [node.id, node]));
  const into = edgesBy(design.edges, 'to');
  const out = edgesBy(design.edges, 'from');
  return [
    ...design.edges.flatMap((edge, at) => edgeProblems(edge, at, nodes)),
    ...design.nodes.flatMap((node) => nodeProblems(node, into.get(node.id) ?? [], out.get(node.id) ?? [])),
  ];
}

function edgeProblems(edge: DesignEdge, at: number, nodes: ReadonlyMap<string, DesignNode>): Problem[] {
  const problem = (code: string, message: string): Problem[] => [
    { severity: 'error', code, message, path: `edges[${at}]`, edge: edge.id },
  ];
  const from = nodes.get(edge.from);
  const to = nodes.get(edge.to);
  if (!from || !to) {
    const missing = from ? edge.to : edge.from;
    return problem(
      'dangling-edge',
      `The edge ${showText(edge.id)} names the node ${showText(missing)}, which does not exist.`,
    );
  }
  const fromKind = kindDefinition(from.kind);
  const toKind = kindDefinition(to.kind);
  if (!fromKind || !toKind) return [];
  if (from === to)
    return selfEdgeProblems(from, edge, at) ?? problem('self-edge', `${from.name} cannot feed itself.`);
  const fits = possibleConnections(from.kind, to.kind);
  if (fits.length === 0) {
    return problem('ports-do-not-fit', `${from.name} → ${to.name}: ${refusalSentence(from.kind, to.kind)}`);
  }
  if (fits.some(({ fromPort, toPort }) => fromPort === edge.fromPort && toPort === edge.toPort)) return [];
  const expected = fits.map(({ fromPort, toPort }) => `${fromPort} to ${toPort}`).join(' or ');
  const found = `${showText(edge.fromPort)} to ${showText(edge.toPort)}`;
  return problem(
    'ports-do-not-fit',
    `${from.name} → ${to.name}: found the ports ${found}, expected ${expected}.`,
  );
}

/** A broker allows a binding of an exchange to itself, and even itself as its alternate; neither does anything. */
function selfEdgeProblems({ name, kind }: DesignNode, edge: DesignEdge, at: number): Problem[] | null {
  const port = kindDefinition(kind)?.ports.find(({ id }) => id === edge.fromPort);
  const what = port?.roles.includes('unroutable') ? 'is its own alternate exchange' : 'is bound to itself';
  if (!port?.roles.includes('routed') && !port?.roles.includes('unroutable')) return null;
  const message = `${name} ${what}, which changes nothing: a message visits an exchange once.`;
  return [{ severity: 'warning', code: 'self-binding', message, path: `edges[${at}]`, edge: edge.id }];
}

/** The edges of each node at one of their ends. */
export function edgesBy(edges: readonly DesignEdge[], end: 'from' | 'to'): Map<string, DesignEdge[]> {
  const found = new Map<string, DesignEdge[]>();
  for (const edge of edges) {
    const known = found.get(edge[end]);
    if (known) known.push(edge);
    else found.set(edge[end], [edge]);
  }
  return found;
}

function nodeProblems(node: DesignNode, into: readonly DesignEdge[], out: readonly DesignEdge[]): Problem[] {
  const definition = kindDefinition(node.kind);
  if (!definition) return [];
  const problems = definition.ports.flatMap((port) =>
    crowdedPort(node, port, port.direction === 'in' ? into : out),
  );
  const warn = (code: string, message: string) =>
    problems.push({ severity: 'warning', code, message, node: node.id });
  if (definition.ports.some((port) => port.direction === 'in') && into.length === 0) {
    warn('fed-by-nothing', `Nothing reaches ${node.name}: no edge leads to it.`);
  }
  const feeds = out.some((edge) => edge.fromPort === mainPort(definition));
  if (mustFeed(definition) && !feeds && !isShelf(node, out)) {
    warn('feeds-nothing', `${node.name} ${idleWords(definition)}: no edge leads on from it.`);
  }
  return problems;
}

function idleWords({ family, ports }: KindDefinition): string {
  if (family === 'sources') return 'sends to nobody';
  const routes = ports.some(({ roles }) => roles.includes('routed') && roles.length === 1);
  return routes ? 'has no binding' : 'is read by nobody';
}

function crowdedPort(node: DesignNode, port: PortDefinition, edges: readonly DesignEdge[]): Problem[] {
  if (port.maxEdges === undefined) return [];
  const attached = edges.filter(
    (edge) => (port.direction === 'out' ? edge.fromPort : edge.toPort) === port.id,
  );
  if (attached.length <= port.maxEdges) return [];
  const message = `${node.name}, ${port.label.toLowerCase()}: found ${attached.length} edges, expected at most ${port.maxEdges}.`;
  return [
    { severity: 'error', code: 'too-many-edges', message, node: node.id, edge: attached[port.maxEdges].id },
  ];
}

/** What only makes or passes on messages makes no sense at the end of a line. */
function mustFeed(definition: KindDefinition): boolean {
  return definition.family === 'sources' || definition.family === 'channels';
}

/** A queue to wait in: nobody reads it, and what has expired goes on to its dead letters. */
function isShelf(node: DesignNode, out: readonly DesignEdge[]): boolean {
  return out.some(({ fromPort }) => fromPort === 'dead') && expires(node);
}

function mainPort(definition: KindDefinition): string | undefined {
  return definition.ports.find((port) => port.direction === 'out')?.id;
}
