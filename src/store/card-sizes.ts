import type { CardSize } from '../design/align.ts';
import type { Design, DesignNode } from '../design/types.ts';
import { kindDefinition } from '../kinds/registry.ts';

/** Most lanes that a card is drawn with. */
const MOST_LANES = 8;
/** A node of an unknown kind is drawn this large. */
const UNKNOWN: CardSize = { width: 176, height: 68 };

/** Size of each node's card in canvas units, for lining up. */
export function cardSizes(design: Design): Map<string, CardSize> {
  return new Map(design.nodes.map((node) => [node.id, cardSize(node)]));
}

function cardSize(node: DesignNode): CardSize {
  const definition = kindDefinition(node.kind);
  if (!definition) return UNKNOWN;
  const { width, height, perLane } = definition.card;
  if (perLane === undefined) return { width, height };
  const standard = definition.fields.find(({ name }) => name === 'partitions')?.default;
  const lanes = Number(node.fields.partitions ?? standard ?? 0);
  return { width, height: height + perLane * Math.min(MOST_LANES, Number.isFinite(lanes) ? lanes : 0) };
}
