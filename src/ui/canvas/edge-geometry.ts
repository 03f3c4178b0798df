import type { DesignEdge } from '../../design/types.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import { bottomRoute, forwardRoute, type Rect } from './edge-routes.ts';
import { placeOnPath, routeToSvg, tabulate, type PathTable } from './path-table.ts';

/** What an edge carries decides how it is drawn. */
export type Course = 'flow' | 'request' | 'retry' | 'dead';

/** Where one edge runs, in canvas units: shared by the React Flow edge and the overlay. */
export interface EdgeGeometry {
  id: string;
  course: Course;
  d: string;
  table: PathTable;
  /** Where a label stands: the middle of the way, or near it where that is on a card. */
  middle: { x: number; y: number };
  /** Width that a label may have without lying on the cards at both ends. */
  room: number;
  /** The box around it, to skip what is out of view. */
  box: Rect;
}

/** A card as the geometry needs it. */
export interface PlacedCard extends Rect {
  id: string;
  kind: string;
}

/** Distance between two edges that leave or enter the same side. */
const END_GAP = 24;
const SIDE_MARGIN = 20;
/** Room that a label such as "retry 43/s" takes, and where along the way it may stand, best first. */
const LABEL = { halfWidth: 40, halfHeight: 12 };
const LABEL_SHARES = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8];

interface Ends {
  edge: DesignEdge;
  from: PlacedCard;
  to: PlacedCard;
  course: Course;
  bottom: boolean;
}

/** Ways of all edges among the placed cards; edges to a missing card have none. */
export function edgeGeometries(
  cards: readonly PlacedCard[],
  edges: readonly DesignEdge[],
  before?: ReadonlyMap<string, EdgeGeometry>,
): Map<string, EdgeGeometry> {
  const byId = new Map(cards.map((card) => [card.id, card]));
  const ends: Ends[] = [];
  for (const edge of edges) {
    const from = byId.get(edge.from);
    const to = byId.get(edge.to);
    if (!from || !to) continue;
    const course = edgeCourse(edge, from.kind, to.kind);
    ends.push({ edge, from, to, course, bottom: leavesByBottom(edge, from, to) });
  }
  const starts = spread(ends, (end) => `${end.from.id}\n${end.bottom}`, startPlace);
  const finishes = spread(ends, (end) => end.to.id, endPlace);
  const found = new Map<string, EdgeGeometry>();
  for (const end of ends) {
    const { edge, from, to, course, bottom } = end;
    const start = starts.get(edge.id) ?? 0;
    const finish = finishes.get(edge.id) ?? 0;
    const obstacles = cards.filter((card) => card !== from && card !== to);
    const route = bottom
      ? bottomRoute(from, start, to, finish, obstacles)
      : forwardRoute({ x: from.x + from.width, y: start }, { x: to.x, y: finish }, obstacles);
    const d = routeToSvg(route);
    const known = before?.get(edge.id);
    // The ends of a way that did not change are where they were.
    if (known && known.d === d && known.course === course) {
      found.set(edge.id, known);
      continue;
    }
    const table = tabulate(route);
    found.set(edge.id, {
      id: edge.id,
      course,
      d,
      table,
      middle: labelPlace(table, cards),
      room: bottom ? Infinity : to.x - from.x - from.width,
      box: boxOf(table),
    });
  }
  return found;
}

/** Dead letters to where they rest, failed messages on their way back, calls that are answered, or plain flow. */
export function edgeCourse(edge: DesignEdge, fromKind: string, toKind: string): Course {
  const port = kindDefinition(fromKind)?.ports.find((one) => one.id === edge.fromPort);
  const family = kindDefinition(toKind)?.family;
  if (port?.roles.includes('dead')) return family === 'reliability' ? 'dead' : 'retry';
  return family === 'state' || family === 'integration' ? 'request' : 'flow';
}

/** Failures always leave by the bottom, and so does an edge that goes back. */
function leavesByBottom(edge: DesignEdge, from: PlacedCard, to: PlacedCard): boolean {
  const port = kindDefinition(from.kind)?.ports.find((one) => one.id === edge.fromPort);
  return port?.side === 'bottom' || to.x < from.x + from.width + SIDE_MARGIN;
}

type Place = (end: Ends, index: number, count: number) => number;

/** Gives the edges on one side of a card their places, in the order of the cards at their other ends. */
function spread(ends: readonly Ends[], sideOf: (end: Ends) => string, place: Place): Map<string, number> {
  const sides = new Map<string, Ends[]>();
  for (const end of ends) {
    const side = sideOf(end);
    const list = sides.get(side);
    if (list) list.push(end);
    else sides.set(side, [end]);
  }
  const places = new Map<string, number>();
  for (const list of sides.values()) {
    const other = place === endPlace ? (end: Ends) => middleY(end.from) : (end: Ends) => startOrder(end);
    list.sort((a, b) => other(a) - other(b) || (a.edge.id < b.edge.id ? -1 : 1));
    list.forEach((end, index) => places.set(end.edge.id, place(end, index, list.length)));
  }
  return places;
}

function startOrder(end: Ends): number {
  return end.bottom ? end.to.x + end.to.width / 2 : middleY(end.to);
}

const startPlace: Place = (end, index, count) => {
  const { from, to, bottom } = end;
  if (!bottom) return along(from.y, from.height, index, count);
  // A lone failure leaves towards the side where its target lies, which keeps the middle free for the eye.
  if (count === 1)
    return from.x + from.width * (to.x + to.width / 2 >= from.x + from.width / 2 ? 0.69 : 0.31);
  return along(from.x, from.width, index, count, from.width * 0.38);
};

const endPlace: Place = (end, index, count) => along(end.to.y, end.to.height, index, count);

function along(from: number, size: number, index: number, count: number, gap = END_GAP): number {
  const room = size - 2 * SIDE_MARGIN;
  const step = count > 1 ? Math.min(gap, room / (count - 1)) : 0;
  return from + size / 2 + (index - (count - 1) / 2) * step;
}

function labelPlace(table: PathTable, cards: readonly Rect[]): { x: number; y: number } {
  const place = (share: number) => {
    const found = { x: 0, y: 0 };
    placeOnPath(table, share, found);
    return found;
  };
  const free = LABEL_SHARES.map(place).find(({ x, y }) =>
    cards.every(
      (card) =>
        x + LABEL.halfWidth < card.x ||
        x - LABEL.halfWidth > card.x + card.width ||
        y + LABEL.halfHeight < card.y ||
        y - LABEL.halfHeight > card.y + card.height,
    ),
  );
  return free ?? place(0.5);
}

function boxOf({ points, count }: PathTable): Rect {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < count * 2; at += 2) {
    left = Math.min(left, points[at]);
    right = Math.max(right, points[at]);
    top = Math.min(top, points[at + 1]);
    bottom = Math.max(bottom, points[at + 1]);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function middleY(card: Rect): number {
  return card.y + card.height / 2;
}

/** How far a caption stands above the line of its edge, so that the gate of a circuit breaker does not cover it. */
export function captionLift({ fields }: DesignEdge): number {
  return fields?.breaker === undefined || fields.breaker === 'off' ? 0 : 22;
}
