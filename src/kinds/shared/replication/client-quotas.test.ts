import { expect, it } from 'vitest';
import { METRIC } from '../../../engine/metrics.ts';
import { Invariants } from '../../../testing/invariants.ts';
import { smallRun } from '../../../testing/small-run.ts';
import { throttleMicros } from './client-quotas.ts';

const MB = 1_000_000;

it.each([
  ['1.5 MB/s at a quota of 1 MB/s over 10 s', 1.5 * MB, 10_000_000, 5_000_000],
  ['less than the quota', 0.9 * MB, 10_000_000, 0],
  ['3 MB/s, which the window bounds', 3 * MB, 10_000_000, 10_000_000],
])('is left alone for %s', (_what, rate, window, micros) => {
  expect(throttleMicros(rate, MB, window)).toBe(micros);
});

it('writes no more than its quota in the long run, and loses nothing by it', () => {
  const size = { shape: 'constant', mean: 1000 };
  const run = smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 100, size, client: 'kafka' } },
      { id: 't', kind: 'topic', fields: { partitions: 1 } },
      { id: 'k', kind: 'broker-cluster', fields: { producerByteRate: 50_000 } },
    ],
    edges: ['p > t', 't.cluster > k'],
  });
  run.until(60_000);
  const written = run.kinds.logs.logEnd(1, 0);
  expect(written / 60).toBeGreaterThan(40);
  expect(written / 60).toBeLessThan(60);
  expect(run.kinds.producers.clients!.clusterSender!.quotas.throttledFor(0)).toBeGreaterThan(10_000_000);
  expect(run.sim.metrics.of(0, METRIC.dropped)).toBe(0);
  new Invariants(run.sim, run.kinds).check();
});
