import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** Three hundred milliseconds of traffic around the border of two seconds, every four seconds. */
const BURSTS = [0, 4000, 8000, 12000].flatMap((at) => [
  { atMs: at, ratePerSecond: 0 },
  { atMs: at + 850, ratePerSecond: 600 },
  { atMs: at + 1150, ratePerSecond: 0 },
]);
const SENDS = { arrivals: 'schedule', schedule: BURSTS };
const BANK = { concurrency: 70, queueLimit: 0, serviceTime: { shape: 'constant', mean: 400 } };

/** A limit of fifty calls a second never lets more than fifty through within a second. It is not so. */
export const twiceTheLimit: Design = sketched({
  name: 'Twice the limit at the border',
  nodes: {
    'shop-a': { kind: 'producer', at: [0, 0], fields: SENDS },
    'shop-b': { kind: 'producer', at: [0, 112], fields: SENDS },
    'by-cycles': { kind: 'service', at: [320, 0], fields: BANK },
    'by-bucket': { kind: 'service', at: [320, 112], fields: BANK },
  },
  edges: [
    ['shop-a > by-cycles', { limiter: 'cycles', limiterPermits: 50, limiterPeriod: 1000, limiterTimeout: 0 }],
    ['shop-b > by-bucket', { limiter: 'bucket', limiterPermits: 50, limiterPeriod: 1000, limiterTimeout: 0 }],
  ],
  horizonMs: 16000,
});
