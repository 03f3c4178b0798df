import { NODE } from '../../../simulation/frame/frame-layout.ts';
import type { Colors } from '../../look/tokens.ts';
import { liveFigures, type FigureLine } from './node-figures.ts';
import { fitText, setText, type Pen } from './pen.ts';
import type { SceneCard } from './scene.ts';

/** Corner of a card, and the width of the gauge along its left edge. */
export const RADIUS = 10;
export const GAUGE = 10;
const LEFT = 20;
const RIGHT = 12;
const SPARK_WIDTH = 42;
const SPARK_HEIGHT = 14;
/** From this level on the gauge is full, hatched and in the colour of pressure. */
export const SATURATED = 0.9;

/** Where a card's figures come from: its columns in the frame, and its sparkline. */
export interface CardReading {
  data: Float64Array;
  at: number;
  simulatedMs: number;
  spark: (column: 'rate' | 'amount') => Float64Array | null;
  down: boolean;
}

/** The live part of a card: gauge level, figures on the last line, sparkline. */
export function drawCard(pen: Pen, card: SceneCard, reading: CardReading): void {
  const { definition } = card;
  if (!definition) return;
  const level = reading.data[reading.at + NODE.level];
  if (pen.detail === 'block') {
    if (level >= SATURATED) drawHatchedBlock(pen, card);
    return;
  }
  drawGauge(pen, card, level, definition.family === 'reliability' ? 'dead-letter' : 'flow');
  if (pen.detail === 'tile') return;
  const line = liveFigures(definition, reading.data, reading.at, reading.simulatedMs);
  if (definition.card.perLane) drawHeadFigure(pen, card, line);
  else drawLastLine(pen, card, line, reading);
}

/** A gauge's ticks, and its water where it is full: hatched, in the colour of pressure. Other levels glide, see levels.ts. */
function drawGauge(pen: Pen, card: SceneCard, level: number, tone: 'flow' | 'dead-letter'): void {
  const { ctx, colors } = pen;
  const saturated = level >= SATURATED;
  if (saturated) {
    const corners = [RADIUS - 0.5, 0, 0, RADIUS - 0.5];
    ctx.beginPath();
    ctx.roundRect(card.x + 0.5, card.y + 0.5, GAUGE, card.height - 1, corners);
    ctx.fillStyle = tone === 'flow' ? colors.pressure : colors[tone];
    ctx.fill();
    ctx.fillStyle = pen.hatch;
    ctx.fill();
  }
  ctx.globalAlpha = 0.75;
  ctx.lineWidth = 1;
  for (const share of [0.25, 0.5, 0.75]) {
    const y = card.y + card.height * share;
    ctx.strokeStyle = level > 1 - share || saturated ? colors.surface : colors['ink-3'];
    ctx.beginPath();
    ctx.moveTo(card.x + GAUGE, y);
    ctx.lineTo(card.x + GAUGE - 4, y);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

function drawHatchedBlock(pen: Pen, card: SceneCard): void {
  const { ctx, colors } = pen;
  ctx.strokeStyle = colors.pressure;
  ctx.lineWidth = 3 / pen.zoom;
  ctx.strokeRect(card.x, card.y, card.width, card.height);
}

function drawHeadFigure(pen: Pen, card: SceneCard, line: FigureLine): void {
  const { ctx, colors } = pen;
  if (pen.detail === 'short') {
    // The name fills its line at this zoom; the figure goes below it.
    const x = card.x + LEFT;
    setText(pen, 15, 600, colors.ink);
    const width = fitText(pen, line.figure, x, card.y + 64, card.width - LEFT - RIGHT);
    setText(pen, 12, 400, colors['ink-3']);
    ctx.fillText(line.unit, x + width, card.y + 64);
    return;
  }
  const right = card.x + card.width - 14;
  ctx.textAlign = 'right';
  setText(pen, 12, 400, colors['ink-3']);
  ctx.fillText(line.unit, right, card.y + 28);
  const unit = ctx.measureText(line.unit).width;
  setText(pen, 15, 600, colors.ink);
  ctx.fillText(line.figure, right - unit, card.y + 28);
  ctx.textAlign = 'left';
}

function drawLastLine(pen: Pen, card: SceneCard, line: FigureLine, reading: CardReading): void {
  const { ctx, colors } = pen;
  const headline = line.tone === 'headline-dead';
  const baseline = card.y + card.height - (headline ? 14 : card.height > 70 ? 16 : 11);
  const end = card.x + card.width - RIGHT;
  let x = card.x + LEFT;
  const color = headline ? colors['dead-letter'] : colors.ink;
  setText(pen, headline ? 23 : 15, headline ? 700 : 600, color);
  x += fitText(pen, line.figure, x, baseline, end - x);
  setText(pen, 12, 400, colors['ink-3']);
  if (line.unit) x += fitText(pen, line.unit, x, baseline, end - x);
  if (pen.detail === 'short') return;
  const spark = line.spark && !reading.down ? reading.spark(line.spark) : null;
  const sparkX = end - SPARK_WIDTH;
  if (line.note) {
    const start = x + (headline ? 8 : 8);
    const width = ctx.measureText(line.note).width;
    fitText(pen, line.note, start, baseline, end - start);
    x = start + Math.min(width, end - start);
  }
  if (spark && x + 8 <= sparkX) drawSpark(ctx, colors, spark, sparkX, card.y + card.height - 31, headline);
}

function drawSpark(
  ctx: CanvasRenderingContext2D,
  colors: Colors,
  line: Float64Array,
  x: number,
  y: number,
  dead: boolean,
): void {
  ctx.strokeStyle = dead ? colors['dead-letter'] : colors['ink-3'];
  ctx.lineWidth = 1.4;
  ctx.lineJoin = 'round';
  ctx.beginPath();
  for (let at = 0; at < line.length; at += 2)
    ctx.lineTo(x + line[at] * SPARK_WIDTH, y + line[at + 1] * SPARK_HEIGHT);
  ctx.stroke();
  ctx.fillStyle = dead ? colors['dead-letter'] : colors['ink-2'];
  ctx.beginPath();
  const end = line.length - 2;
  ctx.arc(x + line[end] * SPARK_WIDTH, y + line[end + 1] * SPARK_HEIGHT, 2.4, 0, 7);
  ctx.fill();
}
