import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** A partition keeps the order of a key, also when a record is retried. It is not so. */
export const retryAndOrder: Design = sketched({
  name: 'A retry costs the order',
  nodes: {
    accounts: { kind: 'producer', at: [0, 0], fields: { rate: 50, keyCount: 10 } },
    bookings: { kind: 'topic', at: [240, 0], fields: { partitions: 2 } },
    ledger: {
      kind: 'consumer-group',
      at: [512, 0],
      fields: {
        members: 2,
        serviceTime: { shape: 'constant', mean: 5 },
        failureProbability: 0.05,
        retryMode: 'later',
        backoff: 1000,
        guarantee: 'at-least-once',
        keyOrder: 'kept',
      },
    },
  },
  edges: ['accounts > bookings', 'bookings > ledger'],
  horizonMs: 120000,
});
