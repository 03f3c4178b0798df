import { BADGE, EDGE, HEADER, NODE } from '../../../simulation/frame-layout.ts';
import type { ActiveFault } from '../../../store/run-store.ts';
import { LOOK_DEAD, LOOK_RETRY, messageLook } from '../../look/particle-shapes.ts';
import type { Rect } from '../edge-routes.ts';
import { tableIndex } from '../path-table.ts';
import { badgeOf, type Badge } from './badges.ts';
import { drawBadge } from './draw-badge.ts';
import { drawCard } from './draw-card.ts';
import { drawEdge, drawEdgeLabel, edgeLabel, type EdgeReading } from './draw-edge.ts';
import { drawLanes } from './draw-lanes.ts';
import type { FrameIndex } from './frame-index.ts';
import { bunch, TRAVEL_MS, type Particles } from './particles.ts';
import type { Pen } from './pen.ts';
import type { Scene, SceneCard, SceneEdge } from './scene.ts';
import { sparkline } from './sparkline.ts';
import type { Sprites } from './sprites.ts';

/** One moment of the run as the painters see it. */
export interface Moment {
  scene: Scene;
  index: FrameIndex;
  data: Float64Array;
  samples: readonly Float64Array[];
  faults: ReadonlyMap<string, ActiveFault>;
  down: ReadonlySet<string>;
  /** No motion: rates stand on the edges instead. */
  still: boolean;
}

const MARGIN = 24;

/** Whether a rectangle can be seen in the part of the world that is in view. */
export function inView(rect: Rect, view: Rect): boolean {
  return (
    rect.x < view.x + view.width + MARGIN &&
    rect.x + rect.width > view.x - MARGIN &&
    rect.y < view.y + view.height + MARGIN &&
    rect.y + rect.height > view.y - MARGIN
  );
}

/** Nodes that are down: by themselves, or stopped by hand (whose badge says so instead). */
export function downNodes(
  index: FrameIndex,
  data: Float64Array,
  faults: ReadonlyMap<string, ActiveFault>,
): Set<string> {
  const down = new Set<string>();
  for (const [id, node] of index.node) {
    const isDown = data[index.layout.node(node) + NODE.badge] === BADGE.down;
    if (isDown || faults.get(id)?.fault === 'stop') down.add(id);
  }
  return down;
}

/** What one edge carries; an edge that the run does not know carries nothing. */
export function readEdge(moment: Moment, edge: SceneEdge): EdgeReading {
  const place = moment.index.edge.get(edge.edge.id);
  const receiverDown = moment.down.has(edge.edge.to);
  if (place === undefined) return { ratePerSecond: 0, waiting: 0, blocked: false, receiverDown };
  const at = moment.index.layout.edge(place);
  const waiting = moment.data[at + EDGE.waiting];
  return {
    ratePerSecond: moment.data[at + EDGE.perSecond] || 0,
    waiting,
    blocked: moment.data[at + EDGE.blocked] === 1 && waiting > 0,
    receiverDown,
  };
}

/** The look of the dots on an edge. */
export function edgeLook(moment: Moment, edge: SceneEdge): number {
  if (edge.geometry.course === 'dead') return LOOK_DEAD;
  if (edge.geometry.course === 'retry') return LOOK_RETRY;
  const place = moment.index.edge.get(edge.edge.id);
  return place === undefined
    ? 0
    : messageLook(moment.data[moment.index.layout.edge(place) + EDGE.messageType]);
}

/** Layer below the particles: beds and cores. */
export function paintEdges(pen: Pen, moment: Moment, view: Rect): void {
  for (const edge of moment.scene.edges) {
    if (inView(edge.geometry.box, view)) drawEdge(pen, edge, readEdge(moment, edge));
  }
}

/** Layer above the particles: what lives on the cards, labels of edges, badges. */
export function paintCards(
  pen: Pen,
  moment: Moment,
  view: Rect,
  swell: (id: string, badge: Badge) => number,
): void {
  const { scene, index, data, samples, still } = moment;
  const visible = scene.cards.filter((card) => inView(card, view));
  for (const card of visible) {
    const node = index.node.get(card.node.id);
    if (node === undefined) continue;
    drawCard(pen, card, {
      data,
      at: index.layout.node(node),
      simulatedMs: data[HEADER.simulatedMs],
      spark: (column) => sparkline(samples, node, column, card.definition?.family === 'sources'),
      down: moment.down.has(card.node.id),
    });
    if (card.lanes > 0) drawLanes(pen, card, scene, index, data);
  }
  if (pen.detail === 'full' || (still && pen.detail === 'short')) {
    for (const edge of scene.edges) {
      if (!inView(edge.geometry.box, view)) continue;
      const label = edgeLabel(edge.geometry.course, readEdge(moment, edge), still);
      if (label) drawEdgeLabel(pen, edge, label);
    }
  }
  for (const card of visible) {
    const badge = cardBadge(moment, card);
    if (badge) drawBadge(pen, card, badge, swell(card.node.id, badge));
  }
}

/** The badge of a card at a moment, null for a healthy one. */
export function cardBadge(moment: Moment, card: SceneCard): Badge | null {
  const node = moment.index.node.get(card.node.id);
  if (node === undefined || !card.definition) return null;
  const at = moment.index.layout.node(node);
  const { data } = moment;
  return badgeOf(
    card.definition,
    data[at + NODE.badge],
    data[at + NODE.badgeValue],
    moment.faults.get(card.node.id),
  );
}

/** Stamps every particle at its place, and those that stand before a full target. Works in device pixels. */
export function paintParticles(
  ctx: CanvasRenderingContext2D,
  sprites: Sprites,
  particles: Particles,
  moment: Moment,
  transform: { x: number; y: number; scale: number },
): void {
  const { edges } = moment.scene;
  const half = sprites.side / 2;
  const { x: left, y: top, scale } = transform;
  const { width, height } = ctx.canvas;
  const stamp = (edge: SceneEdge, share: number, look: number) => {
    const { table } = edge.geometry;
    const at = tableIndex(table, share);
    const x = table.points[at] * scale + left;
    const y = table.points[at + 1] * scale + top;
    if (x < -half || y < -half || x > width + half || y > height + half) return;
    ctx.drawImage(sprites.images[look], Math.round(x - half), Math.round(y - half));
  };
  for (let place = 0; place < particles.alive; place++) {
    const edge = edges[particles.edge[place]];
    if (!edge) continue;
    const share = (particles.clockMs - particles.born[place]) / TRAVEL_MS;
    stamp(edge, share, particles.look[place]);
  }
  for (const edge of edges) {
    const reading = readEdge(moment, edge);
    if (!reading.blocked) continue;
    const look = edgeLook(moment, edge);
    for (const share of bunch(reading.waiting, edge.geometry.table.length)) stamp(edge, share, look);
  }
}

/** Clears what was drawn under the cards: the cards themselves are DOM below this canvas. */
export function punchCards(ctx: CanvasRenderingContext2D, cards: readonly SceneCard[], view: Rect): void {
  ctx.globalCompositeOperation = 'destination-out';
  ctx.beginPath();
  for (const card of cards) {
    if (inView(card, view)) ctx.roundRect(card.x, card.y, card.width, card.height, 10);
  }
  ctx.fill();
  ctx.globalCompositeOperation = 'source-over';
}
