import { beforeEach, describe, expect, it } from 'vitest';
import { newDesign } from '../design/new-design.ts';
import { createDesignStore, type DesignStore } from './design-store.ts';

let designs: DesignStore;

beforeEach(() => {
  designs = createDesignStore(newDesign());
});

function state() {
  return designs.store.getState();
}

/** A producer that feeds a queue that a group reads. */
function addChain(): string[] {
  const { commands } = designs;
  const ids = ['producer', 'queue', 'consumer-group'].map((kind, index) =>
    commands.addNode(kind, { x: index * 240, y: 0 }),
  );
  expect(commands.connect(ids[0], ids[1])).toBe(true);
  expect(commands.connect(ids[1], ids[2])).toBe(true);
  return ids;
}

describe('adding', () => {
  it('gives readable ids and names, and selects the new card', () => {
    const first = designs.commands.addNode('topic', { x: 8, y: 16 });
    const second = designs.commands.addNode('topic', { x: 8, y: 160 });
    expect([first, second]).toEqual(['events', 'events-2']);
    expect(state().design.nodes.map(({ name }) => name)).toEqual(['events', 'events 2']);
    expect(state().design.layout.nodes[0]).toEqual({ id: 'events', x: 8, y: 16 });
    expect([...state().selection.nodes]).toEqual(['events-2']);
  });
});

describe('connecting', () => {
  it('takes the first allowed pair of ports and undoes as one step', () => {
    const [producer, queue] = addChain();
    expect(state().design.edges[0]).toMatchObject({
      id: `${producer}-to-${queue}`,
      fromPort: 'out',
      toPort: 'in',
    });
    designs.commands.undo();
    expect(state().design.edges).toHaveLength(1);
    expect(state().redoLabel).toBe('Connect two cards');
  });

  it('binds an exchange to a queue as often as is asked, as each binding has a key of its own', () => {
    const { addNode, connect } = designs.commands;
    const [exchange, queue] = [addNode('exchange', { x: 0, y: 0 }), addNode('queue', { x: 300, y: 0 })];
    expect([connect(exchange, queue), connect(exchange, queue)]).toEqual([true, true]);
    const [first, second] = state().design.edges.slice(-2);
    expect(first.id).not.toBe(second.id);
  });

  it('says why it refuses', () => {
    const [producer, queue] = addChain();
    expect(designs.commands.connect(queue, producer)).toBe(false);
    expect(state().notice?.message).toBe('A queue cannot feed a producer. Producers only send.');
    expect(designs.commands.connect(producer, queue)).toBe(false);
    expect(state().notice?.message).toContain('already feeds');
    designs.commands.dismissNotice();
    expect(state().notice).toBeNull();
  });

  it('keeps to the number of edges that a port takes', () => {
    const [, , group] = addChain();
    const letters = [0, 1].map((index) =>
      designs.commands.addNode('dead-letter-queue', { x: 0, y: index * 90 }),
    );
    expect(designs.commands.connect(group, letters[0], 'failed')).toBe(true);
    expect(designs.commands.connect(group, letters[1], 'failed')).toBe(false);
    expect(state().notice?.message).toContain('one connection already at “Dead letters to”');
  });
});

describe('the selection', () => {
  it('loses what an edit or an undo takes away', () => {
    const [producer] = addChain();
    designs.commands.selectAll();
    expect(state().selection.nodes.size + state().selection.edges.size).toBe(5);
    designs.commands.dispatch({ type: 'remove', nodes: [producer], edges: [] });
    expect(state().selection.nodes.size + state().selection.edges.size).toBe(3);
    designs.commands.select([producer, 'nobody']);
    expect(state().selection.nodes.size).toBe(0);
  });

  it('keeps its identity while nothing of it changes', () => {
    const [producer] = addChain();
    designs.commands.select([producer]);
    const { selection } = state();
    designs.commands.dispatch({ type: 'rename-node', node: producer, name: 'Web shop' });
    designs.commands.select([producer]);
    expect(state().selection).toBe(selection);
  });

  it('is deleted with what hangs on it, and comes back by one undo', () => {
    const [, queue] = addChain();
    const before = state().design;
    designs.commands.select([queue]);
    designs.commands.deleteSelection();
    expect(state().design.edges).toEqual([]);
    designs.commands.undo();
    expect(state().design).toEqual(before);
  });

  it('is copied, pasted and duplicated with its inner edges, and the copy is selected', () => {
    addChain();
    designs.commands.selectAll();
    const text = designs.commands.copySelection();
    designs.commands.paste(text, { x: 0, y: 400 });
    designs.commands.duplicateSelection();
    expect(state().design.nodes).toHaveLength(9);
    expect(state().design.edges).toHaveLength(6);
    expect(state().selection.nodes.size).toBe(3);
    designs.commands.paste('hello');
    expect(state().notice?.severity).toBe('error');
    expect(state().design.nodes).toHaveLength(9);
  });

  it('is lined up by the sizes of the cards', () => {
    const ids = addChain();
    designs.commands.dispatch({ type: 'move', places: [{ id: ids[1], x: 240, y: 100 }] });
    designs.commands.select(ids);
    designs.commands.align('top');
    expect(state().design.layout.nodes.map(({ y }) => y)).toEqual([0, 0, 0]);
  });
});

describe('an edit', () => {
  it('with the same merge key is one step of undo', () => {
    const [producer] = addChain();
    const before = state().design;
    for (const rate of [1, 2, 3]) {
      designs.commands.dispatch({ type: 'set-field', node: producer, field: 'rate', value: rate }, 'rate');
    }
    designs.commands.undo();
    expect(state().design).toEqual(before);
    designs.commands.redo();
    expect(state().design.nodes[0].fields.rate).toBe(3);
  });

  it('that names something missing changes nothing and says so', () => {
    const before = state().design;
    designs.commands.dispatch({ type: 'rename-node', node: 'ghost', name: 'Boo' });
    expect(state().design).toBe(before);
    expect(state().notice?.message).toContain('ghost');
  });

  it('of a locked document is refused with the reason', () => {
    const locked = { severity: 'warning', code: 'read-only', message: 'Look, but do not touch.' } as const;
    designs.replace(newDesign(), null, locked);
    designs.commands.addNode('queue', { x: 0, y: 0 });
    expect(state().design.nodes).toEqual([]);
    expect(state().notice).toBe(locked);
  });
});

describe('another document', () => {
  it('starts with no history, no selection and no notice of the one before', () => {
    addChain();
    designs.commands.paste('hello');
    designs.replace(newDesign('Other'));
    expect(state()).toMatchObject({ undoLabel: null, redoLabel: null, notice: null });
    designs.commands.undo();
    expect(state().design.name).toBe('Other');
  });
});
