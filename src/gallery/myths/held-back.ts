import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** A transaction concerns its own records. Left open, it holds back those of everybody else in its partitions. */
export const heldBack: Design = sketched({
  name: 'One open transaction',
  nodes: {
    ledger: {
      kind: 'producer',
      at: [0, 0],
      fields: {
        arrivals: 'constant',
        rate: 0.1,
        stopAfter: 1,
        client: 'kafka',
        transactions: 'on',
        leaveShare: 1,
      },
    },
    shop: { kind: 'producer', at: [0, 160], fields: { arrivals: 'constant', rate: 20 } },
    orders: { kind: 'topic', at: [240, 80], fields: { partitions: 1 } },
    billing: {
      kind: 'consumer-group',
      at: [504, 0],
      fields: { members: 1, serviceTime: { shape: 'constant', mean: 5 }, isolation: 'read-committed' },
    },
    search: {
      kind: 'consumer-group',
      at: [504, 160],
      fields: { members: 1, serviceTime: { shape: 'constant', mean: 5 } },
    },
  },
  edges: ['ledger > orders', 'shop > orders', 'orders > billing', 'orders > search'],
  horizonMs: 120000,
});
