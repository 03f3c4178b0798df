import type { Design } from '../design/types.ts';
import { sketched } from './sketch.ts';

const WORK = { members: 4, serviceTime: { shape: 'exponential', mean: 5 }, maxAttempts: 1 };
const TIMED = { ...WORK, maxAttempts: 3, backoff: 2000, retryMode: 'later' };

/** A service that stops answering: who waits without a limit hangs with it. */
export const silentPartner: Design = sketched({
  name: 'A silent partner',
  nodes: {
    orders: { kind: 'producer', at: [0, 96], fields: { rate: 20 } },
    paid: { kind: 'topic', at: [240, 64], fields: { partitions: 4 } },
    patient: { kind: 'consumer-group', at: [560, 0], fields: WORK },
    hasty: { kind: 'consumer-group', at: [560, 192], fields: TIMED },
    shipping: {
      kind: 'service',
      at: [960, 0],
      fields: { serviceTime: { shape: 'log-normal', mean: 80, cv: 1 } },
    },
    mail: {
      kind: 'service',
      at: [960, 192],
      fields: { serviceTime: { shape: 'log-normal', mean: 80, cv: 1 } },
    },
  },
  edges: [
    'orders > paid',
    'paid > patient',
    'paid > hasty',
    'patient > shipping',
    [
      'hasty > mail',
      {
        timeout: 500,
        breaker: 'count',
        breakerWindow: 20,
        breakerMinCalls: 10,
        breakerWait: 5000,
        breakerTrials: 2,
        fallback: 'on',
      },
    ],
  ],
  horizonMs: 180000,
  faults: {
    'shipping-silent': {
      atMs: 30000,
      forMs: 60000,
      node: 'shipping',
      fault: 'outage',
      args: { answers: 'silence' },
    },
    'mail-silent': { atMs: 30000, forMs: 60000, node: 'mail', fault: 'outage', args: { answers: 'silence' } },
  },
});
