import type { DesignEdge, DesignNode, Json, ScheduledFault } from '../../design/types.ts';
import { edgeFaultsOf } from '../../kinds/edge-faults.ts';
import { ownDice, type Dice } from './dice.ts';

/** Share of the designs whose network is in trouble. */
const SHARE = 0.5;

/** Faults of edges, planned by the scenario: in some designs none, in others up to four. */
export function drawLinkFaults(
  nodes: readonly DesignNode[],
  edges: readonly DesignEdge[],
  activeMs: number,
  seed: number,
): ScheduledFault[] {
  const dice = ownDice(seed, 'links');
  const nodeOf = (id: string) => nodes.find((node) => node.id === id);
  const able = edges.flatMap((edge) => {
    const faults = edgeFaultsOf(edge, { from: nodeOf(edge.from), to: nodeOf(edge.to) });
    return faults.length > 0 ? [{ edge, faults }] : [];
  });
  if (able.length === 0 || !dice.chance(SHARE)) return [];
  return Array.from({ length: 1 + dice.below(4) }, (_, at) => {
    const { edge, faults } = dice.pick(able);
    const fault = dice.pick(faults).id;
    return {
      id: `l${at}`,
      atMs: dice.below(activeMs),
      ...(dice.chance(0.8) ? { forMs: 1 + dice.below(activeMs / 2) } : {}),
      edge: edge.id,
      fault,
      args: drawArgs(dice, fault),
    };
  });
}

function drawArgs(dice: Dice, fault: string): Record<string, Json> {
  if (fault === 'partition') return {};
  if (fault !== 'delay') return { share: dice.pick([0.05, 0.5, 1]) };
  return { time: { shape: dice.pick(['constant', 'exponential']), mean: dice.pick([0, 1, 20]) } };
}
