import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** What waits in a queue with a time to live comes back as often as one likes. It is not so. */
export const roundAndGone: Design = sketched({
  name: 'Round, and gone',
  nodes: {
    web: { kind: 'producer', at: [0, 0], fields: { arrivals: 'constant', rate: 2, stopAfter: 20 } },
    orders: { kind: 'queue', at: [240, 0] },
    billing: {
      kind: 'consumer-group',
      at: [512, 0],
      fields: {
        members: 1,
        serviceTime: { shape: 'constant', mean: 20 },
        failureProbability: 1,
        onFailure: 'reject',
      },
    },
    later: { kind: 'queue', at: [240, 112], fields: { ttl: 5000 } },
    shop: { kind: 'producer', at: [0, 224], fields: { arrivals: 'constant', rate: 2, stopAfter: 20 } },
    offers: { kind: 'queue', at: [240, 224], fields: { ttl: 2000 } },
    buyer: {
      kind: 'consumer-group',
      at: [512, 224],
      fields: { members: 1, serviceTime: { shape: 'constant', mean: 100000 } },
    },
    shelf: { kind: 'queue', at: [240, 336], fields: { ttl: 5000 } },
  },
  edges: [
    'web > orders',
    'orders > billing',
    'orders.dead > later',
    'later.dead > orders',
    'shop > offers',
    'offers > buyer',
    'offers.dead > shelf',
    'shelf.dead > offers',
  ],
  horizonMs: 60000,
});
