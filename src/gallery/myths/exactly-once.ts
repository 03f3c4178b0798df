import type { Design } from '../../design/types.ts';

/** Commit after each message, and a crash repeats nothing. It is not so. */
export const exactlyOnce: Design = {
  version: 1,
  name: 'Once is at least once, and a memory',
  messageTypes: [],
  nodes: [
    {
      id: 'shop',
      kind: 'producer',
      name: 'shop',
      fields: {
        arrivals: 'constant',
        rate: 50,
        keyCount: 100,
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
        members: 2,
        serviceTime: {
          shape: 'constant',
          mean: 5,
        },
        commit: 'interval',
        sessionTimeout: 6000,
        guarantee: 'at-least-once',
      },
    },
    {
      id: 'archive',
      kind: 'consumer-group',
      name: 'archive',
      fields: {
        members: 2,
        serviceTime: {
          shape: 'constant',
          mean: 5,
        },
        commit: 'interval',
        sessionTimeout: 6000,
        guarantee: 'effectively-once',
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
    {
      id: 'orders-to-archive',
      from: 'orders',
      fromPort: 'out',
      to: 'archive',
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
        id: 'crash-billing',
        atMs: 34000,
        forMs: 20000,
        node: 'billing',
        fault: 'crash',
        args: {
          member: 1,
        },
      },
      {
        id: 'crash-archive',
        atMs: 34000,
        forMs: 20000,
        node: 'archive',
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
      {
        id: 'archive',
        x: 512,
        y: 112,
      },
    ],
  },
};
