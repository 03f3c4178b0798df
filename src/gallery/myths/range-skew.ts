import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** The range assignor spreads partitions evenly over the members. It is not so. */
export const rangeSkew: Design = sketched({
  name: 'Range over several topics',
  nodes: {
    shop: { kind: 'producer', at: [0, 176], fields: { rate: 30 } },
    orders: { kind: 'topic', at: [240, 0], fields: { partitions: 1 } },
    payments: { kind: 'topic', at: [240, 176], fields: { partitions: 1 } },
    refunds: { kind: 'topic', at: [240, 352], fields: { partitions: 1 } },
    ledger: {
      kind: 'consumer-group',
      at: [512, 176],
      fields: { members: 3, serviceTime: { shape: 'constant', mean: 15 } },
    },
  },
  edges: [
    'shop > orders',
    'shop > payments',
    'shop > refunds',
    'orders > ledger',
    'payments > ledger',
    'refunds > ledger',
  ],
  horizonMs: 120000,
});
