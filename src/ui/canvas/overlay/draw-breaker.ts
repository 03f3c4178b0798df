import { BREAKER_LIGHTS, GUARD } from '../../../simulation/frame/frame-layout.ts';
import type { ColorToken } from '../../look/tokens.ts';
import { placeOnPath } from '../path-table.ts';
import type { FrameIndex } from './frame-index.ts';
import type { Pen } from './pen.ts';
import type { SceneEdge } from './scene.ts';

/** A state of a circuit breaker that is drawn. */
export type BreakerLight = Exclude<(typeof BREAKER_LIGHTS)[number], 'none'>;

/** Colour and lever of a switch on a 22 grid: told by its shape as well as by its colour. */
const LOOK: Readonly<Record<BreakerLight, { tone: ColorToken; lever: readonly [x: number, y: number] }>> = {
  closed: { tone: 'flow', lever: [16, 11] },
  'half-open': { tone: 'pressure', lever: [15.6, 8] },
  open: { tone: 'dead-letter', lever: [13.6, 5] },
};
const SIZE = 22;
/** How far along the edge it sits: at the door of the caller, where the edge's label does not reach. */
const DISTANCE = 18;

/** The state of the circuit breaker on an edge; null for an edge without one. */
export function breakerLight(index: FrameIndex, data: Float64Array, edge: string): BreakerLight | null {
  const guard = index.guard.get(edge);
  if (guard === undefined) return null;
  const light = BREAKER_LIGHTS[data[index.layout.guard(guard) + GUARD.breaker]];
  return light === 'none' ? null : light;
}

/** A switch on a plate at the start of the edge. Held readable from afar, as every exception is. */
export function drawBreaker(pen: Pen, { geometry }: SceneEdge, light: BreakerLight): void {
  const { ctx, colors, zoom, detail } = pen;
  const { tone, lever } = LOOK[light];
  const spot = { x: 0, y: 0 };
  placeOnPath(geometry.table, Math.min(0.5, DISTANCE / geometry.table.length), spot);
  const scale = detail === 'full' ? Math.max(1, 0.92 / zoom) : (detail === 'short' ? 0.82 : 0.64) / zoom;
  ctx.save();
  ctx.translate(spot.x, spot.y);
  ctx.scale(scale, scale);
  ctx.translate(-SIZE / 2, -SIZE / 2);
  ctx.beginPath();
  ctx.arc(SIZE / 2, SIZE / 2, SIZE / 2, 0, 2 * Math.PI);
  ctx.fillStyle = colors.surface;
  ctx.fill();
  ctx.strokeStyle = colors[tone];
  ctx.lineWidth = 1.5;
  ctx.stroke();
  ctx.lineWidth = 2;
  ctx.lineCap = 'round';
  ctx.beginPath();
  ctx.moveTo(6, 11);
  ctx.lineTo(lever[0], lever[1]);
  ctx.stroke();
  ctx.fillStyle = colors[tone];
  ctx.beginPath();
  ctx.arc(6, 11, 2, 0, 2 * Math.PI);
  ctx.arc(16, 11, 2, 0, 2 * Math.PI);
  ctx.fill();
  ctx.restore();
}
