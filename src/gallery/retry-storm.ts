import type { Design } from '../design/types.ts';

/** Messages that can never succeed are tried eight times each and crowd out all others. */
export const retryStorm: Design = {
  version: 1,
  name: 'A retry storm',
  messageTypes: [],
  nodes: [
    { id: 'payments', kind: 'producer', name: 'payments', fields: { rate: 100 } },
    { id: 'charges', kind: 'queue', name: 'charges', fields: {} },
    {
      id: 'chargers',
      kind: 'consumer-group',
      name: 'chargers',
      fields: {
        members: 4,
        serviceTime: { shape: 'exponential', mean: 30 },
        failureProbability: 0.02,
        maxAttempts: 8,
        retryMode: 'later',
        backoff: 50,
        backoffFactor: 1,
        backoffMax: 50,
      },
    },
    { id: 'charges.dlq', kind: 'dead-letter-queue', name: 'charges.dlq', fields: { alertAt: 500 } },
  ],
  edges: [
    { id: 'payments-to-charges', from: 'payments', fromPort: 'out', to: 'charges', toPort: 'in' },
    { id: 'charges-to-chargers', from: 'charges', fromPort: 'out', to: 'chargers', toPort: 'in' },
    { id: 'chargers-to-charges.dlq', from: 'chargers', fromPort: 'failed', to: 'charges.dlq', toPort: 'in' },
  ],
  groups: [],
  scenario: {
    horizonMs: 600_000,
    warmUpMs: 0,
    seed: 7,
    faults: [
      {
        id: 'bad-release',
        atMs: 60_000,
        forMs: 30_000,
        node: 'payments',
        fault: 'poison',
        args: { share: 0.2 },
      },
    ],
  },
  goals: [],
  layout: {
    nodes: [
      { id: 'payments', x: 0, y: 0 },
      { id: 'charges', x: 240, y: 0 },
      { id: 'chargers', x: 512, y: 0 },
      { id: 'charges.dlq', x: 800, y: 112 },
    ],
  },
};
