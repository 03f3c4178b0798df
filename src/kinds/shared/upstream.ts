import type { EnginePlan } from '../../engine/plan.ts';

/** Of every node 1 if a path along the edges leads from it to a node for which `isTarget` holds, else 0. */
export function leadsTo(plan: EnginePlan, isTarget: (node: number) => boolean): Uint8Array {
  const leads = new Uint8Array(plan.nodeCount);
  const open: number[] = [];
  for (let node = 0; node < plan.nodeCount; node++) if (isTarget(node)) open.push(node);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (let at = plan.inStart[node]; at < plan.inStart[node + 1]; at++) {
      const from = plan.edgeFrom[plan.inEdges[at]];
      if (leads[from] === 1) continue;
      leads[from] = 1;
      open.push(from);
    }
  }
  return leads;
}
