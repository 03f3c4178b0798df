import type { Design, Json, ScheduledFault } from '../../design/types.ts';
import { siteOf } from '../../kinds/fault-site.ts';
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

/** "billing: m3 crashed", for the timeline and lists where the place is not already named. */
export function faultLabel(
  design: Pick<Design, 'nodes' | 'edges'>,
  { node, edge, fault, args }: Pick<ScheduledFault, 'node' | 'edge' | 'fault' | 'args'>,
): string {
  const site = siteOf({ node, edge }, design);
  const definition = site?.faults.find((candidate) => candidate.id === fault);
  const badge = definition ? badgeText(definition, args) : fault;
  return `${site?.name ?? node ?? edge}: ${badge}`;
}
