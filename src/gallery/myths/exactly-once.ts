import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** Commit after each message, and a crash repeats nothing. It is not so. */
export const exactlyOnce: Design = sketched({
  name: 'Once is at least once, and a memory',
  nodes: {
    shop: { kind: 'producer', at: [0, 0], fields: { arrivals: 'constant', rate: 50, keyCount: 100 } },
    orders: { kind: 'topic', at: [240, 0], fields: { partitions: 2 } },
    billing: {
      kind: 'consumer-group',
      at: [512, 0],
      fields: {
        members: 2,
        serviceTime: { shape: 'constant', mean: 5 },
        commit: 'interval',
        sessionTimeout: 6000,
        guarantee: 'at-least-once',
      },
    },
    archive: {
      kind: 'consumer-group',
      at: [512, 112],
      fields: {
        members: 2,
        serviceTime: { shape: 'constant', mean: 5 },
        commit: 'interval',
        sessionTimeout: 6000,
        guarantee: 'effectively-once',
      },
    },
  },
  edges: ['shop > orders', 'orders > billing', 'orders > archive'],
  horizonMs: 120000,
  faults: {
    'crash-billing': { atMs: 34000, forMs: 20000, node: 'billing', fault: 'crash', args: { member: 1 } },
    'crash-archive': { atMs: 34000, forMs: 20000, node: 'archive', fault: 'crash', args: { member: 1 } },
  },
});
