import { kindDefinition } from './registry.ts';

/** True for a kind with partitions: one that gives records. */
export function isLog(kind: string): boolean {
  return hasPort(kind, 'out', 'records');
}

/** True for a kind with members: one that takes records. */
export function isGroup(kind: string): boolean {
  return hasPort(kind, 'in', 'records');
}

/** True for a kind that holds messages for consumers which compete. */
export function isQueue(kind: string): boolean {
  return hasPort(kind, 'out', 'deliveries');
}

function hasPort(kind: string, direction: 'in' | 'out', role: 'records' | 'deliveries'): boolean {
  const ports = kindDefinition(kind)?.ports ?? [];
  return ports.some((port) => port.direction === direction && port.roles.includes(role));
}
