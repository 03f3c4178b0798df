import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import type { NodeGauge } from '../node-behavior.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';

type Fields = Record<string, Json>;

/** Ten messages to each of some subjects, a stream, and a consumer for each filter. */
function stream(subjects: readonly string[], filters: readonly string[], fields: Fields = {}): SmallRun {
  const writers = subjects.map((routingKey, at) => ({
    id: `p${at}`,
    kind: 'producer',
    fields: { arrivals: 'constant', rate: 10, stopAfter: 10, routingKey },
  }));
  const readers = filters.map((_, at) => ({ id: `g${at}`, kind: 'consumer-group', fields: {} }));
  const profile = { profile: 'jetstream', subjects: 'orders.>, orders' };
  const run = smallRun({
    nodes: [...writers, { id: 's', kind: 'cloud-broker', fields: { ...profile, ...fields } }, ...readers],
    edges: [
      ...writers.map(({ id }) => `${id} > s` as const),
      ...readers.map(({ id }) => `s > ${id}` as const),
    ],
    edgeFields: Object.fromEntries(filters.map((filterSubject, at) => [`s > g${at}`, { filterSubject }])),
  });
  run.until(30_000);
  new Invariants(run.sim, run.kinds).check();
  return run;
}

const done = (run: SmallRun, readers: number) =>
  Array.from({ length: readers }, (_, at) => run.sim.metrics.of(run.node(`g${at}`), METRIC.acknowledged));
const results = (run: SmallRun) => run.kinds.clouds.results(run.node('s'));

describe('a stream of JetStream with subjects', () => {
  const subjects = ['orders', 'orders.eu', 'orders.eu.de'];

  it('gives each consumer what its filter takes: orders.> takes no orders', () => {
    const run = stream(subjects, ['orders.>', 'orders.*', 'orders.*.de', '']);
    expect(done(run, 4)).toEqual([20, 10, 10, 30]);
    expect(results(run)).toMatchObject({ fanned: 40, unwanted: 0, waitingForNobody: 0 });
  });

  it('stores nothing that is of none of its subjects', () => {
    const run = stream(['orders.eu', 'payments.eu'], ['']);
    expect(done(run, 1)).toEqual([10]);
    expect([results(run).unwanted, run.sim.metrics.of(run.node('s'), METRIC.dropped)]).toEqual([10, 10]);
  });

  it('keeps what no consumer takes, until it is too old', () => {
    for (const retention of ['limits', 'workqueue']) {
      const run = stream(subjects, ['orders.*'], { retention });
      expect([done(run, 1), results(run).waitingForNobody]).toEqual([[10], 20]);
      expect(run.kinds.held(run.sim, run.node('s'))).toBe(20);
      const gauge = {} as NodeGauge;
      run.kinds.gauge(run.sim, run.node('s'), gauge);
      expect(gauge.amount).toBe(0);
    }
    const aged = stream(subjects, ['orders.*'], { maxAge: 20_000 });
    expect([results(aged).waitingForNobody, aged.sim.metrics.of(aged.node('s'), METRIC.expired)]).toEqual([
      0, 20,
    ]);
  });

  it('with interest retention drops at once what no consumer takes', () => {
    const run = stream(subjects, ['orders.*'], { retention: 'interest' });
    expect([done(run, 1), results(run).waitingForNobody, results(run).unwanted]).toEqual([[10], 0, 20]);
    expect(run.sim.metrics.of(run.node('s'), METRIC.dropped)).toBe(20);
  });

  it('without subjects takes everything', () => {
    const run = stream(['orders', 'payments.eu'], [''], { subjects: '' });
    expect(done(run, 1)).toEqual([20]);
  });
});
