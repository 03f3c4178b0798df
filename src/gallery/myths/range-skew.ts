import type { Design } from '../../design/types.ts';

/** The range assignor spreads partitions evenly over the members. It is not so. */
export const rangeSkew: Design = {
  version: 1,
  name: 'Range over several topics',
  messageTypes: [],
  nodes: [
    {
      id: 'shop',
      kind: 'producer',
      name: 'shop',
      fields: {
        rate: 30,
      },
    },
    {
      id: 'orders',
      kind: 'topic',
      name: 'orders',
      fields: {
        partitions: 1,
      },
    },
    {
      id: 'payments',
      kind: 'topic',
      name: 'payments',
      fields: {
        partitions: 1,
      },
    },
    {
      id: 'refunds',
      kind: 'topic',
      name: 'refunds',
      fields: {
        partitions: 1,
      },
    },
    {
      id: 'ledger',
      kind: 'consumer-group',
      name: 'ledger',
      fields: {
        members: 3,
        serviceTime: {
          shape: 'constant',
          mean: 15,
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
      id: 'shop-to-payments',
      from: 'shop',
      fromPort: 'out',
      to: 'payments',
      toPort: 'in',
    },
    {
      id: 'shop-to-refunds',
      from: 'shop',
      fromPort: 'out',
      to: 'refunds',
      toPort: 'in',
    },
    {
      id: 'orders-to-ledger',
      from: 'orders',
      fromPort: 'out',
      to: 'ledger',
      toPort: 'in',
    },
    {
      id: 'payments-to-ledger',
      from: 'payments',
      fromPort: 'out',
      to: 'ledger',
      toPort: 'in',
    },
    {
      id: 'refunds-to-ledger',
      from: 'refunds',
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
        id: 'shop',
        x: 0,
        y: 176,
      },
      {
        id: 'orders',
        x: 240,
        y: 0,
      },
      {
        id: 'payments',
        x: 240,
        y: 176,
      },
      {
        id: 'refunds',
        x: 240,
        y: 352,
      },
      {
        id: 'ledger',
        x: 512,
        y: 176,
      },
    ],
  },
};
