import type { DesignNode, Json, ScheduledFault } from '../../design/types.ts';
import { ownDice } from './dice.ts';

/** Of the designs with a group, this share have a member that is slow. */
const SHARE = 0.25;

/** Faults of single members that came later than the others. Has dice of its own, so that the rest of a seed stays. */
export function drawMemberFaults(
  nodes: readonly DesignNode[],
  activeMs: number,
  seed: number,
): ScheduledFault[] {
  const dice = ownDice(seed, 'members');
  const groups = nodes.filter(({ kind }) => kind === 'consumer-group');
  if (groups.length === 0 || !dice.chance(SHARE)) return [];
  return Array.from({ length: 1 + dice.below(2) }, (_, at) => {
    const group = dice.pick(groups);
    const member = 1 + dice.below(Number(group.fields.members ?? 3));
    const times = { atMs: dice.below(activeMs), forMs: 1 + dice.below(activeMs / 2) };
    const what: Record<string, Json> = dice.chance(0.6)
      ? { factor: dice.pick([1, 3, 20]) }
      : { direction: dice.pick(['late', 'early']), by: dice.pick([0, 50, 30_000]) };
    const fault = 'by' in what ? 'clock' : 'slow-member';
    return { id: `m${at}`, ...times, node: group.id, fault, args: { member, ...what } };
  });
}
