import {
  CENTRE_RADIUS,
  DEAD_PATH,
  LOOK_DEAD,
  LOOK_RETRY,
  lookParts,
  MESSAGE_SHAPES,
  SHAPE_PATHS,
} from '../../look/particle-shapes.ts';
import type { ColorToken, Colors } from '../../look/tokens.ts';

/** Half the side of a sprite in canvas units: shape, halo and the second outline of a bundle. */
const REACH = 9;
/** A particle is 9 px at zoom 1 and never below 5 on screen. */
const SMALLEST_SCALE = 5 / 9;

/** The looks of particles, each drawn once for a zoom, a screen density and a theme, then stamped. */
export interface Sprites {
  key: string;
  image(look: number): HTMLCanvasElement;
  /** Side of an image in device pixels. */
  side: number;
}

/** Sprites for a zoom and density; the ones given are returned as they are while they still fit. */
export function makeSprites(
  before: Sprites | null,
  colors: Colors,
  zoom: number,
  density: number,
  bundled: boolean,
): Sprites {
  const scale = Math.max(zoom, SMALLEST_SCALE) * density;
  const key = `${Math.round(scale * 50)} ${bundled} ${colors.canvas} ${colors['msg-1']}`;
  if (before?.key === key) return before;
  const side = Math.ceil(REACH * 2 * scale);
  const images: HTMLCanvasElement[] = [];
  const image = (look: number) => (images[look] ??= drawSprite(look));
  function drawSprite(look: number): HTMLCanvasElement {
    const canvas = document.createElement('canvas');
    canvas.width = side;
    canvas.height = side;
    const ctx = canvas.getContext('2d');
    if (ctx) {
      ctx.translate(side / 2, side / 2);
      ctx.scale(scale, scale);
      drawLook(ctx, look, colors, bundled);
    }
    return canvas;
  }
  return { key, image, side };
}

function drawLook(ctx: CanvasRenderingContext2D, look: number, colors: Colors, bundled: boolean): void {
  ctx.lineJoin = 'round';
  ctx.lineCap = 'round';
  if (look === LOOK_RETRY) return drawRetry(ctx, colors);
  if (look === LOOK_DEAD) return drawDead(ctx, colors);
  const parts = lookParts(look);
  const shape = new Path2D(SHAPE_PATHS[MESSAGE_SHAPES[parts.shape]]);
  const color = colors[`msg-${parts.shape + 1}` as ColorToken];
  if (bundled) {
    // A smaller dot with a thin ring: as large as a single one, so that a busy edge stays readable.
    ctx.scale(0.72, 0.72);
    ctx.lineWidth = 8;
    ctx.strokeStyle = colors.canvas;
    ctx.stroke(shape);
    ctx.lineWidth = 5.4;
    ctx.strokeStyle = color;
    ctx.stroke(shape);
  }
  ctx.lineWidth = 3;
  ctx.strokeStyle = colors.canvas;
  ctx.stroke(shape);
  ctx.fillStyle = parts.outlined ? colors.canvas : color;
  ctx.fill(shape);
  if (parts.outlined) {
    ctx.lineWidth = 2;
    ctx.strokeStyle = color;
    ctx.stroke(shape);
  }
  if (parts.lightCentre) {
    circle(ctx, CENTRE_RADIUS);
    ctx.fillStyle = parts.outlined ? color : colors.canvas;
    ctx.fill();
  }
}

function drawRetry(ctx: CanvasRenderingContext2D, colors: Colors): void {
  circle(ctx, 4.2);
  ctx.fillStyle = colors.surface;
  ctx.fill();
  ctx.strokeStyle = colors.retry;
  ctx.lineWidth = 2.2;
  ctx.stroke();
  circle(ctx, 1.4);
  ctx.fillStyle = colors.retry;
  ctx.fill();
}

function drawDead(ctx: CanvasRenderingContext2D, colors: Colors): void {
  circle(ctx, 6);
  ctx.fillStyle = colors.canvas;
  ctx.fill();
  ctx.strokeStyle = colors['dead-letter'];
  ctx.lineWidth = 2.6;
  ctx.stroke(new Path2D(DEAD_PATH));
}

function circle(ctx: CanvasRenderingContext2D, radius: number): void {
  ctx.beginPath();
  ctx.arc(0, 0, radius, 0, 7);
}
