import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

const worker = {
  kind: 'consumer-group',
  fields: { members: 1, serviceTime: { shape: 'constant', mean: 20 }, onFailure: 'requeue' },
};

/** A message that is given back comes next, whatever the queue. It is not so. */
export const givenBack: Design = sketched({
  name: 'Given back, to where',
  nodes: {
    orders: { kind: 'producer', at: [0, 112], fields: { arrivals: 'constant', rate: 20 } },
    odd: {
      kind: 'producer',
      at: [0, 224],
      fields: {
        arrivals: 'schedule',
        schedule: [
          { atMs: 0, ratePerSecond: 0 },
          { atMs: 10000, ratePerSecond: 10 },
        ],
        stopAfter: 1,
      },
    },
    all: { kind: 'exchange', at: [240, 112], fields: { type: 'fanout' } },
    classic: { kind: 'queue', at: [512, 0] },
    limited: { kind: 'queue', at: [512, 112], fields: { queueType: 'quorum' } },
    unlimited: { kind: 'queue', at: [512, 224], fields: { queueType: 'quorum', deliveryLimit: 0 } },
    'worker-1': { ...worker, at: [800, 0] },
    'worker-2': { ...worker, at: [800, 112] },
    'worker-3': { ...worker, at: [800, 224] },
  },
  edges: [
    'orders > all',
    'odd > all',
    'all > classic',
    'all > limited',
    'all > unlimited',
    'classic > worker-1',
    'limited > worker-2',
    'unlimited > worker-3',
  ],
  horizonMs: 60000,
  faults: { bad: { atMs: 0, node: 'odd', fault: 'poison', args: { share: 1 } } },
});
