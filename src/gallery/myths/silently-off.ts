import type { Design, Json } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** A client whose first answers are often late, so that it sends again what the log already has. */
function client(acks: string, at: readonly [number, number]) {
  const latency: Json = { shape: 'empirical', values: [4, 4, 4, 4, 4, 4, 4, 4, 4, 150] };
  const late = { requestLatency: latency, requestTimeout: 100, deliveryTimeout: 5000 };
  const fields = { arrivals: 'constant', rate: 20, client: 'kafka', acks, maxInFlight: 1, ...late };
  return { kind: 'producer', at, fields };
}

const reader = (at: readonly [number, number]) => ({
  kind: 'consumer-group',
  at,
  fields: { members: 1, serviceTime: { shape: 'constant', mean: 1 }, guarantee: 'at-most-once' },
});

/** Idempotence is on by default. With acks=1 it is off, and nobody says so. */
export const silentlyOff: Design = sketched({
  name: 'Silently off',
  nodes: {
    'shop with all': client('all', [0, 0]),
    'shop with one': client('leader', [0, 264]),
    'orders a': { kind: 'topic', at: [240, 0], fields: { partitions: 3 } },
    'orders b': { kind: 'topic', at: [240, 264], fields: { partitions: 3 } },
    'billing a': reader([504, 0]),
    'billing b': reader([504, 264]),
  },
  edges: [
    'shop with all > orders a',
    'shop with one > orders b',
    'orders a > billing a',
    'orders b > billing b',
  ],
  horizonMs: 120000,
});
