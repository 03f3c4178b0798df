import type { DesignNode, Json } from '../../design/types.ts';
import type { FaultSite } from '../../kinds/fault-site.ts';
import type { FaultDefinition } from '../../kinds/kind.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import type { ActiveFault, FaultPlace } from '../../store/run-store.ts';
import { badgeText } from '../inspector/fault-text.ts';

/** A line of the Break menu: ends a fault in force, injects one at once, or asks for its values first. */
export type BreakEntry =
  | { type: 'heal'; label: string; faultId: string }
  | { type: 'inject'; label: string; fault: string; args: Readonly<Record<string, Json>> }
  | { type: 'ask'; label: string; fault: string };

/** More members than this are not listed one by one. */
const MEMBERS_LISTED = 8;

/** Where a fault of this node or edge strikes. */
export function placeOf({ node, edge }: FaultSite): FaultPlace {
  return node ? node.id : { edge: edge!.id };
}

/** What can be broken in a node or an edge and what can be healed, ways back first. */
export function breakEntries(site: FaultSite, activeFaults: readonly ActiveFault[]): BreakEntry[] {
  const { node, edge, faults } = site;
  const active = activeFaults.filter((fault) => fault.node === node?.id && fault.edge === edge?.id);
  const heals = active.flatMap((fault): BreakEntry[] => {
    const known = faults.find((one) => one.id === fault.fault);
    if (!known) return [];
    return [
      { type: 'heal', label: `${known.healLabel} (${badgeText(known, fault.args)})`, faultId: fault.id },
    ];
  });
  return [...heals, ...faults.flatMap((fault) => injections(site, fault, active))];
}

function injections(
  { node, faults }: FaultSite,
  fault: FaultDefinition,
  active: readonly ActiveFault[],
): BreakEntry[] {
  const inForce = active.filter((one) => one.fault === fault.id);
  const isOfMember = fault.fields.some(({ name }) => name === 'member');
  if (node && isOfMember) {
    const members = memberCount(node);
    // One such fault is listed member by member, not all of them.
    const isListed = fault === faults[0] && fault.fields.length === 1 && members <= MEMBERS_LISTED;
    if (!isListed) return [{ type: 'ask', label: `${fault.label}…`, fault: fault.id }];
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

function memberCount(node: DesignNode): number {
  const fields = kindDefinition(node.kind)?.fields ?? [];
  const value = node.fields.members ?? fields.find((field) => field.name === 'members')?.default;
  return typeof value === 'number' && value > 0 ? Math.round(value) : 1;
}
