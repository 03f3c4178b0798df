import type { NodePlace } from './types.ts';

/** Distances that the widest card, and a topic of four partitions, leave room in. */
const COLUMN = 272;
export const ROW = 216;
/** Most cards in a column; what is beyond goes to a column of its own beside it. */
const COLUMN_MOST = 8;
/** Most columns side by side; what is beyond goes below, so that no file leads out of the canvas. */
const BAND_MOST = 40;

interface Link {
  from: string;
  to: string;
}

/**
 * Places for nodes of a file that gives none: each to the right of what it gets messages from, one that gets none just
 * before the first that it sends to, in the order of the file, below `top`. An edge that leads back in a circle is not
 * looked at.
 */
export function freePlaces(ids: readonly string[], links: readonly Link[], top: number): NodePlace[] {
  const columns: string[][] = [];
  const depths = depthsOf(ids, links);
  const layers: string[][] = [];
  for (const id of ids) (layers[depths.get(id)!] ??= []).push(id);
  for (const members of layers) {
    for (let at = 0; at < members.length; at += COLUMN_MOST)
      columns.push(members.slice(at, at + COLUMN_MOST));
  }
  const rows = columns.reduce((most, { length }) => Math.max(most, length), 0);
  const places = new Map<string, NodePlace>();
  columns.forEach((column, at) => {
    const x = (at % BAND_MOST) * COLUMN;
    const first = Math.floor(at / BAND_MOST) * rows + (rows - column.length) / 2;
    column.forEach((id, row) => places.set(id, { id, x, y: top + (first + row) * ROW }));
  });
  return ids.map((id) => places.get(id)!);
}

/** Of each node: how many others, at most, stand in line before it. */
function depthsOf(ids: readonly string[], links: readonly Link[]): Map<string, number> {
  const following = new Map<string, string[]>(ids.map((id) => [id, []]));
  const inside = links.filter(({ from, to }) => following.has(from) && following.has(to) && from !== to);
  const waitsFor = new Map(ids.map((id) => [id, 0]));
  for (const { from, to } of inside) {
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
