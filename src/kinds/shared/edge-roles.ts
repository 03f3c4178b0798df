import type { EnginePlan } from '../../engine/plan.ts';
import type { KindDefinition, PortRole } from '../kind.ts';

/** What an edge does in a run. */
export const EDGE_ROLE = {
  /** Hands messages over to a channel. */
  push: 0,
  /** Calls a node that answers; the caller keeps the message. */
  call: 1,
  /** Takes away what failed. */
  dead: 2,
  /** A queue's messages for the consumers that compete for them. */
  deliveries: 3,
  /** A topic's partitions for a group. */
  records: 4,
  /** A binding: carries the messages that an exchange routes that way. */
  routed: 5,
  /** From an exchange to its alternate exchange. */
  unroutable: 6,
  /** Says where a topic is kept; such an edge is not part of a plan. */
  kept: 7,
} as const;

const ROLE_OF_PORT: Readonly<Record<PortRole, number>> = {
  messages: EDGE_ROLE.push,
  dead: EDGE_ROLE.dead,
  redriven: EDGE_ROLE.push,
  deliveries: EDGE_ROLE.deliveries,
  routed: EDGE_ROLE.routed,
  notifications: EDGE_ROLE.push,
  unroutable: EDGE_ROLE.unroutable,
  records: EDGE_ROLE.records,
  kept: EDGE_ROLE.kept,
};

/** The role of every edge: what its port gives, and whether the node at its end answers. */
export function edgeRoles(
  plan: EnginePlan,
  kinds: readonly KindDefinition[],
  answers: (kind: number) => boolean,
): Uint8Array {
  const roles = new Uint8Array(plan.edgeCount);
  for (let edge = 0; edge < plan.edgeCount; edge++) {
    const port = kinds[plan.kindOf[plan.edgeFrom[edge]]].ports[plan.edgePort[edge]];
    const role = ROLE_OF_PORT[port.roles[0]];
    const calls = role === EDGE_ROLE.push && answers(plan.kindOf[plan.edgeTo[edge]]);
    roles[edge] = calls ? EDGE_ROLE.call : role;
  }
  return roles;
}

/** Rows of edges, one row a node: the edges of node n are `edges[start[n]] … edges[start[n + 1] - 1]`. */
export interface EdgeRows {
  start: Int32Array;
  edges: Int32Array;
}

/** The edges that leave (or enter) each node and have one of the roles, in the order of the roles, then of the plan. */
export function edgesByRole(
  plan: EnginePlan,
  roleOf: Uint8Array,
  direction: 'in' | 'out',
  roles: readonly number[],
): EdgeRows {
  const from = direction === 'in' ? plan.inStart : plan.outStart;
  const all = direction === 'in' ? plan.inEdges : plan.outEdges;
  const start = new Int32Array(plan.nodeCount + 1);
  const edges: number[] = [];
  for (let node = 0; node < plan.nodeCount; node++) {
    for (const role of roles) {
      for (let at = from[node]; at < from[node + 1]; at++) {
        if (roleOf[all[at]] === role) edges.push(all[at]);
      }
    }
    start[node + 1] = edges.length;
  }
  return { start, edges: Int32Array.from(edges) };
}
