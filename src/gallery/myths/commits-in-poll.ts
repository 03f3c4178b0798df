import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** enable.auto.commit commits every five seconds. It does so within poll(), and a batch of a minute has none. */
export const commitsInPoll: Design = sketched({
  name: 'Commits happen in poll()',
  nodes: {
    shop: { kind: 'producer', at: [0, 0], fields: { arrivals: 'constant', rate: 500, stopAfter: 500 } },
    orders: { kind: 'topic', at: [240, 0], fields: { partitions: 1 } },
    billing: {
      kind: 'consumer-group',
      at: [504, 0],
      fields: {
        members: 1,
        polling: 'batch',
        maxPollRecords: 500,
        commit: 'interval',
        commitInterval: 5000,
        guarantee: 'at-least-once',
        serviceTime: { shape: 'constant', mean: 100 },
      },
    },
  },
  edges: ['shop > orders', 'orders > billing'],
  faults: { crash: { atMs: 30000, forMs: 2000, node: 'billing', fault: 'crash', args: { member: 1 } } },
  horizonMs: 180000,
});
