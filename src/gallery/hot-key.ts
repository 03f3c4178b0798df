import type { Design } from '../design/types.ts';

/** One customer sends so much that the partition of that customer floods while the others idle. */
export const hotKey: Design = {
  version: 1,
  name: 'A hot key',
  messageTypes: [],
  nodes: [
    {
      id: 'customers',
      kind: 'producer',
      name: 'customers',
      fields: { rate: 300, keys: 'zipf', keyCount: 1000, keySkew: 1.2 },
    },
    { id: 'clicks', kind: 'topic', name: 'clicks', fields: { partitions: 6 } },
    {
      id: 'sessions',
      kind: 'consumer-group',
      name: 'sessions',
      fields: { members: 6, serviceTime: { shape: 'exponential', mean: 10 }, sessionTimeout: 10_000 },
    },
  ],
  edges: [
    { id: 'customers-to-clicks', from: 'customers', fromPort: 'out', to: 'clicks', toPort: 'in' },
    { id: 'clicks-to-sessions', from: 'clicks', fromPort: 'out', to: 'sessions', toPort: 'in' },
  ],
  groups: [],
  scenario: { horizonMs: 300_000, warmUpMs: 0, seed: 7, faults: [] },
  goals: [],
  layout: {
    nodes: [
      { id: 'customers', x: 0, y: 96 },
      { id: 'clicks', x: 240, y: 0 },
      { id: 'sessions', x: 512, y: 96 },
    ],
  },
};
