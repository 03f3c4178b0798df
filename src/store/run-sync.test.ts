import { describe, expect, it } from 'vitest';
import { applyEdit, type Edit } from '../design/edits.ts';
import { newDesign } from '../design/new-design.ts';
import { decideSync } from './run-sync.ts';

const base = applyEdit(newDesign(), {
  type: 'batch',
  label: 'Set up',
  edits: [
    { type: 'set-groups', groups: [{ id: 'g', name: 'Group' }] },
    {
      type: 'add-nodes',
      nodes: [
        { id: 'a', kind: 'producer', name: 'Shop', fields: {} },
        { id: 'q', kind: 'queue', name: 'Orders', fields: {} },
        { id: 'x', kind: 'wormhole', name: 'X', fields: { depth: 1 } },
      ],
      places: ['a', 'q', 'x'].map((id, index) => ({ id, x: index * 100, y: 0 })),
      edges: [{ id: 'e', from: 'a', fromPort: 'out', to: 'q', toPort: 'in' }],
    },
  ],
});

function decide(edit: Edit) {
  return decideSync(base, applyEdit(base, edit));
}

describe('an edit that the run does not know', () => {
  it.each<[string, Edit]>([
    ['a move', { type: 'move', places: [{ id: 'a', x: 5, y: 5 }] }],
    ['a name', { type: 'rename-node', node: 'a', name: 'Store' }],
    ['the name of the design', { type: 'rename-design', name: 'Other' }],
    ['a label', { type: 'set-edge-label', edge: 'e', label: 'fast' }],
    ['a group', { type: 'set-node-group', nodes: ['a'], group: 'g' }],
    ['a goal', { type: 'set-goals', goals: [{ id: 'g1', figure: 'lag', atMost: 5 }] }],
    ['a field of an unknown kind', { type: 'set-field', node: 'x', field: 'depth', value: 2 }],
    ['a field that the kind does not have', { type: 'set-field', node: 'a', field: 'mood', value: 2 }],
  ])('leaves it alone: %s', (_, edit) => {
    expect(decide(edit)).toEqual({ type: 'nothing' });
  });

  it('leaves it alone: a default written out', () => {
    const value = { mean: 20, shape: 'exponential' };
    const group = { id: 'c', kind: 'consumer-group', name: 'C', fields: {} };
    const places = [{ id: 'c', x: 0, y: 0 }];
    const before = applyEdit(base, { type: 'add-nodes', nodes: [group], places, edges: [] });
    const after = applyEdit(before, { type: 'set-field', node: 'c', field: 'serviceTime', value });
    expect(decideSync(before, after)).toEqual({ type: 'nothing' });
  });
});

describe('a live field', () => {
  it('takes effect in the run under way', () => {
    expect(decide({ type: 'set-field', node: 'a', field: 'rate', value: 250 })).toEqual({
      type: 'set-fields',
      changes: [{ node: 'a', field: 'rate', value: 250 }],
    });
  });

  it('that is reset sends the default', () => {
    const before = applyEdit(base, { type: 'set-field', node: 'a', field: 'rate', value: 250 });
    const decision = decideSync(before, base);
    expect(decision).toMatchObject({ type: 'set-fields', changes: [{ node: 'a', field: 'rate' }] });
    expect(decision.type === 'set-fields' && decision.changes[0].value).toEqual(expect.any(Number));
  });
});

describe('a structural change starts the run anew and says why', () => {
  it.each<[string, Edit]>([
    ['Removing “Orders” restarts the run.', { type: 'remove', nodes: ['q'], edges: [] }],
    ['Removing a connection restarts the run.', { type: 'remove', nodes: [], edges: ['e'] }],
    [
      'Adding a connection restarts the run.',
      { type: 'add-edge', edge: { id: 'f', from: 'a', fromPort: 'out', to: 'q', toPort: 'in' } },
    ],
    [
      'Adding “New” restarts the run.',
      {
        type: 'add-nodes',
        nodes: [{ id: 'n', kind: 'queue', name: 'New', fields: {} }],
        places: [{ id: 'n', x: 0, y: 0 }],
        edges: [],
      },
    ],
    ['Changing the seed restarts the run.', { type: 'set-scenario', seed: 'other' }],
    ['Changing how long it runs restarts the run.', { type: 'set-scenario', horizonMs: 5000 }],
    ['Changing the warm-up restarts the run.', { type: 'set-scenario', warmUpMs: 10 }],
    [
      'Changing the planned faults restarts the run.',
      { type: 'set-faults', faults: [{ id: 'f1', atMs: 1, node: 'a', fault: 'burst', args: {} }] },
    ],
    [
      'Changing the random faults restarts the run.',
      { type: 'set-chaos', chaos: { perMinute: 6, healAfterMs: 1000 } },
    ],
    [
      'Changing the message types restarts the run.',
      { type: 'set-message-types', messageTypes: [{ id: 't', name: 'T' }] },
    ],
  ])('%s', (reason, edit) => {
    expect(decide(edit)).toEqual({ type: 'restart', reason });
  });

  it('gives the reason that a field has', () => {
    const node = { id: 't', kind: 'topic', name: 'T', fields: {} };
    const before = applyEdit(base, {
      type: 'add-nodes',
      nodes: [node],
      places: [{ id: 't', x: 0, y: 0 }],
      edges: [],
    });
    const after = applyEdit(before, { type: 'set-field', node: 't', field: 'partitions', value: 6 });
    const reason = 'Changing partitions restarts the run, since keys move.';
    expect(decideSync(before, after)).toEqual({ type: 'restart', reason });
  });

  it('and so does a field of an edge, but not one that its port does not have, nor a default written out', () => {
    const node = { id: 't', kind: 'exchange', name: 'T', fields: {} };
    const edge = { id: 'b', from: 't', fromPort: 'out', to: 'q', toPort: 'in' };
    const places = [{ id: 't', x: 0, y: 0 }];
    const before = applyEdit(base, { type: 'add-nodes', nodes: [node], places, edges: [edge] });
    const set = (field: string, value: string) =>
      decideSync(before, applyEdit(before, { type: 'set-edge-field', edge: 'b', field, value }));
    const reason = 'Changing binding key restarts the run.';
    expect(set('bindingKey', '*.error')).toEqual({ type: 'restart', reason });
    expect(set('mood', 'good')).toEqual({ type: 'nothing' });
    expect(set('match', 'all')).toEqual({ type: 'nothing' });
  });

  it('even together with a live field', () => {
    const edit: Edit = {
      type: 'batch',
      label: '',
      edits: [
        { type: 'set-field', node: 'a', field: 'rate', value: 1 },
        { type: 'set-scenario', seed: 8 },
      ],
    };
    expect(decide(edit)).toMatchObject({ type: 'restart' });
  });
});
