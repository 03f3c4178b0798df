import type { Design, DesignNode, Json, ScheduledFault } from '../design/types.ts';
import { kindDefinition } from './registry.ts';

/** Most lanes drawn one by one; a topic with more shows its six worst and says how many are left. */
export const LANES_MAX = 8;
export const WORST_LANES = 6;

/** A node of a kind that this version does not know. */
export const UNKNOWN_CARD = { width: 176, height: 68 };

/** How many lanes a node's card has: 0 for a kind without lanes. */
export function laneCount(node: DesignNode): number {
  const definition = kindDefinition(node.kind);
  if (!definition?.card.perLane) return 0;
  const field = definition.fields.find((one) => one.name === 'partitions');
  const value = node.fields.partitions ?? field?.default;
  return typeof value === 'number' && Number.isFinite(value) ? Math.max(1, Math.round(value)) : 1;
}

/** How many lanes a node's card has room for: those of partitions that may be added, or are to be, too. */
export function laneRoom(node: DesignNode, planned: readonly ScheduledFault[] = []): number {
  const lanes = laneCount(node);
  if (lanes === 0) return 0;
  const counts = planned.map((fault) =>
    fault.node === node.id && fault.fault === 'add-partitions' ? fault.args.partitions : 0,
  );
  return Math.max(lanes, ...[node.fields.growsTo, ...counts].map(wholeOr0));
}

function wholeOr0(value: Json | undefined): number {
  return typeof value === 'number' && Number.isInteger(value) ? value : 0;
}

/** Size of a node's card in canvas units, from its kind and its number of lanes, and what the scenario adds to those. */
export function cardSize(
  node: DesignNode,
  planned: readonly ScheduledFault[] = [],
): { width: number; height: number } {
  return sizeWithLanes(node, laneRoom(node, planned));
}

/** The same for a card with so many lanes. */
export function sizeWithLanes({ kind }: DesignNode, lanes: number): { width: number; height: number } {
  const card = kindDefinition(kind)?.card;
  if (!card) return UNKNOWN_CARD;
  return { width: card.width, height: card.height + (card.perLane ?? 0) * Math.min(LANES_MAX, lanes) };
}

/** The height alone, for who places cards. */
export function cardHeight(node: DesignNode, planned: readonly ScheduledFault[]): number {
  return cardSize(node, planned).height;
}

/** Size of each node's card, for lining up. */
export function cardSizes(design: Design): Map<string, { width: number; height: number }> {
  return new Map(design.nodes.map((node) => [node.id, cardSize(node, design.scenario.faults)]));
}
