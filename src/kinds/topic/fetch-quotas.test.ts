import { expect, it } from 'vitest';
import { METRIC } from '../../engine/metrics.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';

const constant = (mean: number) => ({ shape: 'constant', mean });

/** 100 kB/s to a topic of a cluster whose groups may read half of that. */
function limited(consumerByteRate: number, polling: string): SmallRun {
  return smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 100, size: constant(1000) } },
      { id: 't', kind: 'topic', fields: { partitions: 2 } },
      { id: 'k', kind: 'broker-cluster', fields: { consumerByteRate, brokers: 1 } },
      { id: 'g', kind: 'consumer-group', fields: { members: 2, serviceTime: constant(1), polling } },
    ],
    edges: ['p > t', 't.cluster > k', 't > g'],
  });
}

it.each(['single', 'batch'])('a group reads no more than its quota in the long run (%s)', (polling) => {
  const run = limited(50_000, polling);
  for (let second = 1; second <= 60; second++) {
    run.until(second * 1000);
    new Invariants(run.sim, run.kinds).check();
  }
  const read = run.sim.metrics.of(run.node('g'), METRIC.acknowledged);
  expect(read / 60).toBeGreaterThan(40);
  expect(read / 60).toBeLessThan(60);
  expect(run.kinds.replication!.readerQuotas!.throttledFor(run.node('g'))).toBeGreaterThan(10_000_000);
});

it('a group below its quota, or without one, is never kept waiting', () => {
  const below = limited(150_000, 'single');
  below.until(20_000);
  expect(below.kinds.replication!.readerQuotas!.throttledFor(below.node('g'))).toBe(0);
  const without = limited(0, 'single');
  without.until(20_000);
  expect(without.kinds.replication!.readerQuotas).toBeNull();
  const read = (run: SmallRun) => run.sim.metrics.of(run.node('g'), METRIC.acknowledged);
  expect(read(below)).toBe(read(without));
});
