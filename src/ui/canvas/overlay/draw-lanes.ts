import { PARTITION, READER, type FrameLayout } from '../../../simulation/frame/frame-layout.ts';
import { count } from '../../look/figures.ts';
import { LANES_MAX, WORST_LANES } from '../../../kinds/card-size.ts';
import { shownReader } from './frame-index.ts';
import { hotPartition, hotShare } from './node-figures.ts';
import { fitText, setText, type Pen } from './pen.ts';
import type { Moment } from './paint.ts';
import type { SceneCard } from './scene.ts';

const PITCH = 25;
const FIRST_LANE = 88;
const BAR = { x: 42, width: 70, height: 11 };
/** How far the top of a bar is above the line of its text. */
const RISE = 9.5;
/** Room for each digit of a partition's number beyond the first, taken from the bar. */
const DIGIT = 7;
/** Room for the leader of a replicated lane, taken from the bar. */
const LEADER = 28;
const CHIP = { x: 157, width: 26, height: 18 };
/** The longest bar leaves this share of its bed free; a lag below the floor never fills it. */
const LONGEST = 0.92;
const LAG_FLOOR = 50;

const NOBODY = -1;

/** Names a member of a group, counted from 0. */
export function memberKey(group: string, member: number): string {
  return `${group} ${member}`;
}

/** One lane of a topic: how far the shown group is behind, and which of its members reads it (-1 nobody). */
export interface Lane {
  partition: number;
  lag: number;
  owner: number;
  /** Number of the broker that leads it; 0 for none, null where the topic has no replicas. */
  leader: number | null;
}

/** The lanes of the card that is drawn, and their rates: used again for each card of each frame, as there may be many. */
const pool: Lane[] = [];
const lanesNow: Lane[] = [];
const rates: number[] = [];

/**
 * The lanes of a topic's card: lag bars, numbers and readers, for the selected group or else the worst; from further
 * away the bars alone.
 */
export function drawLanes(pen: Pen, card: SceneCard, { scene, index, data, crashed }: Moment): void {
  const entry = index.topic.get(card.node.id);
  if (!entry || (pen.detail !== 'full' && pen.detail !== 'short')) return;
  const { layout } = index;
  const { ctx, colors } = pen;
  const reader = shownReader(layout, data, entry.readers, entry.partitions, scene.reader);
  const lanes = readLanes(layout, data, entry.topic, entry.partitions, reader?.first ?? null);
  if (reader && crashed.size > 0) {
    for (const lane of lanes) if (crashed.has(memberKey(reader.groupNode, lane.owner))) lane.owner = NOBODY;
  }
  const hot = hotPartition(rates);
  const shown = shownLanes(lanes, card.lanes, hot?.partition);
  const left = card.x + 20;
  const right = card.x + card.width - 14;
  let longest = LAG_FLOOR;
  for (const lane of lanes) longest = Math.max(longest, lane.lag);
  longest /= LONGEST;
  if (pen.detail === 'short') {
    shown.forEach((lane, row) => {
      const top = card.y + FIRST_LANE + row * PITCH - RISE;
      drawBar(pen, left, top, right - left, lane.lag / longest, hot?.partition === lane.partition);
    });
    return;
  }

  setText(pen, 12, 400, colors['ink-3']);
  const name = reader ? (scene.names.get(reader.groupNode) ?? '') : '';
  fitText(pen, reader ? `behind, for ${name}` : 'stored, no reader', left, card.y + 60, 112);
  ctx.textAlign = 'right';
  ctx.fillText('reader', right, card.y + 60);
  ctx.textAlign = 'left';

  shown.forEach((lane, row) => {
    const y = card.y + FIRST_LANE + row * PITCH;
    drawLane(pen, card, lane, y, lane.lag / longest, hot?.partition === lane.partition);
  });
  setText(pen, 12, 400, colors['ink-2']);
  if (shown.length < lanes.length) {
    const y = card.y + FIRST_LANE + shown.length * PITCH;
    ctx.fillText(`${lanes.length - shown.length} more`, left, y);
  }
  if (hot) {
    const y = card.y + card.height - 14;
    setText(pen, 12, 700, colors.pressure);
    const used = fitText(pen, `p${hot.partition} is hot:`, left, y, right - left);
    setText(pen, 12, 400, colors['ink-2']);
    fitText(pen, hotShare(hot.share), left + used + 4, y, right - left - used - 4);
  }
}

/**
 * Every lane of a topic up to eight; of more, the hot one and those that are furthest behind, six in all, in order of
 * partition. A card without room for partitions that were added shows the worst, too.
 */
export function shownLanes(lanes: readonly Lane[], room = LANES_MAX, hot?: number): readonly Lane[] {
  if (lanes.length <= Math.min(LANES_MAX, room)) return lanes;
  const most = room < LANES_MAX ? Math.max(1, room - 1) : WORST_LANES;
  const isHot = ({ partition }: Lane) => Number(partition === hot);
  return [...lanes]
    .sort((a, b) => isHot(b) - isHot(a) || b.lag - a.lag || a.partition - b.partition)
    .slice(0, most)
    .sort((a, b) => a.partition - b.partition);
}

/** Fills `lanesNow` and `rates`; what it returns holds until the next call. */
function readLanes(
  layout: FrameLayout,
  data: Float64Array,
  topic: number,
  partitions: number,
  readerFirst: number | null,
): Lane[] {
  let there = 0;
  for (let partition = 0; partition < partitions; partition++) {
    const at = layout.partition(topic, partition);
    if (data[at + PARTITION.absent] !== 0) continue;
    const reader = readerFirst === null ? -1 : layout.reader(readerFirst, partition);
    const lane = (pool[there] ??= { partition, lag: 0, owner: NOBODY, leader: null });
    lanesNow[there] = lane;
    lane.partition = partition;
    lane.lag = reader < 0 ? data[at + PARTITION.stored] : data[reader + READER.lag];
    lane.owner = reader < 0 ? NOBODY : data[reader + READER.owner];
    lane.leader = data[at + PARTITION.state] === 0 ? null : data[at + PARTITION.leader];
    rates[there++] = data[at + PARTITION.perSecond];
  }
  lanesNow.length = there;
  rates.length = there;
  return lanesNow;
}

function drawLane(pen: Pen, card: SceneCard, lane: Lane, y: number, share: number, hot: boolean): void {
  const { ctx, colors } = pen;
  setText(pen, 12, 400, colors['ink-2']);
  ctx.fillText(`p${lane.partition}`, card.x + 20, y);
  const digits = (String(card.lanes - 1).length - 1) * DIGIT;
  if (lane.leader !== null) drawLeader(pen, card.x + BAR.x + digits, y, lane.leader);
  const shift = digits + (lane.leader === null ? 0 : LEADER);
  drawBar(pen, card.x + BAR.x + shift, y - RISE, BAR.width - shift, share, hot);
  ctx.textAlign = 'right';
  setText(pen, 12.5, hot ? 700 : 400, hot ? colors.pressure : colors['ink-2']);
  ctx.fillText(count(lane.lag), card.x + 150, y + 0.3);
  ctx.textAlign = 'left';
  drawReader(pen, card.x + CHIP.x, y - 13, lane.owner);
}

/** How far the group is behind in a lane, in its bed; what is there at all shows. */
function drawBar(
  { ctx, colors, hatch }: Pen,
  x: number,
  y: number,
  room: number,
  share: number,
  hot: boolean,
): void {
  bar(ctx, x, y, room, colors.sunken);
  const width = Math.max(share > 0 ? 2 : 0, Math.min(1, share) * room);
  bar(ctx, x, y, width, hot ? colors.pressure : colors.flow);
  if (hot) bar(ctx, x, y, width, hatch);
}

/** The broker that leads a lane, or that none does. */
function drawLeader(pen: Pen, x: number, y: number, leader: number): void {
  setText(pen, 11.5, leader > 0 ? 400 : 700, leader > 0 ? pen.colors['ink-3'] : pen.colors['dead-letter']);
  pen.ctx.fillText(leader > 0 ? `b${leader}` : 'none', x, y);
}

/** Chip with the member that reads the lane; dashed with a bar for nobody. */
function drawReader(pen: Pen, x: number, y: number, owner: number): void {
  const { ctx, colors } = pen;
  ctx.beginPath();
  ctx.roundRect(x + 0.5, y + 0.5, CHIP.width - 1, CHIP.height - 1, 5);
  ctx.lineWidth = 1;
  if (owner >= 0) {
    ctx.fillStyle = colors.sunken;
    ctx.fill();
    ctx.strokeStyle = colors.line;
    ctx.stroke();
    ctx.textAlign = 'center';
    setText(pen, 11.5, 400, colors['ink-2']);
    ctx.fillText(`m${owner + 1}`, x + CHIP.width / 2, y + 13);
    ctx.textAlign = 'left';
    return;
  }
  ctx.setLineDash([3, 2.5]);
  ctx.strokeStyle = colors.edge;
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.strokeStyle = colors['ink-3'];
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.moveTo(x + 9, y + CHIP.height / 2);
  ctx.lineTo(x + 17, y + CHIP.height / 2);
  ctx.stroke();
}

function bar(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  fill: string | CanvasPattern,
): void {
  if (width <= 0) return;
  ctx.fillStyle = fill;
  ctx.beginPath();
  ctx.roundRect(x, y, width, BAR.height, 2);
  ctx.fill();
}
