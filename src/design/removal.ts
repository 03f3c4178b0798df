import { checkIds, missing } from './edit-checks.ts';
import type { Design, DesignEdge, DesignNode, Goal, NodePlace, ScheduledFault } from './types.ts';

/** What a removal took from each list, with the index it had there. */
export interface Removed {
  nodes: readonly At<DesignNode>[];
  edges: readonly At<DesignEdge>[];
  places: readonly At<NodePlace>[];
  faults: readonly At<ScheduledFault>[];
  goals: readonly At<Goal>[];
}

export interface At<Item> {
  at: number;
  item: Item;
}

interface Removal {
  nodes: readonly string[];
  edges: readonly string[];
}

/** What a removal of nodes and edges takes: them, and all that hangs on them. Throws an `EditError` if one is missing. */
export function removedBy(design: Design, edit: Removal): Removed {
  const nodes = new Set(edit.nodes);
  const edges = new Set(edit.edges);
  const known = new Set(design.nodes.map(({ id }) => id));
  for (const id of nodes) if (!known.has(id)) throw missing('node', id);
  const knownEdges = new Set(design.edges.map(({ id }) => id));
  for (const id of edges) if (!knownEdges.has(id)) throw missing('edge', id);
  const takenEdges = taken(
    design.edges,
    ({ id, from, to }) => edges.has(id) || nodes.has(from) || nodes.has(to),
  );
  const goneEdges = new Set(takenEdges.map(({ item }) => item.id));
  return {
    nodes: taken(design.nodes, ({ id }) => nodes.has(id)),
    edges: takenEdges,
    places: taken(design.layout.nodes, ({ id }) => nodes.has(id)),
    faults: taken(design.scenario.faults, ({ node, edge }) =>
      node === undefined ? edge !== undefined && goneEdges.has(edge) : nodes.has(node),
    ),
    goals: taken(design.goals, ({ node }) => node !== undefined && nodes.has(node)),
  };
}

function taken<Item>(items: readonly Item[], gone: (item: Item) => boolean): At<Item>[] {
  return items.flatMap((item, at) => (gone(item) ? [{ at, item }] : []));
}

/** The design without these nodes and edges and all that hangs on the nodes. */
export function remove(design: Design, edit: Removal): Design {
  const removed = removedBy(design, edit);
  return {
    ...design,
    nodes: without(design.nodes, removed.nodes),
    edges: without(design.edges, removed.edges),
    goals: without(design.goals, removed.goals),
    scenario: { ...design.scenario, faults: without(design.scenario.faults, removed.faults) },
    layout: { ...design.layout, nodes: without(design.layout.nodes, removed.places) },
  };
}

function without<Item>(items: readonly Item[], removed: readonly At<Item>[]): readonly Item[] {
  if (removed.length === 0) return items;
  const gone = new Set(removed.map(({ at }) => at));
  return items.filter((_, at) => !gone.has(at));
}

/** The design with all that a removal took, each entry at the index it had. */
export function restore(design: Design, removed: Removed): Design {
  const restored: Design = {
    ...design,
    nodes: putBack(design.nodes, removed.nodes),
    edges: putBack(design.edges, removed.edges),
    goals: putBack(design.goals, removed.goals),
    scenario: { ...design.scenario, faults: putBack(design.scenario.faults, removed.faults) },
    layout: { ...design.layout, nodes: putBack(design.layout.nodes, removed.places) },
  };
  checkIds(restored.nodes, 'node');
  checkIds(restored.edges, 'edge');
  const nodes = new Set(restored.nodes.map(({ id }) => id));
  for (const { item } of removed.edges) {
    for (const end of [item.from, item.to]) if (!nodes.has(end)) throw missing('node', end);
  }
  return restored;
}

/** The entries come by rising index, so each one finds its place when those before it are back. */
function putBack<Item>(items: readonly Item[], removed: readonly At<Item>[]): readonly Item[] {
  if (removed.length === 0) return items;
  const all: Item[] = [];
  let next = 0;
  for (const { at, item } of removed) {
    while (all.length < at && next < items.length) all.push(items[next++]);
    all.push(item);
  }
  return [...all, ...items.slice(next)];
}
