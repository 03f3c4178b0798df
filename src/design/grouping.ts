import type { Edit } from './edits.ts';
import { freshId, freshName } from './names.ts';
import type { Design, DesignGroup } from './types.ts';

/**
 * The edit that puts nodes into a new group, inside the group that they all lie in now, if there is one. Null for no
 * nodes.
 */
export function groupEdit(design: Design, nodes: Iterable<string>): Edit | null {
  const chosen = new Set(nodes);
  const members = design.nodes.filter(({ id }) => chosen.has(id));
  if (members.length === 0) return null;
  const parents = new Set(members.map(({ group }) => group));
  const parent = parents.size === 1 ? members[0].group : undefined;
  const name = freshName(new Set(design.groups.map((group) => group.name)), 'Group');
  const id = freshId(new Set(design.groups.map((group) => group.id)), name, 'group');
  const group: DesignGroup = parent === undefined ? { id, name } : { id, name, parent };
  return {
    type: 'batch',
    label: members.length === 1 ? 'Group 1 card' : `Group ${members.length} cards`,
    edits: [
      { type: 'set-groups', groups: [...design.groups, group] },
      { type: 'set-node-group', nodes: members.map((member) => member.id), group: id },
    ],
  };
}

/** The edit that dissolves the groups that hold these nodes directly; what was in them moves out by one. */
export function ungroupEdit(design: Design, nodes: Iterable<string>): Edit | null {
  const chosen = new Set(nodes);
  const gone = new Set(design.nodes.flatMap(({ id, group }) => (chosen.has(id) && group ? [group] : [])));
  if (gone.size === 0) return null;
  const parentOf = new Map(design.groups.map(({ id, parent }) => [id, parent]));
  const survivor = (group: string | undefined): string | undefined =>
    group !== undefined && gone.has(group) ? survivor(parentOf.get(group)) : group;
  const groups = design.groups
    .filter(({ id }) => !gone.has(id))
    .map(({ parent, ...group }): DesignGroup => {
      const kept = survivor(parent);
      return kept === undefined ? group : { ...group, parent: kept };
    });
  const moves = [...gone].map((group): Edit => {
    const members = design.nodes.filter((node) => node.group === group).map(({ id }) => id);
    const target = survivor(group);
    return target === undefined
      ? { type: 'set-node-group', nodes: members }
      : { type: 'set-node-group', nodes: members, group: target };
  });
  const label = gone.size === 1 ? 'Dissolve a group' : `Dissolve ${gone.size} groups`;
  return { type: 'batch', label, edits: [...moves, { type: 'set-groups', groups }] };
}

/** The edit that renames a group. */
export function renameGroupEdit(design: Design, id: string, name: string): Edit {
  return {
    type: 'set-groups',
    groups: design.groups.map((group) => (group.id === id ? { ...group, name } : group)),
  };
}

/** Ids of the nodes in a group or in a group inside it. */
export function groupMembers(design: Design, group: string): string[] {
  const inside = new Set([group]);
  // A parent may stand after its child in the list, so pass over it until nothing is added.
  for (let size = 0; size !== inside.size;) {
    size = inside.size;
    for (const { id, parent } of design.groups)
      if (parent !== undefined && inside.has(parent)) inside.add(id);
  }
  return design.nodes
    .filter((node) => node.group !== undefined && inside.has(node.group))
    .map(({ id }) => id);
}
