import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';

type Fields = Record<string, Json>;

/** A thousand messages of many groups at once for a FIFO queue, and workers who need no time. */
function burst(queue: Fields, count = 1000, group: Fields = {}): SmallRun {
  const schedule = [{ atMs: 0, ratePerSecond: 1e7 }];
  return smallRun({
    nodes: [
      {
        id: 'p',
        kind: 'producer',
        fields: { arrivals: 'schedule', schedule, stopAfter: count, keyCount: 100_000 },
      },
      { id: 'q', kind: 'cloud-broker', fields: { profile: 'sqs-fifo', ...queue } },
      {
        id: 'g',
        kind: 'consumer-group',
        fields: { serviceTime: { shape: 'constant', mean: 0 }, ...group },
      },
    ],
    edges: ['p > q', 'q > g'],
  });
}

/** Messages that were sent, and received, by the end of each of these seconds. */
function by(run: SmallRun, seconds: readonly number[]): [sent: number, received: number][] {
  return seconds.map((second) => {
    run.until(second * 1000);
    new Invariants(run.sim, run.kinds).check();
    const { metrics } = run.sim;
    return [metrics.of(run.node('q'), METRIC.in), metrics.of(run.node('q'), METRIC.out)];
  });
}

const refused = (run: SmallRun) => run.kinds.clouds.quota?.refusedBy(run.node('q')) ?? null;

describe('An SQS FIFO queue', () => {
  it('takes 300 messages a second, one a call, and refuses the rest until the next second', () => {
    const run = burst({});
    expect(by(run, [0.9, 1.9, 2.9, 3.9])).toEqual([
      [300, 300],
      [600, 600],
      [900, 900],
      [1000, 1000],
    ]);
    expect(refused(run)!.sends).toBeGreaterThanOrEqual(3);
    expect(run.sim.transfers.heldTime(run.node('p'), run.sim.now)).toBeGreaterThan(2_990_000);
  });

  it('takes ten times as many in calls of ten messages', () => {
    expect(by(burst({ callBatch: 10 }, 4000), [0.9, 1.9])).toEqual([
      [3000, 3000],
      [4000, 4000],
    ]);
  });

  it('gives 300 messages a second, also to workers who come when there are more', () => {
    const run = burst({}, 900, { members: 1 });
    run.kinds.inject(run.sim, run.node('g'), 'crash', { member: 1 });
    run.until(5000);
    run.kinds.heal(run.sim, run.node('g'), 'crash', { member: 1 });
    const [[, before], [, second], [, third], [, last]] = by(run, [5.9, 6.9, 7.9, 9.9]);
    expect(before).toBeLessThanOrEqual(300);
    expect([second - before, third - second]).toEqual([300, 300]);
    expect(last).toBe(900);
    expect(refused(run)!.receives).toBeGreaterThanOrEqual(2);
  });

  it('deletes 300 messages a second, and what waits for that stays in flight', () => {
    const run = burst({}, 600, { members: 600, serviceTime: { shape: 'constant', mean: 500 } });
    // What came in the first second takes so long that it is done with what came in the next.
    run.kinds.inject(run.sim, run.node('g'), 'slow', { factor: 3 });
    run.until(500);
    run.kinds.heal(run.sim, run.node('g'), 'slow', {});
    const at = (second: number) => {
      by(run, [second]);
      const { acknowledged, inFlight } = run.kinds.clouds.results(run.node('q'));
      return { done: run.sim.metrics.of(run.node('g'), METRIC.acknowledged), acknowledged, inFlight };
    };
    expect(at(1.4)).toMatchObject({ done: 0, acknowledged: 0 });
    const { done, acknowledged, inFlight } = at(1.6);
    // A few are the second of their group.
    expect(done).toBeGreaterThan(590);
    expect([acknowledged, refused(run)!.deletes]).toEqual([300, done - 300]);
    expect(inFlight).toBeGreaterThanOrEqual(done - 300);
    expect(at(2.1).acknowledged).toBeGreaterThanOrEqual(done);
  });

  it('with high throughput takes and gives what comes, and so do other brokers', () => {
    expect(by(burst({ fifoThroughput: 'per-group' }), [0.9])).toEqual([[1000, 1000]]);
    const standard = burst({ profile: 'sqs' });
    expect(by(standard, [0.9])).toEqual([[1000, 1000]]);
    expect(refused(standard)).toBeNull();
  });
});
