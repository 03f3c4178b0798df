import type { Design } from '../../design/types.ts';

/** A message is gone from the queue as soon as its time to live is over. It is not so. */
export const ttlAtTheHead: Design = {
  version: 1,
  name: 'Messages expire at the head',
  messageTypes: [],
  nodes: [
    {
      id: 'reports',
      kind: 'producer',
      name: 'reports',
      fields: {
        arrivals: 'constant',
        rate: 0.1,
      },
    },
    {
      id: 'quotes',
      kind: 'producer',
      name: 'quotes',
      fields: {
        arrivals: 'constant',
        rate: 5,
        ttl: 1000,
      },
    },
    {
      id: 'mail',
      kind: 'queue',
      name: 'mail',
      fields: {},
    },
    {
      id: 'printer',
      kind: 'consumer-group',
      name: 'printer',
      fields: {
        members: 1,
        serviceTime: {
          shape: 'constant',
          mean: 30000,
        },
      },
    },
  ],
  edges: [
    {
      id: 'reports-to-mail',
      from: 'reports',
      fromPort: 'out',
      to: 'mail',
      toPort: 'in',
    },
    {
      id: 'quotes-to-mail',
      from: 'quotes',
      fromPort: 'out',
      to: 'mail',
      toPort: 'in',
    },
    {
      id: 'mail-to-printer',
      from: 'mail',
      fromPort: 'out',
      to: 'printer',
      toPort: 'in',
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
        id: 'reports',
        x: 0,
        y: 0,
      },
      {
        id: 'quotes',
        x: 0,
        y: 112,
      },
      {
        id: 'mail',
        x: 240,
        y: 0,
      },
      {
        id: 'printer',
        x: 512,
        y: 0,
      },
    ],
  },
};
