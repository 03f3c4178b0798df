import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';
import { ANSWER } from './behavior.ts';

const constant = (mean: number): Json => ({ shape: 'constant', mean });

/** Twenty workers that do nothing but call one service (node 3), one call each millisecond at first. */
function callers(
  service: Record<string, Json>,
  group: Record<string, Json> = {},
  guard: Record<string, Json> = {},
  calls = 20,
): SmallRun {
  return smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: calls } },
      { id: 'q', kind: 'queue' },
      {
        id: 'g',
        kind: 'consumer-group',
        fields: { members: 20, serviceTime: constant(0), maxAttempts: 1, ...group },
      },
      { id: 's', kind: 'service', fields: { serviceTime: constant(100), ...service } },
    ],
    edges: ['p > q', 'q > g', 'g > s'],
    edgeFields: { 'g > s': guard },
  });
}

const answers = ({ kinds }: SmallRun) =>
  Object.fromEntries(Object.entries(ANSWER).map(([name, how]) => [name, kinds.services.answered(3, how)]));

describe('an external service', () => {
  it('works on so many calls, lets so many wait, and answers the next with 503 after its time', () => {
    const run = callers({ concurrency: 2, queueLimit: 3, refusalTime: 10 });
    run.until(22);
    new Invariants(run.sim, run.kinds).check();
    expect([run.sim.metrics.of(3, METRIC.busy), run.sim.metrics.of(3, METRIC.queued)]).toEqual([2, 3]);
    expect(answers(run)).toEqual({ error: 0, rateLimited: 0, overloaded: 15, unavailable: 0 });
    // The sixth call came at 6 ms; the one at 12 ms knows of its refusal at 22 ms.
    expect(run.sim.metrics.of(3, METRIC.failures)).toBe(7);
    run.until(1000);
    expect([run.sim.metrics.of(2, METRIC.acknowledged), run.sim.metrics.of(2, METRIC.dropped)]).toEqual([
      5, 15,
    ]);
    // Two at once, 100 ms each: the last of five comes out after the third round, having waited for two.
    expect(run.sim.metrics.histograms.max(run.sim.metrics.latencyHistogram(3))).toBe(296_000);
  });

  it('answers with 429 what is over its rate limit, and does no work for it', () => {
    const run = callers({ rateLimit: 'cycles', ratePermits: 3, ratePeriod: 10, serviceTime: constant(1) });
    run.until(1000);
    // 1 to 9 ms, 10 to 19 ms and 20 ms: three periods.
    expect(answers(run)).toEqual({ error: 0, rateLimited: 13, overloaded: 0, unavailable: 0 });
    expect(run.sim.metrics.of(3, METRIC.serviceCount)).toBe(7);
  });

  it('lets tokens come back evenly with a token bucket', () => {
    const run = callers({ rateLimit: 'bucket', ratePermits: 2, ratePeriod: 10, serviceTime: constant(1) });
    run.until(1000);
    // Two at once, then one each 5 ms: at 1, 2, 6, 11 and 16 ms.
    expect(run.sim.metrics.of(3, METRIC.serviceCount)).toBe(5);
  });

  it('fails at once in an outage, and works again when it is back', () => {
    const run = callers({ concurrency: 5 }, {}, {}, 40);
    run.until(10.5);
    run.kinds.inject(run.sim, 3, 'outage', { answers: 'refused' });
    new Invariants(run.sim, run.kinds).check();
    expect(answers(run).unavailable).toBe(10);
    run.until(20.5);
    expect(answers(run).unavailable).toBe(20);
    run.kinds.heal(run.sim, 3, 'outage', { answers: 'refused' });
    run.until(21.5);
    expect(run.sim.metrics.of(3, METRIC.busy)).toBe(1);
  });

  it('lets its callers hang in a silent outage, unless they have a timeout', () => {
    const patient = callers({});
    const hasty = callers({}, {}, { timeout: 50 });
    for (const run of [patient, hasty]) {
      run.kinds.inject(run.sim, 3, 'outage', { answers: 'silence' });
      run.until(3_600_000);
      new Invariants(run.sim, run.kinds).check();
    }
    expect([patient, hasty].map((run) => run.sim.metrics.of(2, METRIC.failures))).toEqual([0, 20]);
    patient.kinds.heal(patient.sim, 3, 'outage', { answers: 'silence' });
    expect(patient.sim.metrics.of(2, METRIC.failures)).toBe(20);
  });

  it('answers with errors after the full response time', () => {
    const run = callers({});
    run.kinds.inject(run.sim, 3, 'errors', { share: 1 });
    run.until(100.999);
    expect(run.sim.metrics.of(2, METRIC.failures)).toBe(0);
    run.until(1000);
    expect(answers(run).error).toBe(20);
  });

  it('keeps a call that timed out at its caller until it is done: the work goes on', () => {
    const run = callers(
      { concurrency: 50 },
      { maxAttempts: 2, backoff: 10, backoffJitter: 0 },
      { timeout: 60 },
    );
    run.until(110);
    // Every message is tried again at 70 ms after its first try; the first tries still have 30 ms to go.
    expect(run.sim.metrics.of(3, METRIC.busy)).toBeGreaterThan(20);
    run.until(1000);
    expect(run.sim.metrics.of(3, METRIC.serviceCount)).toBe(40);
    expect(run.sim.metrics.of(2, METRIC.acknowledged)).toBe(0);
  });
});
