import type { Design } from '../../design/types.ts';

/** What a full queue refuses ends in its dead-letter queue. It is not so. */
export const rejectPublish: Design = {
  version: 1,
  name: 'Refused is not dead-lettered',
  messageTypes: [],
  nodes: [
    {
      id: 'sensors',
      kind: 'producer',
      name: 'sensors',
      fields: {
        rate: 50,
      },
    },
    {
      id: 'readings',
      kind: 'queue',
      name: 'readings',
      fields: {
        capacity: 100,
        overflow: 'drop-newest',
      },
    },
    {
      id: 'writers',
      kind: 'consumer-group',
      name: 'writers',
      fields: {
        members: 1,
        serviceTime: {
          shape: 'constant',
          mean: 40,
        },
      },
    },
    {
      id: 'readings.dlq',
      kind: 'dead-letter-queue',
      name: 'readings.dlq',
      fields: {},
    },
  ],
  edges: [
    {
      id: 'sensors-to-readings',
      from: 'sensors',
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
    {
      id: 'readings-to-readings.dlq',
      from: 'readings',
      fromPort: 'dead',
      to: 'readings.dlq',
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
        id: 'sensors',
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
      {
        id: 'readings.dlq',
        x: 512,
        y: 112,
      },
    ],
  },
};
