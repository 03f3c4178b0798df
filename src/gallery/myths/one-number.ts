import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** Each record is acknowledged on its own, so a crash repeats only what was in work. It is not so. */
export const oneNumber: Design = sketched({
  name: 'A commit is one number',
  nodes: {
    'orders-api': { kind: 'producer', at: [0, 0], fields: { arrivals: 'constant', rate: 10 } },
    orders: { kind: 'topic', at: [240, 0], fields: { partitions: 1 } },
    billing: {
      kind: 'consumer-group',
      at: [512, 0],
      fields: {
        members: 1,
        concurrency: 4,
        serviceTime: { shape: 'constant', mean: 20 },
        backoff: 30000,
        backoffMax: 30000,
        backoffJitter: 0,
        sessionTimeout: 6000,
        guarantee: 'at-least-once',
      },
    },
  },
  edges: ['orders-api > orders', 'orders > billing'],
  horizonMs: 120000,
  faults: {
    'poison-one': { atMs: 10000, forMs: 100, node: 'orders-api', fault: 'poison', args: { share: 1 } },
    crash: { atMs: 40000, forMs: 10000, node: 'billing', fault: 'crash', args: { member: 1 } },
  },
});
