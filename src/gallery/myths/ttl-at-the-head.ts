import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** A message is gone from the queue as soon as its time to live is over. It is not so. */
export const ttlAtTheHead: Design = sketched({
  name: 'Messages expire at the head',
  nodes: {
    reports: { kind: 'producer', at: [0, 0], fields: { arrivals: 'constant', rate: 0.1 } },
    quotes: { kind: 'producer', at: [0, 112], fields: { arrivals: 'constant', rate: 5, ttl: 1000 } },
    mail: { kind: 'queue', at: [240, 0] },
    printer: {
      kind: 'consumer-group',
      at: [512, 0],
      fields: { members: 1, serviceTime: { shape: 'constant', mean: 30000 } },
    },
  },
  edges: ['reports > mail', 'quotes > mail', 'mail > printer'],
  horizonMs: 180000,
});
