import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** With a retention of one minute nothing older than a minute is in the log. It is not so. */
export const retention: Design = sketched({
  name: 'Retention deletes segments',
  nodes: {
    meters: { kind: 'producer', at: [0, 0], fields: { arrivals: 'constant', rate: 5 } },
    readings: { kind: 'topic', at: [240, 0], fields: { partitions: 1, retention: 60000 } },
  },
  edges: ['meters > readings'],
  horizonMs: 1200000,
});
