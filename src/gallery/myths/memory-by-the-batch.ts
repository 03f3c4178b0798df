import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** Sixty-four kilobytes of memory hold hundreds of small messages. They hold four batches, full or not. */
export const memoryByTheBatch: Design = sketched({
  name: 'Memory by the batch',
  nodes: {
    sensors: {
      kind: 'producer',
      at: [0, 0],
      fields: {
        arrivals: 'constant',
        rate: 200,
        keyCount: 100,
        size: { shape: 'constant', mean: 100 },
        client: 'kafka',
        batchSize: 16384,
        bufferMemory: 65536,
        linger: 5,
        requestLatency: { shape: 'constant', mean: 200 },
      },
    },
    readings: { kind: 'topic', at: [240, 0], fields: { partitions: 12 } },
    store: {
      kind: 'consumer-group',
      at: [504, 0],
      fields: { members: 1, serviceTime: { shape: 'constant', mean: 1 } },
    },
  },
  edges: ['sensors > readings', 'readings > store'],
  horizonMs: 60000,
});
