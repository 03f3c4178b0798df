import type { Design } from '../../design/types.ts';

/** A rebalance is over after the session timeout at the latest. It is not so. */
export const slowRebalance: Design = {
  version: 1,
  name: 'A rebalance waits for the slowest',
  messageTypes: [],
  nodes: [
    {
      id: 'uploads',
      kind: 'producer',
      name: 'uploads',
      fields: {
        arrivals: 'constant',
        rate: 0.5,
        keyCount: 500,
      },
    },
    {
      id: 'videos',
      kind: 'topic',
      name: 'videos',
      fields: {
        partitions: 3,
      },
    },
    {
      id: 'encoders',
      kind: 'consumer-group',
      name: 'encoders',
      fields: {
        members: 3,
        serviceTime: {
          shape: 'constant',
          mean: 40000,
        },
        sessionTimeout: 6000,
      },
    },
  ],
  edges: [
    {
      id: 'uploads-to-videos',
      from: 'uploads',
      fromPort: 'out',
      to: 'videos',
      toPort: 'in',
    },
    {
      id: 'videos-to-encoders',
      from: 'videos',
      fromPort: 'out',
      to: 'encoders',
      toPort: 'in',
    },
  ],
  groups: [],
  scenario: {
    horizonMs: 200000,
    warmUpMs: 0,
    seed: 7,
    faults: [
      {
        id: 'crash',
        atMs: 50000,
        node: 'encoders',
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
        id: 'videos',
        x: 240,
        y: 0,
      },
      {
        id: 'encoders',
        x: 512,
        y: 0,
      },
    ],
  },
};
