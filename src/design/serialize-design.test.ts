import { test } from '../testing/property.ts';
import { describe, expect } from 'vitest';
import { designArbitrary } from '../testing/design-generator.ts';
import { newDesign } from './new-design.ts';
import { parseDesign } from './parse-design.ts';
import { serializeDesign } from './serialize-design.ts';
import type { Design } from './types.ts';

const small: Design = {
  ...newDesign('Small'),
  nodes: [
    { id: 'web', kind: 'producer', name: 'web', fields: { rate: 5, arrivals: 'constant' } },
    { id: 'jobs', kind: 'queue', name: 'jobs', fields: {}, extra: { note: 'mine' } },
  ],
  edges: [{ id: 'web-to-jobs', from: 'web', fromPort: 'out', to: 'jobs', toPort: 'in' }],
  layout: {
    nodes: [
      { id: 'web', x: 0, y: 8 },
      { id: 'jobs', x: 240, y: 8 },
    ],
  },
  extra: { owner: 'team a' },
};

describe('serializeDesign', () => {
  test('writes an entry a line, keys in a fixed order and layout last', () => {
    expect(serializeDesign(small)).toBe(`{
  "format": "spillway",
  "version": 1,
  "name": "Small",
  "messageTypes": [],
  "nodes": [
    { "id": "web", "kind": "producer", "name": "web", "fields": { "arrivals": "constant", "rate": 5 } },
    { "id": "jobs", "kind": "queue", "name": "jobs", "fields": {}, "note": "mine" }
  ],
  "edges": [
    { "id": "web-to-jobs", "from": "web", "fromPort": "out", "to": "jobs", "toPort": "in" }
  ],
  "groups": [],
  "scenario": {
    "horizonMs": 60000,
    "warmUpMs": 0,
    "seed": 7,
    "faults": []
  },
  "goals": [],
  "owner": "team a",
  "layout": {
    "nodes": [
      { "id": "web", "x": 0, "y": 8 },
      { "id": "jobs", "x": 240, "y": 8 }
    ]
  }
}
`);
  });

  test('does not depend on the order in which fields were set', () => {
    const [web, jobs] = small.nodes;
    const other = { ...small, nodes: [{ ...web, fields: { arrivals: 'constant', rate: 5 } }, jobs] };
    expect(serializeDesign(other)).toBe(serializeDesign(small));
  });

  test('changes one line when a card is moved', () => {
    const [web, jobs] = small.layout.nodes;
    const moved = { ...small, layout: { nodes: [web, { ...jobs, x: 480 }] } };
    const before = serializeDesign(small).split('\n');
    const after = serializeDesign(moved).split('\n');
    expect(after.filter((line, at) => line !== before[at])).toEqual([
      '      { "id": "jobs", "x": 480, "y": 8 }',
    ]);
  });

  test.prop([designArbitrary], { seed: 1, numRuns: 300 })(
    'gives back the design that was written',
    (design) => {
      const text = serializeDesign(design);
      const parsed = parseDesign(text);
      expect(parsed.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(parsed.design).toEqual(design);
      expect(serializeDesign(parsed.design!)).toBe(text);
    },
  );
});
