import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** A circuit breaker opens as soon as most calls fail. It is not so. */
export const lateBreaker: Design = sketched({
  name: 'A breaker looks at a hundred calls',
  nodes: {
    checkout: { kind: 'producer', at: [0, 0], fields: { arrivals: 'constant', rate: 1 } },
    orders: { kind: 'queue', at: [240, 0] },
    payers: {
      kind: 'consumer-group',
      at: [512, 0],
      fields: { members: 2, serviceTime: { shape: 'constant', mean: 10 }, maxAttempts: 1 },
    },
    bank: {
      kind: 'database',
      at: [800, 0],
      fields: { failureProbability: 1, serviceTime: { shape: 'constant', mean: 50 } },
    },
  },
  edges: ['checkout > orders', 'orders > payers', ['payers > bank', { breaker: 'count' }]],
  horizonMs: 180000,
});
