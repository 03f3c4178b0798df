import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** Records without a key go to the partitions in turn. It is not so. */
export const nullKeys: Design = sketched({
  name: 'Messages without a key',
  nodes: {
    sensor: { kind: 'producer', at: [0, 0], fields: { arrivals: 'constant', rate: 4, keys: 'none' } },
    readings: { kind: 'topic', at: [240, 0], fields: { partitions: 4 } },
    writers: {
      kind: 'consumer-group',
      at: [512, 0],
      fields: { members: 4, serviceTime: { shape: 'constant', mean: 200 } },
    },
  },
  edges: ['sensor > readings', 'readings > writers'],
  horizonMs: 60000,
});
