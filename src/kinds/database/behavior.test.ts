import { METRIC } from '../../engine/metrics.ts';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { Invariants } from '../../testing/invariants.ts';
import { DATABASE_STATE } from './database-states.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';

const constant = (mean: number): Json => ({ shape: 'constant', mean });

/** Ten workers that do nothing but call one database (node 3). */
function callers(database: Record<string, Json>, group: Record<string, Json> = {}): SmallRun {
  return smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: 10 } },
      { id: 'q', kind: 'queue' },
      {
        id: 'g',
        kind: 'consumer-group',
        fields: { members: 10, serviceTime: constant(0), backoffJitter: 0, ...group },
      },
      { id: 'db', kind: 'database', fields: { serviceTime: constant(100), ...database } },
    ],
    edges: ['p > q', 'q > g', 'g > db'],
  });
}

describe('a database', () => {
  it('answers as many calls at a time as it has connections; the others wait in order', () => {
    const run = callers({ connections: 2 });
    run.until(50);
    expect([run.sim.metrics.of(3, METRIC.busy), run.sim.transfers.waiters.count[3]]).toEqual([2, 8]);
    expect(run.sim.metrics.of(2, METRIC.busy)).toBe(10);
    run.until(501.999);
    expect(run.sim.metrics.of(2, METRIC.acknowledged)).toBe(9);
    run.until(502);
    expect(run.sim.metrics.of(2, METRIC.acknowledged)).toBe(10);
    // The first call to get in was the first to arrive: nobody waited longer than its place in the line.
    expect(run.sim.metrics.histograms.max(run.sim.metrics.latencyHistogram(2))).toBe(492_000);
  });

  it('fails the calls in progress when it stops, and lets nobody in until it is back', () => {
    const run = callers({ connections: 2 }, { maxAttempts: 100, backoff: 10, backoffFactor: 1 });
    run.until(50);
    run.kinds.inject(run.sim, 3, 'stop', {});
    expect(run.sim.metrics.of(2, METRIC.failures)).toBe(2);
    run.until(5000);
    expect([run.sim.metrics.of(3, METRIC.busy), run.sim.metrics.of(2, METRIC.acknowledged)]).toEqual([0, 0]);
    expect(run.sim.transfers.waiters.count[3]).toBe(10);
    run.kinds.heal(run.sim, 3, 'stop', {});
    run.until(5001);
    expect(run.sim.metrics.of(3, METRIC.busy)).toBe(2);
    run.until(6000);
    expect(run.sim.metrics.of(2, METRIC.acknowledged)).toBe(10);
    new Invariants(run.sim, run.kinds).check();
  });

  it('is full from the first caller that waits, and up again once nobody has waited for a second', () => {
    const run = callers({ connections: 2 });
    const { states } = run.kinds.databases;
    const state = () => Object.keys(DATABASE_STATE)[states.state[3]];
    run.until(0.5);
    expect(state()).toBe('up');
    run.until(50);
    expect([state(), states.since[3]]).toEqual(['full', 3000]);
    // The last call ends at 502 ms, and with it the last reason.
    run.until(600);
    expect([state(), states.since[3]]).toEqual(['up', 502_000]);
  });

  it('is stopped by that fault alone, and full again at once where more wait than it has connections', () => {
    const run = callers({ connections: 2 }, { maxAttempts: 100, backoff: 10, backoffFactor: 1 });
    const { states } = run.kinds.databases;
    run.until(50);
    run.kinds.inject(run.sim, 3, 'slow', { factor: 2 });
    expect(states.state[3]).toBe(DATABASE_STATE.full);
    run.kinds.inject(run.sim, 3, 'stop', {});
    run.until(1000);
    expect(states.state[3]).toBe(DATABASE_STATE.stopped);
    run.kinds.heal(run.sim, 3, 'stop', {});
    expect(states.state[3]).toBe(DATABASE_STATE.full);
  });

  it('takes more connections at once, and fewer as calls end', () => {
    const run = callers({ connections: 2 });
    run.until(50);
    run.kinds.setField(run.sim, 3, 'connections', 6);
    run.until(50);
    expect(run.sim.metrics.of(3, METRIC.busy)).toBe(6);
    run.kinds.setField(run.sim, 3, 'connections', 1);
    run.until(155);
    expect(run.sim.metrics.of(3, METRIC.busy)).toBe(1);
    run.until(10_000);
    expect(run.sim.metrics.of(2, METRIC.acknowledged)).toBe(10);
  });

  it('is not full because it loses connections for which nobody waits', () => {
    const run = callers({ connections: 10 });
    run.until(50);
    run.kinds.setField(run.sim, 3, 'connections', 1);
    expect(run.kinds.databases.states.state[3]).toBe(DATABASE_STATE.up);
  });

  it('answers in vain when the caller died meanwhile, even if the same worker calls again', () => {
    const run = callers({ connections: 10 }, { members: 1 });
    run.until(50);
    run.kinds.inject(run.sim, 2, 'crash', { member: 1 });
    run.kinds.heal(run.sim, 2, 'crash', { member: 1 });
    // The first call was made at 1 ms, the second at 50 ms.
    run.until(149);
    expect([run.sim.metrics.of(3, METRIC.out), run.sim.metrics.of(2, METRIC.acknowledged)]).toEqual([1, 0]);
    run.until(150);
    expect(run.sim.metrics.of(2, METRIC.acknowledged)).toBe(1);
  });

  it('makes the try of its caller fail with its chance of failure', () => {
    const run = callers({ failureProbability: 1 }, { maxAttempts: 3 });
    run.until(60_000);
    expect([run.sim.metrics.of(2, METRIC.attempts), run.sim.metrics.of(2, METRIC.dropped)]).toEqual([30, 10]);
  });

  it('answers slowly when it is slow', () => {
    const run = callers({ connections: 10 });
    run.kinds.inject(run.sim, 3, 'slow', { factor: 8 });
    run.until(800);
    expect(run.sim.metrics.of(2, METRIC.acknowledged)).toBe(0);
    run.until(810);
    expect(run.sim.metrics.of(2, METRIC.acknowledged)).toBe(10);
  });

  it('can be called by a producer, which drops what fails', () => {
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 100, stopAfter: 100 } },
        { id: 'db', kind: 'database', fields: { failureProbability: 0.5, serviceTime: constant(100) } },
      ],
      edges: ['p > db'],
    });
    run.until(10_000);
    const { metrics } = run.sim;
    const dropped = metrics.of(0, METRIC.dropped);
    expect(metrics.of(0, METRIC.acknowledged) + dropped).toBe(100);
    expect(Math.abs(dropped - 50)).toBeLessThan(20);
  });
});
