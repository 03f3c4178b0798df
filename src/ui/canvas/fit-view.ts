import type { Rect } from './edge-routes.ts';

/** Where the world lies in the pane: screen = canvas × zoom + (x, y). */
export interface View {
  x: number;
  y: number;
  zoom: number;
}

interface Pane {
  width: number;
  height: number;
  /** Places that cards should not lie under, in pane px: the key of message types, the zoom buttons. */
  keepClear: readonly Rect[];
}

export const ZOOM_MIN = 0.05;
export const ZOOM_MAX = 2;
/** Fitting never enlarges beyond this. */
const FIT_ZOOM_MAX = 1.1;
const MARGIN = 20;

/**
 * The view that shows all cards as large as possible with none under the key or the zoom buttons. Where cards have
 * room to shift they dodge; where not, the fit keeps clear of a strip at the left or the bottom.
 */
export function fitView(cards: readonly Rect[], pane: Pane): View {
  if (cards.length === 0 || pane.width <= 0 || pane.height <= 0) return { x: 0, y: 0, zoom: 1 };
  const world = bounds(cards);
  const left = Math.max(
    0,
    ...pane.keepClear.filter((one) => one.x < pane.width / 2).map((one) => one.x + one.width),
  );
  const bottom = Math.max(0, ...pane.keepClear.map((one) => pane.height - one.y));
  const insets = [
    { left: 0, bottom: 0 },
    { left, bottom: 0 },
    { left: 0, bottom },
  ];
  let best: View | null = null;
  let widest: View | null = null;
  for (const inset of insets) {
    for (const across of [0.5, 1, 0]) {
      for (const down of [0.5, 0.25, 0, 0.75, 1]) {
        const view = place(world, pane, inset, across, down);
        if (!widest || view.zoom > widest.zoom) widest = view;
        if ((!best || view.zoom > best.zoom * 1.02) && isClear(cards, view, pane)) best = view;
      }
    }
  }
  return best ?? widest ?? { x: 0, y: 0, zoom: 1 };
}

function place(
  world: Rect,
  pane: Pane,
  inset: { left: number; bottom: number },
  across: number,
  down: number,
): View {
  const width = Math.max(1, pane.width - inset.left - 2 * MARGIN);
  const height = Math.max(1, pane.height - inset.bottom - 2 * MARGIN);
  const zoom = Math.max(ZOOM_MIN, Math.min(FIT_ZOOM_MAX, width / world.width, height / world.height));
  return {
    zoom,
    x: Math.round(inset.left + MARGIN + (width - world.width * zoom) * across - world.x * zoom),
    y: Math.round(MARGIN + (height - world.height * zoom) * down - world.y * zoom),
  };
}

function isClear(cards: readonly Rect[], view: View, pane: Pane): boolean {
  return pane.keepClear.every((clear) =>
    cards.every((card) => {
      const x = card.x * view.zoom + view.x;
      const y = card.y * view.zoom + view.y;
      return (
        x > clear.x + clear.width ||
        x + card.width * view.zoom < clear.x ||
        y > clear.y + clear.height ||
        y + card.height * view.zoom < clear.y
      );
    }),
  );
}

/** The box around all cards, with room for the badges that straddle their top edges. */
function bounds(cards: readonly Rect[]): Rect {
  const left = Math.min(...cards.map((card) => card.x));
  const top = Math.min(...cards.map((card) => card.y)) - 12;
  const right = Math.max(...cards.map((card) => card.x + card.width));
  const bottom = Math.max(...cards.map((card) => card.y + card.height));
  return { x: left, y: top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}
