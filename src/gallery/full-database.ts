import type { Design } from '../design/types.ts';

/** A database that cannot keep up, seen from the far end: the producer is held back. */
export const fullDatabase: Design = {
  version: 1,
  name: 'A database that is full',
  messageTypes: [],
  nodes: [
    { id: 'uploads', kind: 'producer', name: 'uploads', fields: { rate: 60 } },
    { id: 'thumbnails', kind: 'queue', name: 'thumbnails', fields: { capacity: 200, overflow: 'block' } },
    {
      id: 'resizers',
      kind: 'consumer-group',
      name: 'resizers',
      fields: { members: 8, serviceTime: { shape: 'exponential', mean: 5 } },
    },
    {
      id: 'catalog-db',
      kind: 'database',
      name: 'catalog-db',
      fields: { connections: 4, serviceTime: { shape: 'exponential', mean: 100 } },
    },
  ],
  edges: [
    { id: 'uploads-to-thumbnails', from: 'uploads', fromPort: 'out', to: 'thumbnails', toPort: 'in' },
    { id: 'thumbnails-to-resizers', from: 'thumbnails', fromPort: 'out', to: 'resizers', toPort: 'in' },
    { id: 'resizers-to-catalog-db', from: 'resizers', fromPort: 'out', to: 'catalog-db', toPort: 'in' },
  ],
  groups: [],
  scenario: { horizonMs: 300_000, warmUpMs: 0, seed: 7, faults: [] },
  goals: [],
  layout: {
    nodes: [
      { id: 'uploads', x: 0, y: 0 },
      { id: 'thumbnails', x: 240, y: 0 },
      { id: 'resizers', x: 512, y: 0 },
      { id: 'catalog-db', x: 800, y: 0 },
    ],
  },
};
