import { test } from '../testing/property.ts';
import { describe, expect, it } from 'vitest';
import { designArbitrary } from '../testing/design-generator.ts';
import { copyNodes, duplicateNodes, type Paste, pasteText } from './clipboard.ts';
import { applyEdit } from './edits.ts';
import { newDesign } from './new-design.ts';
import { serializeDesign } from './serialize-design.ts';
import type { Design } from './types.ts';

const design: Design = {
  ...newDesign(),
  messageTypes: [{ id: 'placed', name: 'OrderPlaced' }],
  groups: [
    { id: 'g', name: 'Shop', parent: 'h' },
    { id: 'h', name: 'All' },
  ],
  nodes: [
    { id: 'web', kind: 'producer', name: 'web', group: 'g', fields: { messageType: 'placed', rate: 5 } },
    { id: 'orders', kind: 'queue', name: 'orders', fields: {} },
    { id: 'workers', kind: 'consumer-group', name: 'workers', fields: {} },
  ],
  edges: [
    { id: 'e1', from: 'web', fromPort: 'out', to: 'orders', toPort: 'in' },
    { id: 'e2', from: 'orders', fromPort: 'out', to: 'workers', toPort: 'in' },
  ],
  layout: { nodes: ['web', 'orders', 'workers'].map((id, at) => ({ id, x: at * 240, y: 80 })) },
};

function pasted(into: Design, text: string, at?: { x: number; y: number }): Design {
  const paste = pasteText(into, text, at);
  expect(paste.edit).not.toBeNull();
  return applyEdit(into, (paste as Paste).edit);
}

describe('clipboard', () => {
  it('pastes with fresh ids and names, keeps the edges among the copied, and lands beside the original', () => {
    const after = pasted(design, copyNodes(design, ['web', 'orders']));
    expect(after.nodes.slice(3)).toEqual([
      {
        id: 'web-2',
        kind: 'producer',
        name: 'web 2',
        group: 'g',
        fields: { messageType: 'placed', rate: 5 },
      },
      { id: 'orders-2', kind: 'queue', name: 'orders 2', fields: {} },
    ]);
    expect(after.edges.slice(2)).toEqual([
      { id: 'web-2-to-orders-2', from: 'web-2', fromPort: 'out', to: 'orders-2', toPort: 'in' },
    ]);
    expect(after.layout.nodes.slice(3)).toEqual([
      { id: 'web-2', x: 32, y: 112 },
      { id: 'orders-2', x: 272, y: 112 },
    ]);
    expect(pasted(after, copyNodes(after, ['orders-2'])).nodes.at(-1)).toMatchObject({
      id: 'orders-3',
      name: 'orders 3',
    });
  });

  it('pastes at a place and brings message types into another design', () => {
    const other = { ...newDesign(), messageTypes: [{ id: 'placed', name: 'Something else' }] };
    const after = pasted(other, copyNodes(design, ['web']), { x: 400, y: 300 });
    expect(after.messageTypes[1]).toEqual({ id: 'orderplaced', name: 'OrderPlaced' });
    expect(after.nodes).toEqual([
      { id: 'web', kind: 'producer', name: 'web', fields: { messageType: 'orderplaced', rate: 5 } },
    ]);
    expect(after.layout.nodes).toEqual([{ id: 'web', x: 400, y: 300 }]);
  });

  it('pastes a whole design file too', () => {
    expect(pasted(newDesign(), serializeDesign(design)).edges).toHaveLength(2);
  });

  it.for<[string, string]>([
    ['hello', 'This is not JSON: line 1, column 1: found "h", expected a value.'],
    ['{"type":"excalidraw/clipboard"}', 'This is an Excalidraw drawing, expected a Spillway design.'],
    [
      copyNodes(design, ['web']).replace('"web"', '""'),
      'nodes[0].id: found "", expected an id: text of 1 to 200 characters without control characters.',
    ],
    [serializeDesign(newDesign()), 'The copied text holds no card, so there is nothing to paste.'],
  ])('refuses other text kindly: %.40s', ([text, message]) => {
    expect(pasteText(design, text)).toMatchObject({ edit: null, problems: [{ message }] });
  });

  it('copies nothing as no text and duplicates nothing as null', () => {
    expect(copyNodes(design, ['gone'])).toBe('');
    expect(duplicateNodes(design, [])).toBeNull();
    expect(duplicateNodes(design, ['web'])!.edit).toMatchObject({ label: 'Duplicate 1 card' });
  });

  it('duplicates five thousand numbered cards without a long wait', () => {
    const ids = Array.from({ length: 5000 }, (_, at) => `n${at}`);
    const large: Design = {
      ...newDesign(),
      nodes: ids.map((id, at) => ({ id, kind: 'queue', name: `queue ${at + 1}`, fields: {} })),
      layout: { nodes: ids.map((id) => ({ id, x: 0, y: 0 })) },
    };
    const after = applyEdit(large, duplicateNodes(large, ids)!.edit);
    expect(new Set(after.nodes.map(({ name }) => name)).size).toBe(10_000);
    expect(after.nodes.at(-1)).toMatchObject({ id: 'queue-10000', name: 'queue 10000' });
  });

  test.prop([designArbitrary, designArbitrary], { seed: 4, numRuns: 100 })(
    'can paste any part of any design into any other',
    (from, into) => {
      const chosen = from.nodes.filter((_, at) => at % 3 !== 1).map(({ id }) => id);
      const text = copyNodes(from, chosen);
      if (text === '') return;
      const after = pasted(into, text);
      expect(after.nodes).toHaveLength(into.nodes.length + chosen.length);
      expect(after.nodes.slice(0, into.nodes.length)).toEqual(into.nodes);
    },
  );
});
