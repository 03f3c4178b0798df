import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** When a member dies, only its own partitions stand still. It is not so. */
export const eagerRebalance: Design = sketched({
  name: 'A rebalance stops everyone',
  nodes: {
    shop: { kind: 'producer', at: [0, 0], fields: { rate: 30, keyCount: 500 } },
    clicks: { kind: 'topic', at: [240, 0], fields: { partitions: 6 } },
    counters: {
      kind: 'consumer-group',
      at: [512, 0],
      fields: { members: 3, serviceTime: { shape: 'constant', mean: 20 }, sessionTimeout: 10000 },
    },
  },
  edges: ['shop > clicks', 'clicks > counters'],
  horizonMs: 120000,
  faults: {
    crash: { atMs: 30000, node: 'counters', fault: 'crash', args: { member: 1 } },
  },
});
