import type { Design } from '../../design/types.ts';

/** When a member dies, only its own partitions stand still. It is not so. */
export const eagerRebalance: Design = {
  version: 1,
  name: 'A rebalance stops everyone',
  messageTypes: [],
  nodes: [
    {
      id: 'shop',
      kind: 'producer',
      name: 'shop',
      fields: {
        rate: 30,
        keyCount: 500,
      },
    },
    {
      id: 'clicks',
      kind: 'topic',
      name: 'clicks',
      fields: {
        partitions: 6,
      },
    },
    {
      id: 'counters',
      kind: 'consumer-group',
      name: 'counters',
      fields: {
        members: 3,
        serviceTime: {
          shape: 'constant',
          mean: 20,
        },
        sessionTimeout: 10000,
      },
    },
  ],
  edges: [
    {
      id: 'shop-to-clicks',
      from: 'shop',
      fromPort: 'out',
      to: 'clicks',
      toPort: 'in',
    },
    {
      id: 'clicks-to-counters',
      from: 'clicks',
      fromPort: 'out',
      to: 'counters',
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
        node: 'counters',
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
        id: 'clicks',
        x: 240,
        y: 0,
      },
      {
        id: 'counters',
        x: 512,
        y: 0,
      },
    ],
  },
};
