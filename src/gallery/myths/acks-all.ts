import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** acks=all with min.insync.replicas=2 waits for two replicas. It waits for all that are in sync. */
export const acksAll: Design = sketched({
  name: 'All that are in sync',
  nodes: {
    checkout: { kind: 'producer', at: [0, 0], fields: { arrivals: 'constant', rate: 20, client: 'kafka' } },
    orders: {
      kind: 'topic',
      at: [240, 0],
      fields: { partitions: 1, replicationFactor: 3, minInsync: 2 },
    },
    billing: {
      kind: 'consumer-group',
      at: [504, 0],
      fields: { members: 1, serviceTime: { shape: 'constant', mean: 5 } },
    },
    kafka: { kind: 'broker-cluster', at: [240, 200] },
  },
  edges: ['checkout > orders', 'orders > billing', 'orders.cluster > kafka'],
  faults: {
    stuck: {
      atMs: 20000,
      forMs: 70000,
      node: 'kafka',
      fault: 'slow-follower',
      args: { broker: 3, delay: 600000 },
    },
  },
  horizonMs: 120000,
});
