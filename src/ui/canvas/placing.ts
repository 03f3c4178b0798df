import { kindDefinition } from '../../kinds/registry.ts';
import type { Studio } from '../../store/studio.ts';
import { cardSize, UNKNOWN_CARD } from '../../kinds/card-size.ts';
import type { Rect } from './edge-routes.ts';
import { nodePlaces, type Place } from './flow-elements.ts';

/** Type of what is dragged out of the palette. */
export const KIND_DRAG_TYPE = 'application/x-spillway-kind';

const GRID = 8;
const GAP = 24;
/** How far and how finely a free place is looked for around the middle of the view. */
const RINGS = 30;
const RING_STEP = 32;
const viewCentres = new WeakMap<Studio, () => Place>();

/** The canvas of a studio says where the middle of its view is. Returns the way to take it back. */
export function registerViewCentre(studio: Studio, centre: () => Place): () => void {
  viewCentres.set(studio, centre);
  return () => viewCentres.delete(studio);
}

/** Adds a node whose card has its middle at a place in canvas units, on the grid. */
export function placeAt(studio: Studio, kind: string, middle: Place): string {
  const card = kindDefinition(kind)?.card ?? UNKNOWN_CARD;
  const at = { x: snap(middle.x - card.width / 2), y: snap(middle.y - card.height / 2) };
  studio.view.setState({ placing: null });
  return studio.edit.addNode(kind, at);
}

/** Adds a node in the middle of the view, or as near to it as leaves the cards there uncovered. */
export function placeInView(studio: Studio, kind: string): string {
  const middle = viewCentres.get(studio)?.() ?? { x: 0, y: 0 };
  const size = kindDefinition(kind)?.card ?? UNKNOWN_CARD;
  return placeAt(studio, kind, freePlace(middle, size, cardRects(studio)));
}

/** Where the cards of the design lie. */
export function cardRects(studio: Studio): Rect[] {
  const { design } = studio.designs.getState();
  const places = nodePlaces(design);
  return design.nodes.map((node) => ({
    x: 0,
    y: 0,
    ...places.get(node.id),
    ...cardSize(node, design.scenario.faults),
  }));
}

/** The place nearest to a wish where a card of this size keeps its distance from all others. */
export function freePlace(
  wish: Place,
  size: { width: number; height: number },
  taken: readonly Rect[],
): Place {
  const isFree = ({ x, y }: Place) =>
    taken.every(
      (card) =>
        x - size.width / 2 >= card.x + card.width + GAP ||
        x + size.width / 2 + GAP <= card.x ||
        y - size.height / 2 >= card.y + card.height + GAP ||
        y + size.height / 2 + GAP <= card.y,
    );
  for (let ring = 0; ring <= RINGS; ring++) {
    const reach = ring * RING_STEP;
    for (let turn = 0; turn < Math.max(1, ring * 8); turn++) {
      const angle = (turn / Math.max(1, ring * 8)) * 2 * Math.PI + Math.PI / 2;
      const place = { x: wish.x + Math.cos(angle) * reach, y: wish.y + Math.sin(angle) * reach };
      if (isFree(place)) return place;
    }
  }
  return wish;
}

function snap(value: number): number {
  return Math.round(value / GRID) * GRID;
}
