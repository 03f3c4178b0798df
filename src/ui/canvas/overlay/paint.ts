import { EDGE_FAULTS } from '../../../kinds/edge-faults.ts';
import { BADGE, EDGE, HEADER, NODE } from '../../../simulation/frame/frame-layout.ts';
import type { ActiveFault } from '../../../store/run-store.ts';
import { badgeText } from '../../inspector/fault-text.ts';
import { LOOK_DEAD, LOOK_RETRY } from '../../look/particle-shapes.ts';
import type { Rect } from '../edge-routes.ts';
import { placeOnPath } from '../path-table.ts';
import { badgeOf, type Badge } from './badges.ts';
import { drawBadge } from './draw-badge.ts';
import { breakerLight, drawBreaker } from './draw-breaker.ts';
import { drawCard } from './draw-card.ts';
import { drawEdge, drawEdgeLabel, edgeLabel, type EdgeReading } from './draw-edge.ts';
import { drawLanes, memberKey } from './draw-lanes.ts';
import type { FrameIndex } from './frame-index.ts';
import { messageMix, typeAt } from './message-mix.ts';
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
  /** Members that crashed, see `memberKey`: until the session timeout their group still counts them as readers. */
  crashed: ReadonlySet<string>;
  down: ReadonlySet<string>;
  /** Edges whose network a person has put in trouble. */
  troubles: ReadonlyMap<string, NonNullable<EdgeReading['trouble']>>;
  /** No motion: rates stand on the edges instead. */
  still: boolean;
}

const MARGIN = 24;
/** Multiples of it are spread evenly over 0 to 1: standing messages show their mix without changing places. */
const GOLDEN = 0.618034;

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

/** What stands at each edge in trouble; of several faults the latest counts, and a cut above all. */
export function edgeTroubles(
  faults: readonly ActiveFault[],
): Map<string, NonNullable<EdgeReading['trouble']>> {
  const troubles = new Map<string, NonNullable<EdgeReading['trouble']>>();
  for (const { edge, fault, args } of faults) {
    const known = EDGE_FAULTS.find(({ id }) => id === fault);
    if (edge === undefined || !known || troubles.get(edge)?.isCut) continue;
    troubles.set(edge, { word: badgeText(known, args), isCut: fault === 'partition' });
  }
  return troubles;
}

/** Every member that lies crashed now. */
export function crashedMembers(faults: readonly ActiveFault[]): Set<string> {
  return new Set(
    faults
      .filter(({ fault }) => fault === 'crash')
      .map(({ node, args }) => memberKey(node ?? '', Number(args.member) - 1)),
  );
}

/** What one edge carries; an edge that the run does not know carries nothing. */
export function readEdge(moment: Moment, edge: SceneEdge): EdgeReading {
  const place = moment.index.edge.get(edge.edge.id);
  const receiverDown = moment.down.has(edge.edge.to);
  const trouble = moment.troubles.get(edge.edge.id);
  if (place === undefined) return { ratePerSecond: 0, waiting: 0, blocked: false, receiverDown, trouble };
  const at = moment.index.layout.edge(place);
  const waiting = moment.data[at + EDGE.waiting];
  return {
    ratePerSecond: moment.data[at + EDGE.perSecond] || 0,
    waiting,
    blocked: moment.data[at + EDGE.blocked] === 1 && waiting > 0,
    receiverDown,
    trouble,
  };
}

/** The look of the next dot on an edge; `place` (0 to 1) picks one where several message types pass. */
export function edgeLook(
  edge: SceneEdge,
  looks: readonly number[],
  mix: Float64Array | undefined,
  place: number,
): number {
  if (edge.geometry.course === 'dead') return LOOK_DEAD;
  if (edge.geometry.course === 'retry') return LOOK_RETRY;
  return (mix && looks[typeAt(mix, place)]) ?? 0;
}

/** Shares of the message types on every edge of the scene at a moment. */
export function sceneMix(moment: Moment): Float64Array[] {
  const { scene, index, data } = moment;
  const known = scene.edges.map(({ edge }) => {
    const place = index.edge.get(edge.id);
    const at = place === undefined ? -1 : index.layout.edge(place);
    return {
      from: edge.from,
      to: edge.to,
      ratePerSecond: at < 0 ? 0 : data[at + EDGE.perSecond] || 0,
      messageType: at < 0 ? -1 : data[at + EDGE.messageType],
    };
  });
  const types = Math.max(0, ...known.map((edge) => edge.messageType)) + 1;
  return messageMix(known, types);
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
    if (card.lanes > 0) drawLanes(pen, card, moment);
  }
  if (pen.detail === 'full' || (still && pen.detail === 'short')) {
    for (const edge of scene.edges) {
      if (!inView(edge.geometry.box, view)) continue;
      const label = edgeLabel(edge.geometry.course, readEdge(moment, edge), still, edge.caption);
      if (label) drawEdgeLabel(pen, edge, label);
    }
  }
  for (const edge of scene.edges) {
    const light = breakerLight(index, data, edge.edge.id);
    if (light && inView(edge.geometry.box, view)) drawBreaker(pen, edge, light);
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
  mixes: readonly Float64Array[],
  transform: { x: number; y: number; scale: number },
): void {
  const { edges } = moment.scene;
  const half = sprites.side / 2;
  const { x: left, y: top, scale } = transform;
  const { width, height } = ctx.canvas;
  const spot = { x: 0, y: 0 };
  const stamp = (edge: SceneEdge, share: number, look: number) => {
    placeOnPath(edge.geometry.table, share, spot);
    const x = spot.x * scale + left;
    const y = spot.y * scale + top;
    if (x < -half || y < -half || x > width + half || y > height + half) return;
    ctx.drawImage(sprites.image(look), Math.round(x - half), Math.round(y - half));
  };
  for (let index = 0; index < particles.alive; index++) {
    const edge = edges[particles.edge[index]];
    if (!edge) continue;
    const share = (particles.clockMs - particles.born[index]) / TRAVEL_MS;
    stamp(edge, share, particles.look[index]);
  }
  edges.forEach((edge, index) => {
    const reading = readEdge(moment, edge);
    if (!reading.blocked) return;
    bunch(reading.waiting, edge.geometry.table.length).forEach((share, place) =>
      stamp(edge, share, edgeLook(edge, moment.scene.looks, mixes[index], (place * GOLDEN) % 1)),
    );
  });
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
