import type { Design } from '../design/types.ts';

/** Bursts that fill a small queue; what it has no room for goes to the dead-letter queue. */
export const overflow: Design = {
  version: 1,
  name: 'A queue that overflows',
  messageTypes: [],
  nodes: [
    {
      id: 'sensors',
      kind: 'producer',
      name: 'sensors',
      fields: { arrivals: 'burst', rate: 300, onFor: 2000, offFor: 4000 },
    },
    { id: 'readings', kind: 'queue', name: 'readings', fields: { capacity: 100, overflow: 'dead-letter' } },
    {
      id: 'writers',
      kind: 'consumer-group',
      name: 'writers',
      fields: { members: 2, serviceTime: { shape: 'constant', mean: 16 } },
    },
    { id: 'readings.dlq', kind: 'dead-letter-queue', name: 'readings.dlq', fields: { alertAt: 10_000 } },
  ],
  edges: [
    { id: 'sensors-to-readings', from: 'sensors', fromPort: 'out', to: 'readings', toPort: 'in' },
    { id: 'readings-to-writers', from: 'readings', fromPort: 'out', to: 'writers', toPort: 'in' },
    { id: 'readings-to-readings.dlq', from: 'readings', fromPort: 'dead', to: 'readings.dlq', toPort: 'in' },
  ],
  groups: [],
  scenario: { horizonMs: 300_000, warmUpMs: 0, seed: 7, faults: [] },
  goals: [],
  layout: {
    nodes: [
      { id: 'sensors', x: 0, y: 0 },
      { id: 'readings', x: 240, y: 0 },
      { id: 'writers', x: 512, y: 0 },
      { id: 'readings.dlq', x: 512, y: 112 },
    ],
  },
};
