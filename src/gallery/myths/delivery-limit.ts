import type { Design } from '../../design/types.ts';

/** With a delivery limit of two a message is delivered twice. It is not so. */
export const deliveryLimit: Design = {
  version: 1,
  name: 'A limit of two is three deliveries',
  messageTypes: [],
  nodes: [
    {
      id: 'uploads',
      kind: 'producer',
      name: 'uploads',
      fields: {
        arrivals: 'constant',
        rate: 1,
        stopAfter: 1,
      },
    },
    {
      id: 'images',
      kind: 'queue',
      name: 'images',
      fields: {
        queueType: 'quorum',
        deliveryLimit: 2,
      },
    },
    {
      id: 'resizer',
      kind: 'consumer-group',
      name: 'resizer',
      fields: {
        members: 1,
        serviceTime: {
          shape: 'constant',
          mean: 60000,
        },
      },
    },
    {
      id: 'images.dlq',
      kind: 'dead-letter-queue',
      name: 'images.dlq',
      fields: {},
    },
  ],
  edges: [
    {
      id: 'uploads-to-images',
      from: 'uploads',
      fromPort: 'out',
      to: 'images',
      toPort: 'in',
    },
    {
      id: 'images-to-resizer',
      from: 'images',
      fromPort: 'out',
      to: 'resizer',
      toPort: 'in',
    },
    {
      id: 'images-to-images.dlq',
      from: 'images',
      fromPort: 'dead',
      to: 'images.dlq',
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
        id: 'crash-1',
        atMs: 10000,
        forMs: 5000,
        node: 'resizer',
        fault: 'crash',
        args: {
          member: 1,
        },
      },
      {
        id: 'crash-2',
        atMs: 20000,
        forMs: 5000,
        node: 'resizer',
        fault: 'crash',
        args: {
          member: 1,
        },
      },
      {
        id: 'crash-3',
        atMs: 30000,
        forMs: 5000,
        node: 'resizer',
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
        id: 'uploads',
        x: 0,
        y: 0,
      },
      {
        id: 'images',
        x: 240,
        y: 0,
      },
      {
        id: 'resizer',
        x: 512,
        y: 0,
      },
      {
        id: 'images.dlq',
        x: 512,
        y: 112,
      },
    ],
  },
};
