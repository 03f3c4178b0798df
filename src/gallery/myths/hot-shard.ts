import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** Eight shards with room for eight thousand records a second, and one key that has most of two thousand. */
export const hotShard: Design = sketched({
  name: 'A hot shard',
  nodes: {
    shops: {
      kind: 'producer',
      at: [0, 0],
      fields: {
        rate: 2000,
        keys: 'zipf',
        keyCount: 500,
        keySkew: 2.2,
        size: { shape: 'constant', mean: 300 },
      },
    },
    clicks: { kind: 'topic', at: [240, 0], fields: { service: 'kinesis', partitions: 8 } },
    counters: {
      kind: 'consumer-group',
      at: [528, 0],
      fields: { members: 8, serviceTime: { shape: 'constant', mean: 0.4 } },
    },
  },
  edges: ['shops > clicks', 'clicks > counters'],
  horizonMs: 60_000,
});
