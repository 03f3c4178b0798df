import type { EnginePlan } from '../../engine/plan.ts';
import { EDGE_ROLE } from './edge-roles.ts';
import type { NodeConfig } from './node-config.ts';

/** A queue whose dead letters go to an exchange, and the routing key that they get; empty for the one that they have. */
export interface DeadLetterKey {
  queue: number;
  key: string;
}

/** Every queue with a dead-letter exchange. */
export function deadLetterKeys(
  plan: EnginePlan,
  configs: readonly NodeConfig[],
  role: Uint8Array,
): DeadLetterKey[] {
  const found: DeadLetterKey[] = [];
  const keys = configs.map(({ kind, fields }) =>
    kind === 'queue' ? (fields.deadLetterRoutingKey as string) : '',
  );
  for (let edge = 0; edge < plan.edgeCount; edge++) {
    const queue = plan.edgeFrom[edge];
    const isOne = role[edge] === EDGE_ROLE.dead && configs[queue].kind === 'queue';
    if (isOne && configs[plan.edgeTo[edge]].kind === 'exchange') found.push({ queue, key: keys[queue] });
  }
  return found;
}
