import type { NodePlace } from './types.ts';

/** From the left of one column to the next: the widest card and room for edges. */
const COLUMN = 272;
/** From one card to the next below it: at least so much, and so much beyond a card that is higher. */
const ROW = 216;
const BELOW = 40;
/** Most cards in a column; what is beyond goes to a column of its own beside it. */
const COLUMN_MOST = 8;
/** Most columns side by side; what is beyond goes below, so that no file leads out of the canvas. */
const BAND_MOST = 40;
/** Columns left free between parts of a design that have nothing to do with each other. */
const GAP = 0.5;

interface Link {
  from: string;
  to: string;
}

/**
 * Places for nodes of a file that gives none: each to the right of what it gets messages from, one that gets none just
 * before the first that it sends to, in the order of the file, below `top`. An edge that leads back in a circle is not
 * looked at. Parts without an edge between them stand one below the other, and side by side when that gets too high.
 * The middles of cards are in line, so that an edge to the next is straight; `heightOf` says how high a card is.
 */
export function freePlaces(
  ids: readonly string[],
  links: readonly Link[],
  top: number,
  heightOf: (id: string) => number,
): NodePlace[] {
  const places = new Map<string, NodePlace>();
  const heightIn = (column: readonly string[]) =>
    column.reduce((sum, id) => sum + roomBelow(heightOf(id)), 0);
  // Where the next part goes: its column, its top, and how many columns the pile has that it goes to.
  let [left, above, wide] = [0, top, 0];
  let [shelf, shelfEnd] = [top, top];
  for (const part of partsOf(ids, links)) {
    const columns = columnsOf(part);
    const high = Math.max(...columns.map(heightIn));
    const bands = Math.ceil(columns.length / BAND_MOST);
    const width = Math.min(columns.length, BAND_MOST);
    if (above > shelf && above + high * bands > shelf + COLUMN_MOST * ROW)
      [left, above, wide] = [left + wide + GAP, shelf, 0];
    if (left > 0 && left + width > BAND_MOST) {
      shelf = shelfEnd;
      [left, above, wide] = [0, shelf, 0];
    }
    columns.forEach((column, at) => {
      const x = (left + (at % BAND_MOST)) * COLUMN;
      let y = above + Math.floor(at / BAND_MOST) * high + (high - heightIn(column)) / 2;
      for (const id of column) {
        const room = roomBelow(heightOf(id));
        places.set(id, { id, x, y: Math.round(y + (room - heightOf(id)) / 2) });
        y += room;
      }
    });
    above += high * bands;
    wide = Math.max(wide, width);
    shelfEnd = Math.max(shelfEnd, above);
  }
  const highest = [...places.values()].reduce((least, { y }) => Math.min(least, y), Infinity);
  return ids.map((id) => ({ ...places.get(id)!, y: places.get(id)!.y - highest + top }));
}

/** From the top of a card of this height to where the next one may begin. */
export function roomBelow(height: number): number {
  return Math.max(ROW, height + BELOW);
}

interface Part {
  ids: string[];
  links: Link[];
}

/** The parts that no edge joins, in the order of the file; last, as one, the nodes without edges. */
function partsOf(ids: readonly string[], links: readonly Link[]): Part[] {
  const leader = new Map(ids.map((id) => [id, id]));
  const leaderOf = (id: string): string => {
    let first = id;
    for (let above = leader.get(first)!; above !== first; above = leader.get(first)!) first = above;
    // Shortens the way for those who ask later.
    for (let at = id; at !== first;) {
      const above = leader.get(at)!;
      leader.set(at, first);
      at = above;
    }
    return first;
  };
  const inside = links.filter(({ from, to }) => leader.has(from) && leader.has(to) && from !== to);
  for (const { from, to } of inside) leader.set(leaderOf(to), leaderOf(from));
  const joined = new Set(inside.flatMap(({ from, to }) => [from, to]));
  const parts = new Map<string, Part>();
  const loners: Part = { ids: [], links: [] };
  for (const id of ids) {
    const key = leaderOf(id);
    if (!joined.has(id)) loners.ids.push(id);
    else if (parts.has(key)) parts.get(key)!.ids.push(id);
    else parts.set(key, { ids: [id], links: [] });
  }
  for (const link of inside) parts.get(leaderOf(link.from))!.links.push(link);
  return loners.ids.length === 0 ? [...parts.values()] : [...parts.values(), loners];
}

/** The nodes of a part in columns, each behind those that feed it. */
function columnsOf({ ids, links }: Part): string[][] {
  const columns: string[][] = [];
  const depths = depthsOf(ids, links);
  const layers: string[][] = [];
  for (const id of ids) (layers[depths.get(id)!] ??= []).push(id);
  for (const members of layers) {
    for (let at = 0; at < members.length; at += COLUMN_MOST)
      columns.push(members.slice(at, at + COLUMN_MOST));
  }
  return columns;
}

/** Of each node: how many others, at most, stand in line before it. */
function depthsOf(ids: readonly string[], links: readonly Link[]): Map<string, number> {
  const following = new Map<string, string[]>(ids.map((id) => [id, []]));
  const waitsFor = new Map(ids.map((id) => [id, 0]));
  for (const { from, to } of links) {
    following.get(from)!.push(to);
    waitsFor.set(to, waitsFor.get(to)! + 1);
  }
  const depths = new Map<string, number>();
  const reached = new Map<string, number>();
  const ready = ids.filter((id) => waitsFor.get(id) === 0);
  // Where all that is left stands in circles or behind them, one that something leads to already begins.
  const reachedFirst: string[] = [];
  let [atReached, at] = [0, 0];
  while (depths.size < ids.length) {
    const id = ready.pop() ?? reachedFirst[atReached++] ?? ids[at++];
    if (depths.has(id)) continue;
    const depth = reached.get(id) ?? 0;
    depths.set(id, depth);
    for (const to of following.get(id)!) {
      if (!reached.has(to)) reachedFirst.push(to);
      reached.set(to, Math.max(reached.get(to) ?? 0, depth + 1));
      waitsFor.set(to, waitsFor.get(to)! - 1);
      if (waitsFor.get(to) === 0) ready.push(to);
    }
  }
  for (const id of ids) {
    const targets = following.get(id)!.map((to) => depths.get(to)!);
    if (!reached.has(id) && targets.length > 0) depths.set(id, Math.max(0, Math.min(...targets) - 1));
  }
  return depths;
}
