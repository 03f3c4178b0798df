import type { Design } from '../design/types.ts';

/** One producer, one queue, one worker that is busy four fifths of the time. */
export const firstQueue: Design = {
  version: 1,
  name: 'A first queue',
  messageTypes: [],
  nodes: [
    { id: 'visitors', kind: 'producer', name: 'visitors', fields: { rate: 80 } },
    { id: 'jobs', kind: 'queue', name: 'jobs', fields: {} },
    {
      id: 'worker',
      kind: 'consumer-group',
      name: 'worker',
      fields: { members: 1, serviceTime: { shape: 'exponential', mean: 10 } },
    },
  ],
  edges: [
    { id: 'visitors-to-jobs', from: 'visitors', fromPort: 'out', to: 'jobs', toPort: 'in' },
    { id: 'jobs-to-worker', from: 'jobs', fromPort: 'out', to: 'worker', toPort: 'in' },
  ],
  groups: [],
  scenario: { horizonMs: 600_000, warmUpMs: 60_000, seed: 7, faults: [] },
  goals: [],
  layout: {
    nodes: [
      { id: 'visitors', x: 0, y: 0 },
      { id: 'jobs', x: 240, y: 0 },
      { id: 'worker', x: 512, y: 0 },
    ],
  },
};
