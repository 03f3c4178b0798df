import type { DiagramState, DiagramTransition } from '../../../machines/diagram.ts';

/** A state as a pill. */
export interface Pill extends DiagramState {
  x: number;
  y: number;
  width: number;
}

/** All transitions between two states, as one arrow. */
export interface DiagramEdge {
  from: string;
  to: string;
  events: readonly string[];
  path: string;
}

const PILL_HEIGHT = 26;
const ROW_PITCH = 52;
const ARC_DEPTH = 22;
/** Room that a pill keeps for a blank and a count. */
const COUNT_LETTERS = 6;

/** "Preparing rebalance" shown as "Preparing", "Standing by" as it is: one word where two are too long for a pill. */
function pillLabel(label: string): string {
  return label.length > 12 ? label.split(' ')[0] : label;
}

/**
 * Places the states of each row evenly and joins them: neighbours by straight arrows, others of the same row by an arc
 * below it, rows by slanted lines. States that no row names come in rows of three at the end; those that are `counted`
 * have room for a number.
 */
export function layOutStatechart(
  states: readonly DiagramState[],
  transitions: readonly DiagramTransition[],
  rows: readonly (readonly string[])[],
  width: number,
  counted: readonly string[] = [],
): { pills: Pill[]; edges: DiagramEdge[]; height: number } {
  const byName = new Map(states.map((state) => [state.name, state]));
  const named = new Set(rows.flat());
  const rest = states.filter((state) => !named.has(state.name)).map((state) => state.name);
  const allRows = rows.map((row) => row.filter((name) => byName.has(name)));
  for (let at = 0; at < rest.length; at += 3) allRows.push(rest.slice(at, at + 3));

  const pills = new Map<string, Pill & { row: number; column: number }>();
  allRows.forEach((row, rowIndex) => {
    const widths = row.map((name) =>
      pillWidth(pillLabel(byName.get(name)!.label), counted.includes(name) ? COUNT_LETTERS : 0),
    );
    const gap = row.length > 1 ? (width - 2 - sum(widths)) / (row.length - 1) : 0;
    let x = row.length > 1 ? 1 : (width - widths[0]) / 2;
    row.forEach((name, column) => {
      const state = byName.get(name)!;
      pills.set(name, {
        ...state,
        label: pillLabel(state.label),
        x,
        y: rowIndex * ROW_PITCH + 2,
        width: widths[column],
        row: rowIndex,
        column,
      });
      x += widths[column] + gap;
    });
  });

  const pairs = new Map<string, { from: string; to: string; events: string[] }>();
  for (const { from, to, label } of transitions) {
    if (from === to || !pills.has(from) || !pills.has(to)) continue;
    const key = `${from} ${to}`;
    const pair = pairs.get(key) ?? { from, to, events: [] };
    pair.events.push(label);
    pairs.set(key, pair);
  }
  const edges = [...pairs.values()].map((pair) => ({
    ...pair,
    path: edgePath(pills.get(pair.from)!, pills.get(pair.to)!, pairs.has(`${pair.to} ${pair.from}`)),
  }));
  const lastRowHasArc = edges.some(({ from, to }) => {
    const [a, b] = [pills.get(from)!, pills.get(to)!];
    return a.row === allRows.length - 1 && b.row === a.row && Math.abs(a.column - b.column) > 1;
  });
  const height = (allRows.length - 1) * ROW_PITCH + PILL_HEIGHT + 4 + (lastRowHasArc ? ARC_DEPTH : 0);
  return { pills: [...pills.values()], edges, height };
}

type Placed = Pill & { row: number; column: number };

function edgePath(from: Placed, to: Placed, twoWay: boolean): string {
  const middle = (pill: Placed) => ({ x: pill.x + pill.width / 2, y: pill.y + PILL_HEIGHT / 2 });
  const [a, b] = [middle(from), middle(to)];
  if (from.row !== to.row) {
    const down = to.row > from.row;
    // The two directions between a pair run side by side, each on its own side of the middle.
    const shift = twoWay ? (down ? 5 : -5) : 0;
    const y1 = down ? from.y + PILL_HEIGHT : from.y;
    const y2 = down ? to.y - 1 : to.y + PILL_HEIGHT + 1;
    const bend = (y2 - y1) / 2;
    return `M${n(a.x + shift)} ${n(y1)}C${n(a.x + shift)} ${n(y1 + bend)} ${n(b.x + shift)} ${n(y2 - bend)} ${n(b.x + shift)} ${n(y2)}`;
  }
  const right = to.column > from.column;
  if (Math.abs(to.column - from.column) === 1) {
    const shift = twoWay ? (right ? -5 : 5) : 0;
    const x1 = right ? from.x + from.width : from.x;
    const x2 = right ? to.x - 1 : to.x + to.width + 1;
    return `M${n(x1)} ${n(a.y + shift)}H${n(x2)}`;
  }
  const bottom = from.y + PILL_HEIGHT;
  const low = bottom + ARC_DEPTH - 6;
  const [start, end] = [a.x, b.x];
  const turn = right ? 8 : -8;
  return `M${n(start)} ${n(bottom)}V${n(low - 8)}Q${n(start)} ${n(low)} ${n(start + turn)} ${n(low)}H${n(end - turn)}Q${n(end)} ${n(low)} ${n(end)} ${n(low - 8)}V${n(bottom + 1)}`;
}

function pillWidth(label: string, more: number): number {
  return Math.round((label.length + more) * 6.6 + 24);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
