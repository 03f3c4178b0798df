import type { Design } from '../../design/types.ts';

/** Twice the members do twice the work. It is not so. */
export const idleMembers: Design = {
  version: 1,
  name: 'More members than partitions',
  messageTypes: [],
  nodes: [
    {
      id: 'shop',
      kind: 'producer',
      name: 'shop',
      fields: {
        rate: 150,
        keyCount: 5000,
      },
    },
    {
      id: 'orders',
      kind: 'topic',
      name: 'orders',
      fields: {
        partitions: 4,
      },
    },
    {
      id: 'packers',
      kind: 'consumer-group',
      name: 'packers',
      fields: {
        members: 8,
        serviceTime: {
          shape: 'constant',
          mean: 40,
        },
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
      id: 'orders-to-packers',
      from: 'orders',
      fromPort: 'out',
      to: 'packers',
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
        id: 'packers',
        x: 512,
        y: 0,
      },
    ],
  },
};
