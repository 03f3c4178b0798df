import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** What a full queue refuses ends in its dead-letter queue. It is not so. */
export const rejectPublish: Design = sketched({
  name: 'Refused is not dead-lettered',
  nodes: {
    sensors: { kind: 'producer', at: [0, 0], fields: { rate: 50 } },
    readings: { kind: 'queue', at: [240, 0], fields: { capacity: 100, overflow: 'drop-newest' } },
    writers: {
      kind: 'consumer-group',
      at: [512, 0],
      fields: { members: 1, serviceTime: { shape: 'constant', mean: 40 } },
    },
    'readings.dlq': { kind: 'dead-letter-queue', at: [512, 112] },
  },
  edges: ['sensors > readings', 'readings > writers', 'readings.dead > readings.dlq'],
  horizonMs: 120000,
});
