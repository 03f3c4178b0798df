import { deepStrictEqual } from 'node:assert/strict';
import { test } from '../testing/property.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { designArbitrary, editArbitrary } from '../testing/design-generator.ts';
import { applyEdit, describeEdit, type Edit, EditError, invertEdit } from './edits.ts';
import { newDesign } from './new-design.ts';
import { parseDesign } from './parse-design.ts';
import { serializeDesign } from './serialize-design.ts';
import type { Design } from './types.ts';

const design: Design = {
  ...newDesign(),
  groups: [{ id: 'g', name: 'Group' }],
  nodes: ['a', 'b', 'c'].map((id) => ({ id, kind: 'queue', name: id, fields: {}, group: 'g' })),
  edges: [
    { id: 'ab', from: 'a', fromPort: 'out', to: 'b', toPort: 'in' },
    { id: 'bc', from: 'b', fromPort: 'out', to: 'c', toPort: 'in' },
    { id: 'ac', from: 'a', fromPort: 'out', to: 'c', toPort: 'in' },
  ],
  scenario: {
    ...newDesign().scenario,
    faults: [{ id: 'f', atMs: 1, node: 'b', fault: 'stop', args: {} }],
  },
  goals: [
    { id: 'all', figure: 'lag', atMost: 1 },
    { id: 'of-b', node: 'b', figure: 'lag', atMost: 1 },
  ],
  layout: { nodes: ['a', 'b', 'c'].map((id) => ({ id, x: 0, y: 0 })) },
};

describe('edits', () => {
  const designAndEdit = designArbitrary.chain((made) => fc.tuple(fc.constant(made), editArbitrary(made)));

  test.prop([designAndEdit], { seed: 2, numRuns: 1500 })(
    'are taken back by their inverse, survive JSON, and leave a document that can be saved',
    ([before, edit]) => {
      const after = applyEdit(before, edit);
      const sent = JSON.parse(JSON.stringify(edit)) as Edit;
      expect(applyEdit(before, sent)).toEqual(after);

      const inverse = JSON.parse(JSON.stringify(invertEdit(before, edit))) as Edit;
      const back = applyEdit(after, inverse);
      // Not `toStrictEqual`, which takes a field called constructor for the type of the object.
      deepStrictEqual(back, before);
      deepStrictEqual(applyEdit(back, invertEdit(after, inverse)), after);
      expect(serializeDesign(back)).toBe(serializeDesign(before));

      const saved = parseDesign(serializeDesign(after));
      expect(saved.design).toEqual(after);
      expect(describeEdit(edit)).not.toBe('');
    },
  );

  it('that remove an edge take its faults, and the inverse puts them back', () => {
    const faults = [
      { id: 'of-edge', atMs: 1, edge: 'ab', fault: 'partition', args: {} },
      { id: 'of-node', atMs: 2, node: 'b', fault: 'stop', args: {} },
    ];
    const before = applyEdit(design, { type: 'set-faults', faults });
    const edit: Edit = { type: 'remove', nodes: [], edges: ['ab'] };
    const after = applyEdit(before, edit);
    expect(after.scenario.faults.map(({ id }) => id)).toEqual(['of-node']);
    expect(applyEdit(after, invertEdit(before, edit))).toEqual(before);
    const gone = applyEdit(before, { type: 'remove', nodes: ['a'], edges: [] });
    expect(gone.scenario.faults.map(({ id }) => id)).toEqual(['of-node']);
  });

  it('that set random faults are taken back, and the faults are saved with the scenario', () => {
    const chaos = { perMinute: 2, healAfterMs: 5000, faults: ['crash'] };
    const edit: Edit = { type: 'set-chaos', chaos };
    const after = applyEdit(design, edit);
    expect(parseDesign(serializeDesign(after)).design!.scenario.chaos).toEqual(chaos);
    expect(applyEdit(after, invertEdit(design, edit))).toEqual(design);
    expect(describeEdit(edit)).toBe('Change random faults');
  });

  test('that remove a node take its edges, place, faults and goals, and the inverse puts all back in order', () => {
    const edit: Edit = { type: 'remove', nodes: ['b'], edges: [] };
    const after = applyEdit(design, edit);
    expect(after.nodes.map(({ id }) => id)).toEqual(['a', 'c']);
    expect(after.edges.map(({ id }) => id)).toEqual(['ac']);
    expect(after.layout.nodes.map(({ id }) => id)).toEqual(['a', 'c']);
    expect(after.scenario.faults).toEqual([]);
    expect(after.goals.map(({ id }) => id)).toEqual(['all']);
    expect(applyEdit(after, invertEdit(design, edit))).toEqual(design);
  });

  test('that drop a group free its nodes', () => {
    const after = applyEdit(design, { type: 'set-groups', groups: [] });
    expect(after.nodes.every((node) => !('group' in node))).toBe(true);
  });

  it.for<[Edit, string]>([
    [{ type: 'rename-node', node: 'toString', name: 'x' }, 'There is no node "toString" in this design.'],
    [{ type: 'remove', nodes: [], edges: ['gone'] }, 'There is no edge "gone" in this design.'],
    [
      { type: 'move', places: [{ id: 'a', x: NaN, y: 0 }] },
      'Found NaN, 0 as the place of "a", expected numbers up to 1,000,000.',
    ],
    [{ type: 'set-field', node: 'a', field: '__proto__', value: 1 }, 'No field may be called "__proto__".'],
    [{ type: 'add-edge', edge: design.edges[0] }, 'The id "ab" is taken by another edge; ids must differ.'],
    [
      { type: 'set-groups', groups: [{ id: 'x', name: 'x', parent: 'x' }] },
      'Group "x": found "x" inside itself, expected no circle of parents.',
    ],
    [
      { type: 'set-scenario', horizonMs: 0 },
      'Found a horizon of 0 ms, expected more than 0 and at most 2,592,000,000 ms (30 days).',
    ],
    [{ type: 'set-node-group', nodes: ['a'], group: 'none' }, 'There is no group "none" in this design.'],
    [
      {
        type: 'add-nodes',
        nodes: [{ id: 'n', kind: 'queue', name: 'n', fields: {} }],
        places: [],
        edges: [],
      },
      'Found 0 places for 1 node, expected one each.',
    ],
  ])('that do not fit are refused: %j', ([edit, message]) => {
    expect(() => applyEdit(design, edit)).toThrow(EditError);
    expect(() => applyEdit(design, edit)).toThrow(message);
  });

  test('of a batch are refused as a whole', () => {
    const edit: Edit = {
      type: 'batch',
      label: 'x',
      edits: [
        { type: 'rename-design', name: 'changed' },
        { type: 'remove', nodes: ['gone'], edges: [] },
      ],
    };
    expect(() => applyEdit(design, edit)).toThrow('There is no node "gone"');
    expect(() => invertEdit(design, edit)).toThrow('There is no node "gone"');
  });

  test('have labels for the undo menu', () => {
    expect(describeEdit({ type: 'move', places: design.layout.nodes })).toBe('Move 3 cards');
    expect(describeEdit({ type: 'remove', nodes: ['a'], edges: ['bc', 'ac'] })).toBe(
      'Delete 1 card and 2 edges',
    );
    expect(describeEdit({ type: 'rename-node', node: 'a', name: 'orders' })).toBe(
      'Rename a card to "orders"',
    );
  });
});
