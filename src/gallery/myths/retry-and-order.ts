import type { Design } from '../../design/types.ts';

/** A partition keeps the order of a key, also when a record is retried. It is not so. */
export const retryAndOrder: Design = {
  version: 1,
  name: 'A retry costs the order',
  messageTypes: [],
  nodes: [
    {
      id: 'accounts',
      kind: 'producer',
      name: 'accounts',
      fields: {
        rate: 50,
        keyCount: 10,
      },
    },
    {
      id: 'bookings',
      kind: 'topic',
      name: 'bookings',
      fields: {
        partitions: 2,
      },
    },
    {
      id: 'ledger',
      kind: 'consumer-group',
      name: 'ledger',
      fields: {
        members: 2,
        serviceTime: {
          shape: 'constant',
          mean: 5,
        },
        failureProbability: 0.05,
        retryMode: 'later',
        backoff: 1000,
        guarantee: 'at-least-once',
        keyOrder: 'kept',
      },
    },
  ],
  edges: [
    {
      id: 'accounts-to-bookings',
      from: 'accounts',
      fromPort: 'out',
      to: 'bookings',
      toPort: 'in',
    },
    {
      id: 'bookings-to-ledger',
      from: 'bookings',
      fromPort: 'out',
      to: 'ledger',
      toPort: 'in',
    },
  ],
  groups: [],
  scenario: {
    horizonMs: 120000,
    warmUpMs: 0,
    seed: 7,
    faults: [],
  },
  goals: [],
  layout: {
    nodes: [
      {
        id: 'accounts',
        x: 0,
        y: 0,
      },
      {
        id: 'bookings',
        x: 240,
        y: 0,
      },
      {
        id: 'ledger',
        x: 512,
        y: 0,
      },
    ],
  },
};
