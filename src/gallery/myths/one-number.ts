import type { Design } from '../../design/types.ts';

/** Each record is acknowledged on its own, so a crash repeats only what was in work. It is not so. */
export const oneNumber: Design = {
  version: 1,
  name: 'A commit is one number',
  messageTypes: [],
  nodes: [
    {
      id: 'orders-api',
      kind: 'producer',
      name: 'orders-api',
      fields: {
        arrivals: 'constant',
        rate: 10,
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
      id: 'billing',
      kind: 'consumer-group',
      name: 'billing',
      fields: {
        members: 1,
        concurrency: 4,
        serviceTime: {
          shape: 'constant',
          mean: 20,
        },
        backoff: 30000,
        backoffMax: 30000,
        backoffJitter: 0,
        sessionTimeout: 6000,
        guarantee: 'at-least-once',
      },
    },
  ],
  edges: [
    {
      id: 'orders-api-to-orders',
      from: 'orders-api',
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
        id: 'poison-one',
        atMs: 10000,
        forMs: 100,
        node: 'orders-api',
        fault: 'poison',
        args: {
          share: 1,
        },
      },
      {
        id: 'crash',
        atMs: 40000,
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
        id: 'orders-api',
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
