import type { Design } from '../../design/types.ts';

/** A circuit breaker opens as soon as most calls fail. It is not so. */
export const lateBreaker: Design = {
  version: 1,
  name: 'A breaker looks at a hundred calls',
  messageTypes: [],
  nodes: [
    {
      id: 'checkout',
      kind: 'producer',
      name: 'checkout',
      fields: {
        arrivals: 'constant',
        rate: 1,
      },
    },
    {
      id: 'orders',
      kind: 'queue',
      name: 'orders',
      fields: {},
    },
    {
      id: 'payers',
      kind: 'consumer-group',
      name: 'payers',
      fields: {
        members: 2,
        serviceTime: {
          shape: 'constant',
          mean: 10,
        },
        maxAttempts: 1,
      },
    },
    {
      id: 'bank',
      kind: 'database',
      name: 'bank',
      fields: {
        failureProbability: 1,
        serviceTime: {
          shape: 'constant',
          mean: 50,
        },
      },
    },
  ],
  edges: [
    {
      id: 'checkout-to-orders',
      from: 'checkout',
      fromPort: 'out',
      to: 'orders',
      toPort: 'in',
    },
    {
      id: 'orders-to-payers',
      from: 'orders',
      fromPort: 'out',
      to: 'payers',
      toPort: 'in',
    },
    {
      id: 'payers-to-bank',
      from: 'payers',
      fromPort: 'out',
      to: 'bank',
      toPort: 'in',
      fields: {
        breaker: 'count',
      },
    },
  ],
  groups: [],
  scenario: {
    horizonMs: 180000,
    warmUpMs: 0,
    seed: 7,
    faults: [],
  },
  goals: [],
  layout: {
    nodes: [
      {
        id: 'checkout',
        x: 0,
        y: 0,
      },
      {
        id: 'orders',
        x: 240,
        y: 0,
      },
      {
        id: 'payers',
        x: 512,
        y: 0,
      },
      {
        id: 'bank',
        x: 800,
        y: 0,
      },
    ],
  },
};
