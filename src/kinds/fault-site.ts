import type { DesignEdge, DesignNode } from '../design/types.ts';
import { edgeFaultsOf, orderReason } from './edge-faults.ts';
import type { FaultDefinition } from './kind.ts';
import { kindDefinition } from './registry.ts';

/** Something that can break: a node, or an edge. */
export interface FaultSite {
  name: string;
  faults: readonly FaultDefinition[];
  node?: DesignNode;
  edge?: DesignEdge;
  /** Why some faults of an edge cannot happen to this one. */
  refusal?: string;
}

/** Where a fault strikes, as a fault of the scenario or one in force says it. */
interface Struck {
  node?: string;
  edge?: string;
}

export function nodeSite(node: DesignNode): FaultSite {
  return { name: node.name, faults: kindDefinition(node.kind)?.faults ?? [], node };
}

/** An edge is called by its ends: "orders → billing". */
export function edgeSite(edge: DesignEdge, nodes: readonly DesignNode[]): FaultSite {
  const from = nodes.find(({ id }) => id === edge.from);
  const to = nodes.find(({ id }) => id === edge.to);
  const name = `${from?.name ?? edge.from} → ${to?.name ?? edge.to}`;
  const faults = edgeFaultsOf(edge, { from, to });
  const refusal = faults.length > 0 ? orderReason(edge, { from, to }) : null;
  return { name, faults, edge, ...(refusal === null ? {} : { refusal }) };
}

/** The node or edge that a fault strikes; null if the design has no such. */
export function siteOf(
  struck: Struck,
  design: { nodes: readonly DesignNode[]; edges: readonly DesignEdge[] },
): FaultSite | null {
  if (struck.edge !== undefined) {
    const edge = design.edges.find(({ id }) => id === struck.edge);
    return edge ? edgeSite(edge, design.nodes) : null;
  }
  const node = design.nodes.find(({ id }) => id === struck.node);
  return node ? nodeSite(node) : null;
}
