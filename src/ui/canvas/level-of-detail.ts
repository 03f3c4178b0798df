/** How much of a card is drawn: everything; name and one figure; tile and gauge; a block of family colour. */
export type Detail = 'full' | 'short' | 'tile' | 'block';

/** The level of detail at a zoom. Exceptions keep their badge at every level. */
export function detailAt(zoom: number): Detail {
  if (zoom >= 0.7) return 'full';
  if (zoom >= 0.4) return 'short';
  return zoom >= 0.2 ? 'tile' : 'block';
}

/** Smallest text on screen, in px: small text grows inside the card below zoom 1 to keep it. */
export const TEXT_MIN = 11;
/** Size on screen to which text is held between zoom 0.4 and 0.7. */
export const TEXT_SHORT = 12;

/** Text size in canvas units so that it is read at this zoom. */
export function textSize(size: number, zoom: number): number {
  return detailAt(zoom) === 'full' ? Math.max(size, TEXT_MIN / zoom) : TEXT_SHORT / zoom;
}
