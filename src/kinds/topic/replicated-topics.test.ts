import { expect, it } from 'vitest';
import { METRIC } from '../../engine/metrics.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun } from '../../testing/small-run.ts';

it('counts nothing as done twice that a group reads in the place of what it had done and was cut off', () => {
  const run = smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 100, stopAfter: 60 } },
      { id: 't', kind: 'topic', fields: { partitions: 1, replicationFactor: 2, minInsync: 1 } },
      {
        id: 'g',
        kind: 'consumer-group',
        fields: {
          members: 1,
          serviceTime: { shape: 'constant', mean: 0 },
          commit: 'interval',
          commitInterval: 10_000,
        },
      },
      {
        id: 'k',
        kind: 'broker-cluster',
        fields: {
          brokers: 2,
          sessionTimeout: 5,
          replicaLagTime: 10,
          uncleanElection: 'on',
          preferredLeaders: 'off',
        },
      },
    ],
    edges: ['p > t', 't > g', 't.cluster > k'],
  });
  const { kinds, sim } = run;
  run.until(105);
  kinds.inject(sim, run.node('k'), 'slow-follower', { broker: 2, delay: 10_000 });
  run.until(305);
  kinds.inject(sim, run.node('k'), 'lose-leader', { partition: 0 });
  run.until(405);
  kinds.inject(sim, run.node('g'), 'crash', { member: 1 });
  kinds.heal(sim, run.node('g'), 'crash', { member: 1 });
  run.until(60_000);
  const { metrics } = sim;
  // Ten records, twenty that are cut off, and ten in their place are done, and none is committed when the reader dies.
  expect(kinds.topics.logEnd(run.node('t'), 0)).toBe(40);
  expect(metrics.of(run.node('g'), METRIC.acknowledged)).toBe(80);
  expect(metrics.of(run.node('g'), METRIC.duplicates)).toBe(20);
  new Invariants(sim, kinds).check();
});
