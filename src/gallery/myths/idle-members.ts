import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** Twice the members do twice the work. It is not so. */
export const idleMembers: Design = sketched({
  name: 'More members than partitions',
  nodes: {
    shop: { kind: 'producer', at: [0, 0], fields: { rate: 150, keyCount: 5000 } },
    orders: { kind: 'topic', at: [240, 0], fields: { partitions: 4 } },
    packers: {
      kind: 'consumer-group',
      at: [512, 0],
      fields: { members: 8, serviceTime: { shape: 'constant', mean: 40 } },
    },
  },
  edges: ['shop > orders', 'orders > packers'],
  horizonMs: 120000,
});
