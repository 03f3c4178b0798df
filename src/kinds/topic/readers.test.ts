import { expect, it } from 'vitest';
import { METRIC } from '../../engine/metrics.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun } from '../../testing/small-run.ts';

it('gives a group that reads it twice each record twice, though one edge is told of it before the other', () => {
  const run = smallRun({
    nodes: [
      {
        id: 'p',
        kind: 'producer',
        fields: { rate: 900, keyCount: 6, size: { shape: 'uniform', min: 0, max: 200 }, stopAfter: 500 },
      },
      { id: 't', kind: 'topic', fields: { partitions: 5 } },
      {
        id: 'g',
        kind: 'consumer-group',
        fields: {
          members: 1,
          serviceTime: { shape: 'constant', mean: 0 },
          polling: 'batch',
          maxPollRecords: 7,
          fetchMinBytes: 300,
          fetchMaxWait: 20,
        },
      },
    ],
    edges: ['p > t', 't > g', 't > g'],
  });
  run.until(2000);
  expect(run.sim.metrics.of(run.node('g'), METRIC.acknowledged)).toBe(1000);
  new Invariants(run.sim, run.kinds).check();
});
