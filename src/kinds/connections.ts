import type { PortDefinition } from './kind.ts';
import { kindDefinition } from './registry.ts';

/** A pair of ports that may be joined. */
export interface Connection {
  fromPort: string;
  toPort: string;
}

/** Every way to join an out port of one kind to an in port of another, best first; empty if none. */
export function possibleConnections(fromKind: string, toKind: string): Connection[] {
  const from = kindDefinition(fromKind);
  const to = kindDefinition(toKind);
  if (!from || !to) return [];
  const found: Connection[] = [];
  for (const source of from.ports.filter((port) => port.direction === 'out')) {
    for (const target of to.ports.filter((port) => port.direction === 'in')) {
      if (accepts(source, target)) found.push({ fromPort: source.id, toPort: target.id });
    }
  }
  return found;
}

/** Whether an edge from this port carries no message, but says where a topic is kept. */
export function saysWhereKept(fromKind: string, fromPort: string): boolean {
  const ports: readonly PortDefinition[] = kindDefinition(fromKind)?.ports ?? [];
  return ports.some(({ id, roles }) => id === fromPort && roles.includes('kept'));
}

/** Why two kinds cannot be joined in this direction: "A queue cannot feed a producer. Producers only send." */
export function refusalSentence(fromKind: string, toKind: string): string {
  const from = kindDefinition(fromKind);
  const to = kindDefinition(toKind);
  const fromName = from ? withArticle(from.name) : `A node of the unknown kind ${fromKind}`;
  const toName = to ? withArticle(to.name).toLowerCase() : `a node of the unknown kind ${toKind}`;
  return `${fromName} cannot feed ${toName}. ${to?.refusal ?? 'This version does not know what it takes.'}`;
}

function accepts(source: PortDefinition, target: PortDefinition): boolean {
  return source.roles.some((role) => target.roles.includes(role));
}

/** "A queue", "An exchange". */
export function withArticle(name: string): string {
  const article = /^[aeiou]/i.test(name) ? 'An' : 'A';
  return `${article} ${name.toLowerCase()}`;
}
