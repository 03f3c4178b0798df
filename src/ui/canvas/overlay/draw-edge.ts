import { perSecond } from '../../look/figures.ts';
import { FONT } from '../../look/tokens.ts';
import { captionLift, type EdgeGeometry } from '../edge-geometry.ts';
import { textSize } from '../level-of-detail.ts';
import type { Pen } from './pen.ts';
import type { SceneEdge } from './scene.ts';

/** What an edge carries now. */
export interface EdgeReading {
  ratePerSecond: number;
  waiting: number;
  blocked: boolean;
  /** The receiver is down: the core breaks off before it. */
  receiverDown: boolean;
  /** What a person did to the network under it, in a few words; absent while it is in order. */
  trouble?: { word: string; isCut: boolean };
}

/** Width of a channel bed, 4 to 10, by the logarithm of its rate: the eye compares orders of magnitude. */
export function bedWidth(ratePerSecond: number): number {
  if (ratePerSecond <= 0) return 0;
  return Math.min(10, Math.max(4, 0.6 + 3.6 * Math.log10(ratePerSecond)));
}

/** The way an edge looks at a reading; the pattern differs wherever the colour does. */
export function edgeStyle(course: EdgeGeometry['course'], reading: EdgeReading) {
  const flowing = reading.ratePerSecond >= 0.05;
  if (reading.blocked) return 'pressed' as const;
  if (course === 'dead') return flowing ? ('dead' as const) : ('idle-dead' as const);
  if (!flowing) return 'idle' as const;
  return course;
}

/** Bed and core of one edge. Particles come on top of it. */
export function drawEdge(pen: Pen, edge: SceneEdge, reading: EdgeReading): void {
  const { ctx, colors, zoom } = pen;
  const { path, geometry } = edge;
  const style = edgeStyle(geometry.course, reading);
  const thin = Math.max(1.5, 1 / zoom);
  const width = Math.max(bedWidth(reading.ratePerSecond), style === 'pressed' ? 8 : 0, 2.5 / zoom);
  ctx.lineCap = 'butt';
  const stroke = (color: string, lineWidth: number, dash: readonly number[] = [], alpha = 1) => {
    ctx.globalAlpha = alpha;
    ctx.strokeStyle = color;
    ctx.lineWidth = lineWidth;
    ctx.setLineDash(dash as number[]);
    ctx.stroke(path);
  };
  const { length } = geometry.table;
  const cut = reading.trouble?.isCut === true ? [length / 2 - 14, 28, length / 2 - 14, 0] : [];
  const gap =
    cut.length > 0 ? cut : reading.receiverDown ? [Math.max(1, geometry.table.length - 18), 18] : [];
  switch (style) {
    case 'idle':
      stroke(colors.edge, thin, gap);
      break;
    case 'flow':
      stroke(colors.bed, width);
      stroke(colors.flow, thin, gap, 0.55);
      break;
    case 'request':
      stroke(colors.bed, width);
      stroke(colors.flow, 4, gap, 0.55);
      stroke(colors.bed, 2);
      break;
    case 'pressed':
      stroke(colors['bed-press'], width);
      stroke(colors.pressure, width, [2, 5], 0.9);
      break;
    case 'retry':
      stroke(colors['bed-retry'], width);
      stroke(colors.retry, thin, [6, 4]);
      break;
    case 'dead':
    case 'idle-dead':
      ctx.lineCap = 'round';
      stroke(colors['dead-letter'], Math.max(2, thin), [1.5, 4.5], style === 'dead' ? 1 : 0.45);
      break;
  }
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
  ctx.lineCap = 'butt';
}

/** What stands at an edge: its caption, and the number that stands on no card. Null for neither. */
export function edgeLabel(
  course: EdgeGeometry['course'],
  reading: EdgeReading,
  still: boolean,
  caption = '',
): EdgeLabel | null {
  if (reading.trouble) return { text: reading.trouble.word, tone: 'accent' };
  const figure = edgeFigure(course, reading, still);
  if (caption === '') return figure;
  return figure ? { ...figure, text: `${caption}, ${figure.text}` } : { text: caption, tone: 'ink-2' };
}

interface EdgeLabel {
  text: string;
  tone: 'retry' | 'dead-letter' | 'pressure' | 'ink-2' | 'accent';
}

/** Failures always have their number, the others only where motion is unwanted. */
function edgeFigure(course: EdgeGeometry['course'], reading: EdgeReading, still: boolean): EdgeLabel | null {
  if (reading.ratePerSecond < 0.05) return null;
  const text = perSecond(reading.ratePerSecond);
  if (course === 'dead') return { text, tone: 'dead-letter' };
  if (course === 'retry') return { text: `retry ${text}`, tone: 'retry' };
  if (!still) return null;
  return { text, tone: reading.blocked ? 'pressure' : 'ink-2' };
}

/** A label on a plate of canvas colour at the middle of the edge. */
export function drawEdgeLabel(
  pen: Pen,
  edge: SceneEdge,
  label: NonNullable<ReturnType<typeof edgeLabel>>,
): void {
  const { ctx, colors } = pen;
  const size = textSize(12, pen.zoom);
  ctx.font = `600 ${size}px ${FONT}`;
  const width = ctx.measureText(label.text).width + size;
  if (width > edge.geometry.table.length) return;
  const { x } = edge.geometry.middle;
  const y = edge.geometry.middle.y - captionLift(edge.edge);
  const height = size * 1.66;
  ctx.fillStyle = colors.canvas;
  ctx.beginPath();
  ctx.roundRect(x - width / 2, y - height / 2, width, height, height / 2);
  ctx.fill();
  ctx.fillStyle = colors[label.tone];
  ctx.textAlign = 'center';
  ctx.fillText(label.text, x, y + size * 0.36);
  ctx.textAlign = 'left';
}
