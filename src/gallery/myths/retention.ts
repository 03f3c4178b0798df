import type { Design } from '../../design/types.ts';

/** With a retention of one minute nothing older than a minute is in the log. It is not so. */
export const retention: Design = {
  version: 1,
  name: 'Retention deletes segments',
  messageTypes: [],
  nodes: [
    {
      id: 'meters',
      kind: 'producer',
      name: 'meters',
      fields: {
        arrivals: 'constant',
        rate: 5,
      },
    },
    {
      id: 'readings',
      kind: 'topic',
      name: 'readings',
      fields: {
        partitions: 1,
        retention: 60000,
      },
    },
  ],
  edges: [
    {
      id: 'meters-to-readings',
      from: 'meters',
      fromPort: 'out',
      to: 'readings',
      toPort: 'in',
    },
  ],
  groups: [],
  scenario: {
    horizonMs: 1200000,
    warmUpMs: 0,
    seed: 7,
    faults: [],
  },
  goals: [],
  layout: {
    nodes: [
      {
        id: 'meters',
        x: 0,
        y: 0,
      },
      {
        id: 'readings',
        x: 240,
        y: 0,
      },
    ],
  },
};
