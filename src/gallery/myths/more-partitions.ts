import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** More partitions only add room. They move keys, and records of before wait behind a backlog. */
export const morePartitions: Design = sketched({
  name: 'More partitions, another order',
  nodes: {
    shop: { kind: 'producer', at: [0, 0], fields: { arrivals: 'constant', rate: 100, keyCount: 200 } },
    orders: { kind: 'topic', at: [240, 0], fields: { partitions: 3, growsTo: 6 } },
    billing: {
      kind: 'consumer-group',
      at: [512, 0],
      fields: {
        members: 3,
        concurrency: 2,
        serviceTime: { shape: 'constant', mean: 65 },
        metadataMaxAge: 5000,
        guarantee: 'at-least-once',
        keyOrder: 'kept',
      },
    },
  },
  edges: ['shop > orders', 'orders > billing'],
  horizonMs: 120000,
  faults: {
    more: { atMs: 62000, node: 'orders', fault: 'add-partitions', args: { partitions: 6 } },
  },
});
