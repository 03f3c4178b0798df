import type { DesignNode, Json } from '../../design/types.ts';
import type { FaultDefinition, KindDefinition } from '../../kinds/kind.ts';
import type { ActiveFault } from '../../store/run-store.ts';
import { badgeText } from '../inspector/fault-text.ts';

/** A line of the Break menu: ends a fault in force, injects one at once, or asks for its values first. */
export type BreakEntry =
  | { type: 'heal'; label: string; faultId: string }
  | { type: 'inject'; label: string; fault: string; args: Readonly<Record<string, Json>> }
  | { type: 'ask'; label: string; fault: string };

/** More members than this are not listed one by one. */
const MEMBERS_LISTED = 8;

/** What can be broken in a node and what can be healed, ways back first. */
export function breakEntries(
  definition: KindDefinition,
  node: DesignNode,
  activeFaults: readonly ActiveFault[],
): BreakEntry[] {
  const active = activeFaults.filter((fault) => fault.node === node.id);
  const heals = active.flatMap((fault): BreakEntry[] => {
    const known = definition.faults.find((one) => one.id === fault.fault);
    if (!known) return [];
    return [
      { type: 'heal', label: `${known.healLabel} (${badgeText(known, fault.args)})`, faultId: fault.id },
    ];
  });
  return [...heals, ...definition.faults.flatMap((fault) => injections(definition, node, fault, active))];
}

function injections(
  definition: KindDefinition,
  node: DesignNode,
  fault: FaultDefinition,
  active: readonly ActiveFault[],
): BreakEntry[] {
  const inForce = active.filter((one) => one.fault === fault.id);
  if (fault.fields.length === 1 && fault.fields[0].name === 'member') {
    const members = memberCount(definition, node);
    if (members > MEMBERS_LISTED) return [{ type: 'ask', label: `${fault.label}…`, fault: fault.id }];
    const down = new Set(inForce.map((one) => one.args.member));
    return Array.from({ length: members }, (_unused, index) => index + 1)
      .filter((member) => !down.has(member))
      .map((member) => ({
        type: 'inject',
        label: `${fault.label.replace(/ a member$/, '')} m${member}`,
        fault: fault.id,
        args: { member },
      }));
  }
  if (inForce.length > 0) return [];
  if (fault.fields.length === 0) return [{ type: 'inject', label: fault.label, fault: fault.id, args: {} }];
  return [{ type: 'ask', label: `${fault.label}…`, fault: fault.id }];
}

function memberCount(definition: KindDefinition, node: DesignNode): number {
  const value = node.fields.members ?? definition.fields.find((field) => field.name === 'members')?.default;
  return typeof value === 'number' && value > 0 ? Math.round(value) : 1;
}
