import { flattenRoute, type Route, type Segment } from './path-table.ts';

/** A card's place in canvas units. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Corner radius of an orthogonal edge, and how far it runs straight before its first turn. */
const CORNER = 16;
const RUN_OUT = 24;
/** Room kept between an edge and a card that it goes around. */
const CLEARANCE = 14;

interface Point {
  x: number;
  y: number;
}

/**
 * The way from a point on the right side of one card to a point on the left side of another: an S-curve, or, where
 * that would cross a card, the first way with square turns that crosses none (or else the one that crosses fewest).
 */
export function forwardRoute(start: Point, end: Point, obstacles: readonly Rect[]): Route {
  const curve = sCurve(start, end);
  let best = curve;
  let fewest = crossings(curve, obstacles);
  if (fewest === 0) return curve;
  for (const candidate of detours(start, end, obstacles)) {
    const crossed = crossings(candidate, obstacles);
    if (crossed < fewest) {
      best = candidate;
      fewest = crossed;
    }
    if (fewest === 0) break;
  }
  return best;
}

/** The way from the bottom of a card at `startX` into another card, by its nearest side, with 16 px corners. */
export function bottomRoute(
  from: Rect,
  startX: number,
  to: Rect,
  endY: number,
  obstacles: readonly Rect[],
): Route {
  const start = { x: startX, y: from.y + from.height };
  const routes = bottomCandidates(start, from, to, endY);
  let best = routes[0];
  let fewest = crossings(best, obstacles);
  for (let index = 1; index < routes.length && fewest > 0; index++) {
    const crossed = crossings(routes[index], obstacles);
    if (crossed < fewest) {
      best = routes[index];
      fewest = crossed;
    }
  }
  return best;
}

/** How many of the cards a way crosses. */
export function crossings(route: Route, obstacles: readonly Rect[]): number {
  const line = flattenRoute(route);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < line.length; at += 2) {
    left = Math.min(left, line[at]);
    right = Math.max(right, line[at]);
    top = Math.min(top, line[at + 1]);
    bottom = Math.max(bottom, line[at + 1]);
  }
  let crossed = 0;
  for (const card of obstacles) {
    if (
      card.x >= right ||
      card.x + card.width <= left ||
      card.y >= bottom + 1 ||
      card.y + card.height <= top - 1
    )
      continue;
    if (touches(line, card)) crossed += 1;
  }
  return crossed;
}

/** A way through the given corners with rounded turns; corners on one straight line are dropped. */
export function orthogonal(corners: readonly Point[]): Route {
  const points = corners.filter((point, index) => {
    const before = corners[index - 1];
    const after = corners[index + 1];
    if (before && before.x === point.x && before.y === point.y) return false;
    if (!before || !after) return true;
    return !((before.x === point.x && point.x === after.x) || (before.y === point.y && point.y === after.y));
  });
  const segments: Segment[] = [];
  for (let index = 1; index < points.length; index++) {
    const corner = points[index];
    const next = points[index + 1];
    if (!next) {
      segments.push({ type: 'line', x: corner.x, y: corner.y });
      break;
    }
    const before = points[index - 1];
    const radius = Math.min(CORNER, distance(before, corner) / 2, distance(corner, next) / 2);
    const entry = toward(corner, before, radius);
    const exit = toward(corner, next, radius);
    segments.push({ type: 'line', x: entry.x, y: entry.y });
    segments.push({ type: 'quad', cx: corner.x, cy: corner.y, x: exit.x, y: exit.y });
  }
  return { x: points[0].x, y: points[0].y, segments };
}

function sCurve(start: Point, end: Point): Route {
  const middle = (start.x + end.x) / 2;
  const segments: Segment[] =
    Math.abs(start.y - end.y) < 0.5
      ? [{ type: 'line', x: end.x, y: end.y }]
      : [{ type: 'cubic', ax: middle, ay: start.y, bx: middle, by: end.y, x: end.x, y: end.y }];
  return { x: start.x, y: start.y, segments };
}

function* detours(start: Point, end: Point, obstacles: readonly Rect[]): Generator<Route> {
  const between = obstacles.filter((card) => card.x < end.x && card.x + card.width > start.x);
  // A card that stands closer than the usual run-out is passed in the middle of the gap.
  const first = Math.min(...between.map((card) => card.x));
  const last = Math.max(...between.map((card) => card.x + card.width));
  const near = first > start.x ? Math.min(start.x + RUN_OUT, (start.x + first) / 2) : start.x + RUN_OUT;
  const far = last < end.x ? Math.max(end.x - RUN_OUT, (last + end.x) / 2) : end.x - RUN_OUT;
  // One turn, at a place beside one of the cards in between.
  const turns = [near, far, (start.x + end.x) / 2];
  for (const card of between) turns.push(card.x - CLEARANCE, card.x + card.width + CLEARANCE);
  for (const x of turns) {
    if (x > start.x && x < end.x) yield orthogonal([start, { x, y: start.y }, { x, y: end.y }, end]);
  }
  // Over or under the cards in between, the shortest way first.
  const heights = between.flatMap((card) => [card.y - CLEARANCE, card.y + card.height + CLEARANCE]);
  const length = (y: number) => Math.abs(y - start.y) + Math.abs(y - end.y);
  heights.sort((a, b) => length(a) - length(b));
  for (const y of heights) {
    yield orthogonal([
      start,
      { x: near, y: start.y },
      { x: near, y },
      { x: far, y },
      { x: far, y: end.y },
      end,
    ]);
  }
}

function bottomCandidates(start: Point, from: Rect, to: Rect, endY: number): Route[] {
  const below = to.y >= start.y + RUN_OUT;
  const level = endY > start.y + CORNER;
  const right = to.x + to.width;
  const routes: Route[] = [];
  if (level && start.x < to.x - CORNER)
    routes.push(orthogonal([start, { x: start.x, y: endY }, { x: to.x, y: endY }]));
  if (level && start.x > right + CORNER) {
    const y = besideLeaving(to, endY);
    routes.push(orthogonal([start, { x: start.x, y }, { x: right, y }]));
  }
  if (below) {
    const x = Math.min(Math.max(start.x, to.x + RUN_OUT), right - RUN_OUT);
    const y = (start.y + to.y) / 2;
    routes.push(orthogonal([start, { x: start.x, y }, { x, y }, { x, y: to.y }]));
  }
  // Down, along under both cards, and up into the left side, or the right one.
  const under = Math.max(start.y, to.y + to.height) + RUN_OUT;
  for (const lane of [start.y + RUN_OUT, under]) {
    for (const x of [to.x - RUN_OUT, right + RUN_OUT]) {
      const side = x < to.x ? to.x : right;
      const y = x < to.x ? endY : besideLeaving(to, endY);
      routes.push(orthogonal([start, { x: start.x, y: lane }, { x, y: lane }, { x, y }, { x: side, y }]));
    }
  }
  // Prefer ways that do not lie on either of their own cards.
  const own = [inset(from), inset(to)];
  return routes.sort((a, b) => crossings(a, own) - crossings(b, own));
}

/** An edge that enters by the right side keeps below the middle, where others leave. */
function besideLeaving(to: Rect, endY: number): number {
  return Math.min(endY + CORNER, to.y + to.height - 12);
}

function inset(card: Rect): Rect {
  return { x: card.x + 2, y: card.y + 2, width: card.width - 4, height: card.height - 4 };
}

function touches(line: readonly number[], card: Rect): boolean {
  for (let at = 2; at < line.length; at += 2) {
    if (segmentTouches(line[at - 2], line[at - 1], line[at], line[at + 1], card)) return true;
  }
  return false;
}

/** Whether a straight stretch touches the inside of a card (Liang and Barsky's clipping). */
function segmentTouches(x1: number, y1: number, x2: number, y2: number, card: Rect): boolean {
  let enter = 0;
  let leave = 1;
  const dx = x2 - x1;
  const dy = y2 - y1;
  const edges = [
    [-dx, x1 - card.x],
    [dx, card.x + card.width - x1],
    [-dy, y1 - card.y],
    [dy, card.y + card.height - y1],
  ];
  for (const [slope, gap] of edges) {
    if (slope === 0) {
      if (gap <= 0) return false;
      continue;
    }
    const share = gap / slope;
    if (slope < 0) enter = Math.max(enter, share);
    else leave = Math.min(leave, share);
    if (enter >= leave) return false;
  }
  return true;
}

function distance(a: Point, b: Point): number {
  return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
}

function toward(from: Point, to: Point, by: number): Point {
  const length = distance(from, to) || 1;
  return { x: from.x + ((to.x - from.x) / length) * by, y: from.y + ((to.y - from.y) / length) * by };
}
