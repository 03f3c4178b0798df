import type { Design } from '../../design/types.ts';

/** Records without a key go to the partitions in turn. It is not so. */
export const nullKeys: Design = {
  version: 1,
  name: 'Messages without a key',
  messageTypes: [],
  nodes: [
    {
      id: 'sensor',
      kind: 'producer',
      name: 'sensor',
      fields: {
        arrivals: 'constant',
        rate: 4,
        keys: 'none',
      },
    },
    {
      id: 'readings',
      kind: 'topic',
      name: 'readings',
      fields: {
        partitions: 4,
      },
    },
    {
      id: 'writers',
      kind: 'consumer-group',
      name: 'writers',
      fields: {
        members: 4,
        serviceTime: {
          shape: 'constant',
          mean: 200,
        },
      },
    },
  ],
  edges: [
    {
      id: 'sensor-to-readings',
      from: 'sensor',
      fromPort: 'out',
      to: 'readings',
      toPort: 'in',
    },
    {
      id: 'readings-to-writers',
      from: 'readings',
      fromPort: 'out',
      to: 'writers',
      toPort: 'in',
    },
  ],
  groups: [],
  scenario: {
    horizonMs: 60000,
    warmUpMs: 0,
    seed: 7,
    faults: [],
  },
  goals: [],
  layout: {
    nodes: [
      {
        id: 'sensor',
        x: 0,
        y: 0,
      },
      {
        id: 'readings',
        x: 240,
        y: 0,
      },
      {
        id: 'writers',
        x: 512,
        y: 0,
      },
    ],
  },
};
