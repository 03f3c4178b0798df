import { test } from '../testing/property.ts';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { designArbitrary, editArbitrary } from '../testing/design-generator.ts';
import { applyEdit, type Edit } from './edits.ts';
import {
  EMPTY_HISTORY,
  type History,
  HISTORY_STEPS,
  record,
  redo,
  redoLabel,
  undo,
  undoLabel,
} from './history.ts';
import { newDesign } from './new-design.ts';
import type { Design } from './types.ts';

const start: Design = {
  ...newDesign('start'),
  nodes: [{ id: 'a', kind: 'queue', name: 'a', fields: {} }],
  layout: { nodes: [{ id: 'a', x: 0, y: 0 }] },
};

interface Session {
  history: History;
  design: Design;
}

function edit({ history, design }: Session, change: Edit, mergeKey?: string): Session {
  return { history: record(history, design, change, mergeKey), design: applyEdit(design, change) };
}

const moveTo = (x: number): Edit => ({ type: 'move', places: [{ id: 'a', x, y: 0 }] });
const rename = (name: string): Edit => ({ type: 'rename-design', name });
const fresh: Session = { history: EMPTY_HISTORY, design: start };

describe('history', () => {
  test('takes a whole drag back in one step and keeps that step small', () => {
    let session = fresh;
    for (let x = 1; x <= 500; x++) session = edit(session, moveTo(x), 'drag-1');
    expect(session.history.past).toHaveLength(1);
    expect(session.history.past[0].edit).toEqual(moveTo(500));
    const undone = undo(session.history, session.design)!;
    expect(undone.design).toEqual(start);
    expect(redo(undone.history, undone.design)!.design).toEqual(session.design);
  });

  test('merges different edits under one key and takes all of them back', () => {
    const session = edit(edit(edit(fresh, moveTo(8), 'k'), rename('b'), 'k'), moveTo(16), 'k');
    expect(session.history.past).toHaveLength(1);
    expect(undo(session.history, session.design)!.design).toEqual(start);
  });

  test('keeps edits with another key or none apart', () => {
    const session = edit(edit(edit(fresh, moveTo(8), 'k'), moveTo(16), 'l'), moveTo(24));
    expect(session.history.past).toHaveLength(3);
  });

  test('starts a new step after an undo, even with the same key', () => {
    const two = edit(edit(fresh, moveTo(8), 'k'), rename('b'));
    const session = edit(undo(two.history, two.design)!, moveTo(16), 'k');
    expect(session.history.past).toHaveLength(2);
    expect(undo(session.history, session.design)!.design.layout.nodes[0].x).toBe(8);
  });

  test('starts a new step after a redo, even with the same key', () => {
    const one = edit(fresh, moveTo(8), 'k');
    const undone = undo(one.history, one.design)!;
    const session = edit(redo(undone.history, undone.design)!, moveTo(16), 'k');
    expect(session.history.past).toHaveLength(2);
  });

  test('forgets what was undone as soon as something else is done', () => {
    const one = edit(fresh, rename('b'));
    const session = edit(undo(one.history, one.design)!, rename('c'));
    expect(redo(session.history, session.design)).toBeNull();
  });

  test('says what would be undone and redone', () => {
    const one = edit(fresh, moveTo(8));
    expect([undoLabel(one.history), redoLabel(one.history)]).toEqual(['Move 1 card', null]);
    const { history } = undo(one.history, one.design)!;
    expect([undoLabel(history), redoLabel(history)]).toEqual([null, 'Move 1 card']);
    expect(undo(history, start)).toBeNull();
  });

  test('keeps a thousand steps and forgets the oldest', () => {
    let session = fresh;
    for (let step = 0; step < HISTORY_STEPS + 5; step++) session = edit(session, rename(`name ${step}`));
    expect(session.history.past).toHaveLength(HISTORY_STEPS);
    for (
      let back = undo(session.history, session.design);
      back;
      back = undo(session.history, session.design)
    ) {
      session = back;
    }
    expect(session.design.name).toBe('name 4');
  });

  const keyed = fc.tuple(
    fc.infiniteStream(fc.nat()),
    fc.array(fc.constantFrom('a', 'b', undefined), { maxLength: 8 }),
  );
  test.prop([designArbitrary, keyed], { seed: 3, numRuns: 150 })(
    'goes back to the first design and forth to the last, whatever was edited',
    (design, [choices, keys]) => {
      let session: Session = { history: EMPTY_HISTORY, design };
      for (const key of keys) {
        const seed = choices.next().value as number;
        const [change] = fc.sample(editArbitrary(session.design), { seed, numRuns: 1 });
        // An id may be added only once; the random edits always take the same one.
        if (JSON.stringify(session.design).includes('"fresh-') && JSON.stringify(change).includes('"fresh-'))
          continue;
        session = edit(session, change, key);
      }
      const last = session.design;
      for (let back = undo(session.history, session.design); back; back = undo(back.history, back.design))
        session = back;
      expect(session.design).toEqual(design);
      for (let next = redo(session.history, session.design); next; next = redo(next.history, next.design))
        session = next;
      expect(session.design).toEqual(last);
    },
  );
});
