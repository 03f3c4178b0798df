import { kindDefinition } from '../../kinds/registry.ts';
import type { Studio } from '../../store/studio.ts';
import type { Place } from './flow-elements.ts';

/** Type of what is dragged out of the palette. */
export const KIND_DRAG_TYPE = 'application/x-spillway-kind';

const GRID = 8;
const viewCentres = new WeakMap<Studio, () => Place>();

/** The canvas of a studio says where the middle of its view is. Returns the way to take it back. */
export function registerViewCentre(studio: Studio, centre: () => Place): () => void {
  viewCentres.set(studio, centre);
  return () => viewCentres.delete(studio);
}

/** Adds a node whose card has its middle at a place in canvas units, on the grid. */
export function placeAt(studio: Studio, kind: string, middle: Place): string {
  const card = kindDefinition(kind)?.card ?? { width: 168, height: 68 };
  const at = { x: snap(middle.x - card.width / 2), y: snap(middle.y - card.height / 2) };
  studio.view.setState({ placing: null });
  return studio.edit.addNode(kind, at);
}

/** Adds a node in the middle of the view, or as near to it as leaves the cards there uncovered. */
export function placeInView(studio: Studio, kind: string): string {
  const middle = viewCentres.get(studio)?.() ?? { x: 0, y: 0 };
  const taken = studio.designs.getState().design.layout.nodes;
  const card = kindDefinition(kind)?.card ?? { width: 168, height: 68 };
  let step = 0;
  const covers = (place: Place) =>
    taken.some(
      (one) =>
        Math.abs(one.x + card.width / 2 - place.x) < 96 && Math.abs(one.y + card.height / 2 - place.y) < 64,
    );
  const place = { ...middle };
  while (covers(place) && step < 40) {
    step += 1;
    place.y = middle.y + step * 24;
  }
  return placeAt(studio, kind, place);
}

function snap(value: number): number {
  return Math.round(value / GRID) * GRID;
}
