import type { DesignGroup, DesignNode } from '../../design/types.ts';
import type { Rect } from './edge-routes.ts';

/** Where the frame of a group lies, in canvas units. */
export interface GroupFrame extends Rect {
  id: string;
  name: string;
}

interface PlacedNode {
  id: string;
  position: { x: number; y: number };
  width?: number;
  height?: number;
}

const PADDING = 16;
/** Room for the name above the cards. */
const HEAD = 32;

/** The frames of all groups that hold a card, outer ones first so that inner ones lie on top. */
export function groupFrames(
  groups: readonly DesignGroup[],
  nodes: readonly DesignNode[],
  cards: readonly PlacedNode[],
): GroupFrame[] {
  const byId = new Map(groups.map((group) => [group.id, group]));
  const groupOf = new Map(nodes.map((node) => [node.id, node.group]));
  const boxes = new Map<string, Rect>();
  const depth = (id: string): number => {
    const parent = byId.get(id)?.parent;
    return parent === undefined ? 0 : 1 + depth(parent);
  };
  const around = (id: string | undefined, inner: Rect): void => {
    if (id === undefined || !byId.has(id)) return;
    const before = boxes.get(id);
    boxes.set(id, before ? union(before, inner) : inner);
  };
  for (const { id, position, width = 0, height = 0 } of cards) {
    around(groupOf.get(id), padded({ ...position, width, height }));
  }
  const innerFirst = groups.toSorted((a, b) => depth(b.id) - depth(a.id));
  for (const { id, parent } of innerFirst) {
    const box = boxes.get(id);
    if (box) around(parent, padded(box));
  }
  return innerFirst
    .toReversed()
    .flatMap(({ id, name }) => (boxes.has(id) ? [{ id, name, ...boxes.get(id)! }] : []));
}

function padded({ x, y, width, height }: Rect): Rect {
  return { x: x - PADDING, y: y - HEAD, width: width + 2 * PADDING, height: height + HEAD + PADDING };
}

function union(a: Rect, b: Rect): Rect {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}
