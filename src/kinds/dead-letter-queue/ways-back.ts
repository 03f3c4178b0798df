import type { EnginePlan } from '../../engine/plan.ts';
import { EDGE_ROLE } from '../shared/edge-roles.ts';

const NONE = -1;

/** The edges that lead from dead-letter queues: one to a target, if it was drawn, and one to each source. */
export class WaysBack {
  private readonly plan: EnginePlan;
  private readonly role: Uint8Array;
  private readonly drawnEdges: number;

  /** Edges from `drawnEdges` on lead to sources. */
  constructor(plan: EnginePlan, role: Uint8Array, drawnEdges: number) {
    this.plan = plan;
    this.role = role;
    this.drawnEdges = drawnEdges;
  }

  /** The edge to the target, if that is asked for and there is one, else the edge to the source; NONE for neither. */
  edge(node: number, source: number, toTarget: boolean): number {
    const { outEdges, outStart, edgeTo } = this.plan;
    let found = NONE;
    for (let at = outStart[node]; at < outStart[node + 1]; at++) {
      const edge = outEdges[at];
      if (this.role[edge] !== EDGE_ROLE.push) continue;
      const isDrawn = edge < this.drawnEdges;
      if (isDrawn && toTarget) return edge;
      if (edgeTo[edge] === source && (!isDrawn || found === NONE)) found = edge;
    }
    return found;
  }
}
