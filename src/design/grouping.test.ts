import { describe, expect, it } from 'vitest';
import { applyEdit, invertEdit } from './edits.ts';
import { groupEdit, groupMembers, renameGroupEdit, ungroupEdit } from './grouping.ts';
import { newDesign } from './new-design.ts';
import type { Design } from './types.ts';

const node = (id: string, group?: string) => ({
  id,
  kind: 'queue',
  name: id,
  fields: {},
  ...(group ? { group } : {}),
});
const nested: Design = {
  ...newDesign('d'),
  groups: [
    { id: 'inner', name: 'Inner', parent: 'outer' },
    { id: 'outer', name: 'Outer' },
  ],
  nodes: [node('a', 'inner'), node('b', 'inner'), node('c', 'outer'), node('d')],
};
const groupOf = (design: Design) => Object.fromEntries(design.nodes.map(({ id, group }) => [id, group]));

describe('grouping', () => {
  it('makes a group inside the one that all chosen nodes lie in', () => {
    const after = applyEdit(nested, groupEdit(nested, ['a', 'b'])!);
    expect(after.groups.at(-1)).toEqual({ id: 'group', name: 'Group', parent: 'inner' });
    expect(groupOf(after)).toEqual({ a: 'group', b: 'group', c: 'outer', d: undefined });
  });

  it('makes a group at the top for nodes of several groups, under a name of its own', () => {
    const once = applyEdit(nested, groupEdit(nested, ['a', 'd'])!);
    const twice = applyEdit(once, groupEdit(once, ['b', 'c'])!);
    expect(twice.groups.slice(-2)).toEqual([
      { id: 'group', name: 'Group' },
      { id: 'group-2', name: 'Group 2' },
    ]);
  });

  it('has nothing to do without nodes', () => {
    expect(groupEdit(nested, [])).toBeNull();
    expect(ungroupEdit(nested, ['d'])).toBeNull();
  });

  it('dissolves a group into the one around it, and its inner groups with it', () => {
    const inner = applyEdit(nested, ungroupEdit(nested, ['a'])!);
    expect(groupOf(inner)).toEqual({ a: 'outer', b: 'outer', c: 'outer', d: undefined });
    const outer = applyEdit(nested, ungroupEdit(nested, ['c'])!);
    expect(outer.groups).toEqual([{ id: 'inner', name: 'Inner' }]);
    expect(groupOf(outer)).toEqual({ a: 'inner', b: 'inner', c: undefined, d: undefined });
  });

  it.each([() => groupEdit(nested, ['a', 'd']), () => ungroupEdit(nested, ['a', 'c'])])(
    'is taken back by the inverse',
    (make) => {
      const edit = make()!;
      expect(applyEdit(applyEdit(nested, edit), invertEdit(nested, edit))).toEqual(nested);
    },
  );

  it('knows the members of a group through the groups inside it, and renames', () => {
    expect(groupMembers(nested, 'outer')).toEqual(['a', 'b', 'c']);
    expect(applyEdit(nested, renameGroupEdit(nested, 'inner', 'New')).groups[0].name).toBe('New');
  });
});
