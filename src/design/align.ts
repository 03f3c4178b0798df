import type { Edit } from './edits.ts';
import type { Design, NodePlace } from './types.ts';

/** Ways to line up cards. */
export type Alignment =
  'left' | 'center' | 'right' | 'top' | 'middle' | 'bottom' | 'spread-across' | 'spread-down';

export interface CardSize {
  width: number;
  height: number;
}

/**
 * The edit that lines up cards with the box around them, or gives equal gaps between them; null if there is
 * nothing to do: fewer than two cards, fewer than three to spread, or all in line already.
 */
export function alignEdit(
  design: Design,
  nodes: Iterable<string>,
  how: Alignment,
  sizes: ReadonlyMap<string, CardSize>,
): Edit | null {
  const chosen = new Set(nodes);
  const cards = design.layout.nodes
    .filter(({ id }) => chosen.has(id) && sizes.has(id))
    .map(({ id, x, y }) => ({ id, x, y, ...sizes.get(id)! }));
  const places = how === 'spread-across' || how === 'spread-down' ? spread(cards, how) : lineUp(cards, how);
  const before = new Map(cards.map((card) => [card.id, card]));
  const moved = places.filter(({ id, x, y }) => x !== before.get(id)!.x || y !== before.get(id)!.y);
  return moved.length === 0 ? null : { type: 'move', places: moved };
}

type Card = NodePlace & CardSize;

function lineUp(
  cards: readonly Card[],
  how: Exclude<Alignment, 'spread-across' | 'spread-down'>,
): NodePlace[] {
  if (cards.length < 2) return [];
  const left = Math.min(...cards.map((card) => card.x));
  const right = Math.max(...cards.map((card) => card.x + card.width));
  const top = Math.min(...cards.map((card) => card.y));
  const bottom = Math.max(...cards.map((card) => card.y + card.height));
  return cards.map(({ id, x, y, width, height }) => {
    switch (how) {
      case 'left':
        return { id, x: left, y };
      case 'center':
        return { id, x: Math.round((left + right - width) / 2), y };
      case 'right':
        return { id, x: right - width, y };
      case 'top':
        return { id, x, y: top };
      case 'middle':
        return { id, x, y: Math.round((top + bottom - height) / 2) };
      case 'bottom':
        return { id, x, y: bottom - height };
    }
  });
}

/** The first and the last card stay; those between get equal gaps, in the order in which they lie. */
function spread(cards: readonly Card[], how: 'spread-across' | 'spread-down'): NodePlace[] {
  if (cards.length < 3) return [];
  const across = how === 'spread-across';
  const start = (card: Card) => (across ? card.x : card.y);
  const length = (card: Card) => (across ? card.width : card.height);
  const inOrder = [...cards].sort(
    (a, b) => start(a) - start(b) || start(a) + length(a) - start(b) - length(b),
  );
  const first = inOrder[0];
  const last = inOrder[inOrder.length - 1];
  const filled = inOrder.slice(0, -1).reduce((sum, card) => sum + length(card), 0);
  const gap = (start(last) - start(first) - filled) / (inOrder.length - 1);
  let next = start(first);
  return inOrder.map((card) => {
    const at = card === last ? start(last) : Math.round(next);
    next += length(card) + gap;
    return across ? { id: card.id, x: at, y: card.y } : { id: card.id, x: card.x, y: at };
  });
}
