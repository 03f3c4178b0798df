import type { Design } from '../../design/types.ts';

/** A commit right after reading only makes things faster. It is not so. */
export const commitFirst: Design = {
  version: 1,
  name: 'Commit first and lose',
  messageTypes: [],
  nodes: [
    {
      id: 'shop',
      kind: 'producer',
      name: 'shop',
      fields: {
        arrivals: 'constant',
        rate: 50,
      },
    },
    {
      id: 'orders',
      kind: 'topic',
      name: 'orders',
      fields: {
        partitions: 2,
      },
    },
    {
      id: 'billing',
      kind: 'consumer-group',
      name: 'billing',
      fields: {
        members: 1,
        concurrency: 10,
        serviceTime: {
          shape: 'constant',
          mean: 190,
        },
        sessionTimeout: 6000,
        guarantee: 'at-most-once',
      },
    },
  ],
  edges: [
    {
      id: 'shop-to-orders',
      from: 'shop',
      fromPort: 'out',
      to: 'orders',
      toPort: 'in',
    },
    {
      id: 'orders-to-billing',
      from: 'orders',
      fromPort: 'out',
      to: 'billing',
      toPort: 'in',
    },
  ],
  groups: [],
  scenario: {
    horizonMs: 120000,
    warmUpMs: 0,
    seed: 7,
    faults: [
      {
        id: 'crash',
        atMs: 30000,
        forMs: 10000,
        node: 'billing',
        fault: 'crash',
        args: {
          member: 1,
        },
      },
    ],
  },
  goals: [],
  layout: {
    nodes: [
      {
        id: 'shop',
        x: 0,
        y: 0,
      },
      {
        id: 'orders',
        x: 240,
        y: 0,
      },
      {
        id: 'billing',
        x: 512,
        y: 0,
      },
    ],
  },
};
