import {
  checkCount,
  checkGroups,
  checkIds,
  checkName,
  checkScenario,
  EditError,
  missing,
} from './edit-checks.ts';
import { changeOne, find, withOptional } from './edit-lists.ts';
import { fieldOf, setEdgeField, setField } from './field-edits.ts';
import { LIMITS } from './limits.ts';
import { type Removed, remove, removedBy, restore } from './removal.ts';
import type {
  Design,
  DesignEdge,
  DesignGroup,
  DesignNode,
  Goal,
  Json,
  MessageType,
  NodePlace,
  Chaos,
  ScheduledFault,
} from './types.ts';
import { countOf, groupDigits, showText } from './wording.ts';

/**
 * A change of a design, as a value that survives JSON. `applyEdit` gives the new design, `invertEdit` (against the
 * design before) the edit that takes it back. An edit that names something missing is refused by a thrown
 * `EditError`, never applied in part.
 */
export type Edit =
  /** Each node comes with its place. */
  | {
      type: 'add-nodes';
      nodes: readonly DesignNode[];
      places: readonly NodePlace[];
      edges: readonly DesignEdge[];
    }
  /** Takes the edges, places, faults and goals of the nodes, and the faults of the edges, with them. */
  | { type: 'remove'; nodes: readonly string[]; edges: readonly string[] }
  /** Puts back what a removal took, each entry at the index it had. Made by `invertEdit` only. */
  | { type: 'restore'; removed: Removed }
  | { type: 'add-edge'; edge: DesignEdge }
  | { type: 'move'; places: readonly NodePlace[] }
  | { type: 'rename-node'; node: string; name: string }
  /** `value` undefined takes the kind's default. */
  | { type: 'set-field'; node: string; field: string; value?: Json }
  | { type: 'set-edge-label'; edge: string; label?: string }
  /** `value` undefined takes the default. */
  | { type: 'set-edge-field'; edge: string; field: string; value?: Json }
  | { type: 'set-node-group'; nodes: readonly string[]; group?: string }
  /** Nodes of a group that is no longer there lie in none. */
  | { type: 'set-groups'; groups: readonly DesignGroup[] }
  | { type: 'rename-design'; name: string }
  | { type: 'set-message-types'; messageTypes: readonly MessageType[] }
  | { type: 'set-scenario'; horizonMs?: number; warmUpMs?: number; seed?: number | string }
  | { type: 'set-faults'; faults: readonly ScheduledFault[] }
  /** `chaos` undefined for no random faults. */
  | { type: 'set-chaos'; chaos?: Chaos }
  | { type: 'set-goals'; goals: readonly Goal[] }
  /** Several as one step of undo. */
  | { type: 'batch'; label: string; edits: readonly Edit[] };

export { EditError };

/** The design after an edit; throws an `EditError` and changes nothing if the edit does not fit the design. */
export function applyEdit(design: Design, edit: Edit): Design {
  switch (edit.type) {
    case 'add-nodes':
      return addNodes(design, edit);
    case 'remove':
      return remove(design, edit);
    case 'restore':
      return restore(design, edit.removed);
    case 'add-edge':
      return addEdges(design, [edit.edge]);
    case 'move':
      return move(design, edit.places);
    case 'rename-node':
      checkName(edit.name);
      return {
        ...design,
        nodes: changeOne(design.nodes, edit.node, 'node', (node) => ({ ...node, name: edit.name })),
      };
    case 'set-field':
      return setField(design, edit.node, edit.field, edit.value);
    case 'set-edge-label':
      if (edit.label !== undefined) checkName(edit.label);
      return {
        ...design,
        edges: changeOne(design.edges, edit.edge, 'edge', (edge) => withOptional(edge, 'label', edit.label)),
      };
    case 'set-edge-field':
      return setEdgeField(design, edit.edge, edit.field, edit.value);
    case 'set-node-group':
      return setNodeGroup(design, edit.nodes, edit.group);
    case 'set-groups':
      return setGroups(design, edit.groups);
    case 'rename-design':
      checkName(edit.name);
      return { ...design, name: edit.name };
    case 'set-message-types':
      checkIds(edit.messageTypes, 'message type');
      return { ...design, messageTypes: edit.messageTypes };
    case 'set-scenario':
      return setScenario(design, edit);
    case 'set-chaos':
      return { ...design, scenario: withOptional(design.scenario, 'chaos', edit.chaos) };
    case 'set-faults':
      checkIds(edit.faults, 'fault');
      for (const { node, edge } of edit.faults) {
        if (edge === undefined) find(design.nodes, node ?? '', 'node');
        else find(design.edges, edge, 'edge');
      }
      return { ...design, scenario: { ...design.scenario, faults: edit.faults } };
    case 'set-goals':
      checkIds(edit.goals, 'goal');
      for (const goal of edit.goals) if (goal.node !== undefined) find(design.nodes, goal.node, 'node');
      return { ...design, goals: edit.goals };
    case 'batch':
      return edit.edits.reduce(applyEdit, design);
  }
}

/** The edit that takes `edit` back: applied to the design after it, it gives the design before it. */
export function invertEdit(before: Design, edit: Edit): Edit {
  switch (edit.type) {
    case 'add-nodes':
      return { type: 'remove', nodes: edit.nodes.map(({ id }) => id), edges: edit.edges.map(({ id }) => id) };
    case 'remove':
      return { type: 'restore', removed: removedBy(before, edit) };
    case 'restore':
      return {
        type: 'remove',
        nodes: edit.removed.nodes.map(({ item }) => item.id),
        edges: edit.removed.edges.map(({ item }) => item.id),
      };
    case 'add-edge':
      return { type: 'remove', nodes: [], edges: [edit.edge.id] };
    case 'move':
      return { type: 'move', places: edit.places.map(({ id }) => find(before.layout.nodes, id, 'place')) };
    case 'rename-node':
      return { ...edit, name: find(before.nodes, edit.node, 'node').name };
    case 'set-field':
      return { ...edit, value: fieldOf(find(before.nodes, edit.node, 'node').fields, edit.field) };
    case 'set-edge-label':
      return { ...edit, label: find(before.edges, edit.edge, 'edge').label };
    case 'set-edge-field':
      return { ...edit, value: fieldOf(find(before.edges, edit.edge, 'edge').fields, edit.field) };
    case 'set-node-group':
      return regroup(before, edit.nodes);
    case 'set-groups': {
      const kept = new Set(edit.groups.map(({ id }) => id));
      const left = before.nodes.filter(({ group }) => group !== undefined && !kept.has(group));
      return batch([
        { type: 'set-groups', groups: before.groups },
        regroup(
          before,
          left.map(({ id }) => id),
        ),
      ]);
    }
    case 'rename-design':
      return { ...edit, name: before.name };
    case 'set-message-types':
      return { ...edit, messageTypes: before.messageTypes };
    case 'set-scenario': {
      const { horizonMs, warmUpMs, seed } = before.scenario;
      return {
        type: 'set-scenario',
        ...(edit.horizonMs === undefined ? {} : { horizonMs }),
        ...(edit.warmUpMs === undefined ? {} : { warmUpMs }),
        ...(edit.seed === undefined ? {} : { seed }),
      };
    }
    case 'set-chaos':
      return { ...edit, chaos: before.scenario.chaos };
    case 'set-faults':
      return { ...edit, faults: before.scenario.faults };
    case 'set-goals':
      return { ...edit, goals: before.goals };
    case 'batch': {
      let design = before;
      const inverses = edit.edits.map((step) => {
        const inverse = invertEdit(design, step);
        design = applyEdit(design, step);
        return inverse;
      });
      return batch(inverses.reverse(), edit.label);
    }
  }
}

/** What an edit does, for a menu or a tooltip: "Move 3 cards". */
export function describeEdit(edit: Edit): string {
  switch (edit.type) {
    case 'add-nodes':
      return edit.nodes.length === 1 ? `Add ${showText(edit.nodes[0].name)}` : `Add ${cards(edit.nodes)}`;
    case 'remove':
      return `Delete ${cardsAndEdges(edit.nodes.length, edit.edges.length)}`;
    case 'restore':
      return `Bring back ${cardsAndEdges(edit.removed.nodes.length, edit.removed.edges.length)}`;
    case 'add-edge':
      return 'Connect two cards';
    case 'move':
      return `Move ${cards(edit.places)}`;
    case 'rename-node':
      return `Rename a card to ${showText(edit.name)}`;
    case 'set-field':
      return edit.value === undefined ? `Reset ${edit.field}` : `Change ${edit.field}`;
    case 'set-edge-label':
      return 'Label an edge';
    case 'set-edge-field':
      return edit.value === undefined ? `Reset ${edit.field} of an edge` : `Change ${edit.field} of an edge`;
    case 'set-node-group':
      return edit.group === undefined ? `Ungroup ${cards(edit.nodes)}` : `Group ${cards(edit.nodes)}`;
    case 'set-groups':
      return 'Change groups';
    case 'rename-design':
      return `Rename the design to ${showText(edit.name)}`;
    case 'set-message-types':
      return 'Change message types';
    case 'set-scenario':
      return 'Change the scenario';
    case 'set-chaos':
      return 'Change random faults';
    case 'set-faults':
      return 'Change scheduled faults';
    case 'set-goals':
      return 'Change goals';
    case 'batch':
      return edit.label;
  }
}

function cards(items: readonly unknown[]): string {
  return countOf(items.length, 'card');
}

function cardsAndEdges(nodes: number, edges: number): string {
  if (nodes === 0) return countOf(edges, 'edge');
  return edges === 0 ? countOf(nodes, 'card') : `${countOf(nodes, 'card')} and ${countOf(edges, 'edge')}`;
}

function addNodes(design: Design, edit: Extract<Edit, { type: 'add-nodes' }>): Design {
  const nodes = [...design.nodes, ...edit.nodes];
  checkIds(nodes, 'node');
  checkCount(nodes, LIMITS.nodes, 'nodes');
  checkNodes(edit.nodes, edit.places, design.groups);
  const layout = { ...design.layout, nodes: [...design.layout.nodes, ...edit.places] };
  return addEdges({ ...design, nodes, layout }, edit.edges);
}

function checkNodes(
  nodes: readonly DesignNode[],
  places: readonly NodePlace[],
  groups: readonly DesignGroup[],
): void {
  checkIds(places, 'place');
  const added = new Set(nodes.map(({ id }) => id));
  const stray = places.find(({ id }) => !added.has(id));
  if (stray) throw new EditError(`The place of ${showText(stray.id)} belongs to no added node.`);
  if (places.length !== nodes.length) {
    throw new EditError(
      `Found ${countOf(places.length, 'place')} for ${countOf(nodes.length, 'node')}, expected one each.`,
    );
  }
  places.forEach(checkPlace);
  for (const node of nodes) {
    checkName(node.name);
    if (node.group !== undefined) find(groups, node.group, 'group');
  }
}

function addEdges(design: Design, added: readonly DesignEdge[]): Design {
  if (added.length === 0) return design;
  const edges = [...design.edges, ...added];
  checkIds(edges, 'edge');
  checkCount(edges, LIMITS.edges, 'edges');
  const nodes = new Set(design.nodes.map(({ id }) => id));
  for (const edge of added) {
    for (const end of [edge.from, edge.to]) if (!nodes.has(end)) throw missing('node', end);
  }
  return { ...design, edges };
}

function move(design: Design, places: readonly NodePlace[]): Design {
  places.forEach(checkPlace);
  const moved = new Map(places.map((place) => [place.id, place]));
  const known = new Set(design.layout.nodes.map(({ id }) => id));
  for (const id of moved.keys()) if (!known.has(id)) throw missing('place', id);
  const nodes = design.layout.nodes.map((place) => {
    const to = moved.get(place.id);
    return to ? { ...place, x: to.x, y: to.y } : place;
  });
  return { ...design, layout: { ...design.layout, nodes } };
}

function checkPlace({ id, x, y }: NodePlace): void {
  if (Math.abs(x) <= LIMITS.place && Math.abs(y) <= LIMITS.place) return;
  const most = groupDigits(LIMITS.place);
  throw new EditError(`Found ${x}, ${y} as the place of ${showText(id)}, expected numbers up to ${most}.`);
}

function setNodeGroup(design: Design, ids: readonly string[], group: string | undefined): Design {
  if (group !== undefined) find(design.groups, group, 'group');
  const chosen = new Set(ids);
  const known = new Set(design.nodes.map(({ id }) => id));
  for (const id of chosen) if (!known.has(id)) throw missing('node', id);
  return {
    ...design,
    nodes: design.nodes.map((node) => (chosen.has(node.id) ? withOptional(node, 'group', group) : node)),
  };
}

/** The edit that puts these nodes back into the groups they lie in now. */
function regroup(design: Design, ids: readonly string[]): Edit {
  const chosen = new Set(ids);
  const byGroup = new Map<string | undefined, string[]>();
  for (const { id, group } of design.nodes) {
    if (!chosen.has(id)) continue;
    const members = byGroup.get(group) ?? [];
    members.push(id);
    byGroup.set(group, members);
  }
  return batch(
    [...byGroup].map(([group, nodes]): Edit => ({
      type: 'set-node-group',
      nodes,
      ...(group === undefined ? {} : { group }),
    })),
  );
}

function setGroups(design: Design, groups: readonly DesignGroup[]): Design {
  checkIds(groups, 'group');
  checkGroups(groups);
  const kept = new Set(groups.map(({ id }) => id));
  const nodes = design.nodes.map((node) =>
    node.group === undefined || kept.has(node.group) ? node : withOptional(node, 'group', undefined),
  );
  return { ...design, groups, nodes };
}

function setScenario(design: Design, edit: Extract<Edit, { type: 'set-scenario' }>): Design {
  const { horizonMs, warmUpMs, seed } = design.scenario;
  const scenario = {
    ...design.scenario,
    horizonMs: edit.horizonMs ?? horizonMs,
    warmUpMs: edit.warmUpMs ?? warmUpMs,
    seed: edit.seed ?? seed,
  };
  checkScenario(scenario);
  return { ...design, scenario };
}

function batch(edits: readonly Edit[], label = 'Several changes'): Edit {
  return edits.length === 1 ? edits[0] : { type: 'batch', label, edits };
}
