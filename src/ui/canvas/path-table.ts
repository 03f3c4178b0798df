/** A stretch of an edge; each begins where the one before ended. */
export type Segment =
  | { type: 'line'; x: number; y: number }
  | { type: 'quad'; cx: number; cy: number; x: number; y: number }
  | { type: 'cubic'; ax: number; ay: number; bx: number; by: number; x: number; y: number };

/** A path as segments from a starting point. */
export interface Route {
  x: number;
  y: number;
  segments: readonly Segment[];
}

/** Points at equal distances along a path: x, y pairs, so that a share of the way is an index. */
export interface PathTable {
  points: Float64Array;
  count: number;
  length: number;
}

const CURVE_STEPS = 24;
/** Distance between two points of a table, in canvas units; short enough to take the way between them for straight. */
const SPACING = 4;

/** The path as an SVG `d` attribute. */
export function routeToSvg(route: Route): string {
  let d = `M${round(route.x)} ${round(route.y)}`;
  for (const part of route.segments) {
    if (part.type === 'line') d += `L${round(part.x)} ${round(part.y)}`;
    else if (part.type === 'quad')
      d += `Q${round(part.cx)} ${round(part.cy)} ${round(part.x)} ${round(part.y)}`;
    else
      d += `C${round(part.ax)} ${round(part.ay)} ${round(part.bx)} ${round(part.by)} ${round(part.x)} ${round(part.y)}`;
  }
  return d;
}

/** The path as a polyline of x, y pairs: curves in 24 steps, straight lines by their ends. */
export function flattenRoute(route: Route): number[] {
  const points = [route.x, route.y];
  let x = route.x;
  let y = route.y;
  for (const part of route.segments) {
    if (part.type === 'line') points.push(part.x, part.y);
    else {
      for (let step = 1; step <= CURVE_STEPS; step++) {
        const t = step / CURVE_STEPS;
        if (part.type === 'quad') points.push(quad(x, part.cx, part.x, t), quad(y, part.cy, part.y, t));
        else points.push(cubic(x, part.ax, part.bx, part.x, t), cubic(y, part.ay, part.by, part.y, t));
      }
    }
    x = part.x;
    y = part.y;
  }
  return points;
}

/** Samples a path at equal distances, both ends included. Done once an edge, and again when an end moves. */
export function tabulate(route: Route): PathTable {
  const line = flattenRoute(route);
  let length = 0;
  for (let at = 2; at < line.length; at += 2)
    length += Math.hypot(line[at] - line[at - 2], line[at + 1] - line[at - 1]);
  const count = Math.max(2, Math.ceil(length / SPACING) + 1);
  const points = new Float64Array(count * 2);
  const step = length / (count - 1);
  let at = 2;
  let walked = 0;
  for (let index = 0; index < count; index++) {
    const wanted = index * step;
    let stretch = Math.hypot(line[at] - line[at - 2], line[at + 1] - line[at - 1]);
    while (at + 2 < line.length && walked + stretch < wanted) {
      walked += stretch;
      at += 2;
      stretch = Math.hypot(line[at] - line[at - 2], line[at + 1] - line[at - 1]);
    }
    const share = stretch > 0 ? Math.min(1, (wanted - walked) / stretch) : 0;
    points[index * 2] = line[at - 2] + (line[at] - line[at - 2]) * share;
    points[index * 2 + 1] = line[at - 1] + (line[at + 1] - line[at - 1]) * share;
  }
  return { points, count, length };
}

/** The place at a share (0 to 1) of the way, between the two nearest points, written into `out` to spare garbage. */
export function placeOnPath(table: PathTable, share: number, out: { x: number; y: number }): void {
  const { points, count } = table;
  const at = Math.min(1, Math.max(0, share)) * (count - 1);
  const index = Math.min(count - 2, Math.floor(at));
  const rest = at - index;
  const from = index * 2;
  out.x = points[from] + (points[from + 2] - points[from]) * rest;
  out.y = points[from + 1] + (points[from + 3] - points[from + 1]) * rest;
}

function quad(from: number, control: number, to: number, t: number): number {
  const u = 1 - t;
  return u * u * from + 2 * u * t * control + t * t * to;
}

function cubic(from: number, a: number, b: number, to: number, t: number): number {
  const u = 1 - t;
  return u * u * u * from + 3 * u * u * t * a + 3 * u * t * t * b + t * t * t * to;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
