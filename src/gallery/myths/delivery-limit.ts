import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** With a delivery limit of two a message is delivered twice. It is not so. */
export const deliveryLimit: Design = sketched({
  name: 'A limit of two is three deliveries',
  nodes: {
    uploads: { kind: 'producer', at: [0, 0], fields: { arrivals: 'constant', rate: 1, stopAfter: 1 } },
    images: { kind: 'queue', at: [240, 0], fields: { queueType: 'quorum', deliveryLimit: 2 } },
    resizer: {
      kind: 'consumer-group',
      at: [512, 0],
      fields: { members: 1, serviceTime: { shape: 'constant', mean: 60000 } },
    },
    'images.dlq': { kind: 'dead-letter-queue', at: [512, 112] },
  },
  edges: ['uploads > images', 'images > resizer', 'images.dead > images.dlq'],
  horizonMs: 120000,
  faults: {
    'crash-1': { atMs: 10000, forMs: 5000, node: 'resizer', fault: 'crash', args: { member: 1 } },
    'crash-2': { atMs: 20000, forMs: 5000, node: 'resizer', fault: 'crash', args: { member: 1 } },
    'crash-3': { atMs: 30000, forMs: 5000, node: 'resizer', fault: 'crash', args: { member: 1 } },
  },
});
