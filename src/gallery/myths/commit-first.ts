import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** A commit right after reading only makes things faster. It is not so. */
export const commitFirst: Design = sketched({
  name: 'Commit first and lose',
  nodes: {
    shop: { kind: 'producer', at: [0, 0], fields: { arrivals: 'constant', rate: 50 } },
    orders: { kind: 'topic', at: [240, 0], fields: { partitions: 2 } },
    billing: {
      kind: 'consumer-group',
      at: [512, 0],
      fields: {
        members: 1,
        concurrency: 10,
        serviceTime: { shape: 'constant', mean: 190 },
        sessionTimeout: 6000,
        guarantee: 'at-most-once',
      },
    },
  },
  edges: ['shop > orders', 'orders > billing'],
  horizonMs: 120000,
  faults: {
    crash: { atMs: 30000, forMs: 10000, node: 'billing', fault: 'crash', args: { member: 1 } },
  },
});
