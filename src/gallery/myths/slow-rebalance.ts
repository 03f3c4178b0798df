import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** A rebalance is over after the session timeout at the latest. It is not so. */
export const slowRebalance: Design = sketched({
  name: 'A rebalance waits for the slowest',
  nodes: {
    uploads: { kind: 'producer', at: [0, 0], fields: { arrivals: 'constant', rate: 0.5, keyCount: 500 } },
    videos: { kind: 'topic', at: [240, 0], fields: { partitions: 3 } },
    encoders: {
      kind: 'consumer-group',
      at: [512, 0],
      fields: { members: 3, serviceTime: { shape: 'constant', mean: 40000 }, sessionTimeout: 6000 },
    },
  },
  edges: ['uploads > videos', 'videos > encoders'],
  horizonMs: 200000,
  faults: {
    crash: { atMs: 50000, node: 'encoders', fault: 'crash', args: { member: 1 } },
  },
});
