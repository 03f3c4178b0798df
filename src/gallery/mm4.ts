import type { Design } from '../design/types.ts';

/** Four workers that share one queue at the same load as the single worker of the first queue. */
export const mm4: Design = {
  version: 1,
  name: 'Four workers, one queue',
  messageTypes: [],
  nodes: [
    { id: 'visitors', kind: 'producer', name: 'visitors', fields: { rate: 320 } },
    { id: 'jobs', kind: 'queue', name: 'jobs', fields: {} },
    {
      id: 'workers',
      kind: 'consumer-group',
      name: 'workers',
      fields: { members: 4, serviceTime: { shape: 'exponential', mean: 10 } },
    },
  ],
  edges: [
    { id: 'visitors-to-jobs', from: 'visitors', fromPort: 'out', to: 'jobs', toPort: 'in' },
    { id: 'jobs-to-workers', from: 'jobs', fromPort: 'out', to: 'workers', toPort: 'in' },
  ],
  groups: [],
  scenario: { horizonMs: 600_000, warmUpMs: 60_000, seed: 7, faults: [] },
  goals: [],
  layout: {
    nodes: [
      { id: 'visitors', x: 0, y: 0 },
      { id: 'jobs', x: 240, y: 0 },
      { id: 'workers', x: 512, y: 0 },
    ],
  },
};
