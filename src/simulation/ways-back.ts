import type { DesignNode } from '../design/types.ts';
import type { PortRole } from '../kinds/kind.ts';
import { kindDefinition } from '../kinds/registry.ts';
import type { SimulatedDesign } from './engine-plan.ts';

/** An edge of a run that nobody drew, between two nodes by index. */
export interface WayBack {
  from: number;
  to: number;
  /** Place of the port that it leaves by. */
  port: number;
}

/**
 * The ways that a redrive to the source takes: from each dead-letter queue to every channel that its senders read, or
 * to the sender where that is the channel itself. A tool goes them in a real system, so no design shows them.
 */
export function waysBack({ nodes, edges, indexOf }: SimulatedDesign): WayBack[] {
  const into = new Map<string, string[]>();
  for (const { from, to } of edges) into.set(to, [...(into.get(to) ?? []), from]);
  const ofId = (id: string): DesignNode => nodes[indexOf.get(id)!];
  return nodes.flatMap((node, index) => {
    const port = outPort(node.kind, 'redriven');
    if (port < 0) return [];
    const senders = into.get(node.id) ?? [];
    const sources = senders.flatMap((id) => (takesRedriven(ofId(id)) ? [id] : (into.get(id) ?? [])));
    const targets = [...new Set(sources)].filter((id) => takesRedriven(ofId(id)));
    return targets.map((id) => ({ from: index, to: indexOf.get(id)!, port }));
  });
}

function outPort(kind: string, role: PortRole): number {
  const ports = kindDefinition(kind)?.ports ?? [];
  return ports.findIndex(({ direction, roles }) => direction === 'out' && roles.includes(role));
}

function takesRedriven({ kind }: DesignNode): boolean {
  const ports = kindDefinition(kind)?.ports ?? [];
  return ports.some(({ direction, roles }) => direction === 'in' && roles.includes('redriven'));
}
