import type { Json } from '../../design/types.ts';
import type { FaultDefinition } from '../../kinds/kind.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import { plainJson } from './plain-json.ts';

/** The badge of a fault with its values filled in: "{factor}× slower" with `{ factor: 8 }` gives "8× slower". */
export function badgeText(definition: FaultDefinition, args: Readonly<Record<string, Json>>): string {
  return definition.badge.replace(/\{(\w+)\}/g, (_, field: string) => {
    const fallback = definition.fields.find((candidate) => candidate.name === field)?.default;
    return plainJson(args[field] ?? fallback ?? '');
  });
}

/** The definition of a fault of a kind, or undefined for one that this version does not know. */
export function faultDefinition(kind: string, fault: string): FaultDefinition | undefined {
  return kindDefinition(kind)?.faults.find((candidate) => candidate.id === fault);
}

/** "billing: m3 crashed", for the timeline and lists where the node is not already named. */
export function faultLabel(
  nodeName: string,
  kind: string,
  fault: string,
  args: Readonly<Record<string, Json>>,
): string {
  const definition = faultDefinition(kind, fault);
  const badge = definition ? badgeText(definition, args) : fault;
  return `${nodeName}: ${badge}`;
}
