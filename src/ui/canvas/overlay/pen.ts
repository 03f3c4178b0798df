import { FONT, type Colors } from '../../look/tokens.ts';
import { detailAt, textSize, type Detail } from '../level-of-detail.ts';

/** What every drawing function needs: where to draw, in which colours, how close. Units are those of the canvas. */
export interface Pen {
  ctx: CanvasRenderingContext2D;
  colors: Colors;
  zoom: number;
  detail: Detail;
  hatch: CanvasPattern | string;
}

/** A pen for one drawing at a zoom. */
export function makePen(
  ctx: CanvasRenderingContext2D,
  colors: Colors,
  zoom: number,
  hatch: CanvasPattern | string,
): Pen {
  return { ctx, colors, zoom, detail: detailAt(zoom), hatch };
}

/** Sets size (held readable at the pen's zoom), weight and colour of the text to come; returns the size in use. */
export function setText(pen: Pen, size: number, weight: number, color: string): number {
  const used = textSize(size, pen.zoom);
  pen.ctx.font = `${weight} ${used}px ${FONT}`;
  pen.ctx.fillStyle = color;
  return used;
}

/** Draws text that ends at most at `room` units to the right, cut with … where it must be. Returns its width. */
export function fitText(pen: Pen, text: string, x: number, y: number, room: number): number {
  const { ctx } = pen;
  let width = ctx.measureText(text).width;
  let shown = text;
  while (width > room && shown.length > 1) {
    shown = `${shown.slice(0, -2).trimEnd()}…`;
    width = ctx.measureText(shown).width;
  }
  if (width > room) return 0;
  ctx.fillText(shown, x, y);
  return width;
}

/** 45° stripes of the surface colour over a saturated level: saturation is told by pattern first. */
export function makeHatch(ctx: CanvasRenderingContext2D, colors: Colors): CanvasPattern | string {
  const tile = document.createElement('canvas');
  const size = 14;
  tile.width = size;
  tile.height = size;
  const brush = tile.getContext('2d');
  if (!brush) return 'transparent';
  brush.globalAlpha = 0.55;
  brush.strokeStyle = colors.surface;
  brush.lineWidth = 3.6;
  brush.beginPath();
  for (const shift of [-size, 0, size]) {
    brush.moveTo(shift - 2, size + 2);
    brush.lineTo(shift + size + 2, -2);
  }
  brush.stroke();
  const pattern = ctx.createPattern(tile, 'repeat');
  // Drawn at twice its size, so that it stays sharp on dense screens.
  pattern?.setTransform(new DOMMatrix([0.5, 0, 0, 0.5, 0, 0]));
  return pattern ?? 'transparent';
}
