import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';
import { MEMBER } from './membership.ts';

const constant = (mean: number): Json => ({ shape: 'constant', mean });

/** A producer of ten messages at once, a topic of one partition, and one member that takes 1 s for each. */
function polling(group: Record<string, Json>, producer: Record<string, Json> = {}): SmallRun {
  return smallRun({
    nodes: [
      {
        id: 'p',
        kind: 'producer',
        fields: { arrivals: 'constant', rate: 1_000_000, stopAfter: 10, keys: 'none', ...producer },
      },
      { id: 't', kind: 'topic', fields: { partitions: 1 } },
      {
        id: 'g',
        kind: 'consumer-group',
        fields: { polling: 'batch', members: 1, serviceTime: constant(1000), ...group },
      },
    ],
    edges: ['p > t', 't > g'],
  });
}

const committed = (run: SmallRun): number => run.kinds.topics.committed(run.edge('t > g'), 0);
const done = (run: SmallRun): number => run.sim.metrics.of(run.node('g'), METRIC.acknowledged);

describe('a poll', () => {
  it('returns up to max.poll.records, and the next comes when all of them are done', () => {
    const run = polling({ maxPollRecords: 4 });
    // The first poll finds one record, the second the nine that came meanwhile.
    run.until(1500);
    expect(run.kinds.topics.position(run.edge('t > g'), 0)).toBe(5);
    run.until(5001);
    expect(run.kinds.topics.position(run.edge('t > g'), 0)).toBe(9);
    run.until(10_001);
    expect(done(run)).toBe(10);
    expect(run.kinds.consumers.polls!.figures(run.node('g'))).toEqual({ polls: 4, recordsPerPoll: 2.5 });
    new Invariants(run.sim, run.kinds).check();
  });

  it('commits by itself within poll(), what the polls before it have returned', () => {
    const run = polling({ commit: 'interval', commitInterval: 5000 });
    // Polls at 0 (one record) and 1 s (nine records): nothing is committed while they are in work.
    run.until(9999);
    expect([done(run), committed(run)]).toEqual([9, 0]);
    run.until(10_001);
    expect(committed(run)).toBe(10);
  });

  it('commits on leaving, and a new process counts its interval anew', () => {
    const run = polling({ commit: 'interval', commitInterval: 20_000, maxPollRecords: 1 });
    run.until(2500);
    run.kinds.inject(run.sim, run.node('g'), 'restart', { member: 1 });
    run.until(2999);
    expect(committed(run)).toBe(0);
    run.until(3001);
    expect(committed(run)).toBe(3);
    run.until(19_000);
    run.kinds.heal(run.sim, run.node('g'), 'restart', { member: 1 });
    run.until(38_999);
    expect([done(run), committed(run)]).toEqual([10, 3]);
    run.until(40_000);
    expect(committed(run)).toBe(10);
  });

  it('commits what is done also while there is nothing more to read', () => {
    const run = polling({ commit: 'interval', commitInterval: 60_000 });
    run.until(59_999);
    expect([done(run), committed(run)]).toEqual([10, 0]);
    run.until(60_001);
    expect(committed(run)).toBe(10);
  });

  it('commits once for all that it returned, if asked to', () => {
    const run = polling({ commit: 'batch', maxPollRecords: 4 });
    run.until(4999);
    expect([done(run), committed(run)]).toEqual([4, 1]);
    run.until(5001);
    expect(committed(run)).toBe(5);
  });

  it('is repeated as a whole after a crash before its commit', () => {
    const run = polling({ commit: 'interval', sessionTimeout: 100, heartbeat: 10 });
    run.until(4500);
    run.kinds.inject(run.sim, run.node('g'), 'crash', { member: 1 });
    expect(run.kinds.held(run.sim, run.node('g'))).toBe(0);
    run.until(5000);
    run.kinds.heal(run.sim, run.node('g'), 'crash', { member: 1 });
    run.until(20_000);
    // Four were done when it died, and are done again.
    expect([done(run), run.sim.metrics.of(run.node('g'), METRIC.duplicates)]).toEqual([14, 4]);
    new Invariants(run.sim, run.kinds).check();
  });

  it('is lost as far as it was not done if the commit comes first', () => {
    const run = polling({ guarantee: 'at-most-once' });
    run.until(4500);
    expect(committed(run)).toBe(10);
    run.kinds.inject(run.sim, run.node('g'), 'crash', { member: 1 });
    expect([done(run), run.sim.metrics.of(run.node('g'), METRIC.dropped)]).toEqual([4, 6]);
    new Invariants(run.sim, run.kinds).check();
  });

  it('that takes longer than max.poll.interval.ms in all costs the member its place, and its work is in vain', () => {
    const run = polling({ maxPollInterval: 4000 });
    run.until(8000);
    const member = run.kinds.consumers.membership.stateOf[0];
    expect([member, committed(run)]).toEqual([MEMBER.expelled, 4]);
    run.until(10_500);
    expect(run.sim.metrics.of(run.node('g'), METRIC.duplicates)).toBeGreaterThan(0);
    new Invariants(run.sim, run.kinds).check();
  });

  it('is worked off by all workers of the member', () => {
    const run = polling({ concurrency: 3 });
    run.until(4500);
    expect([done(run), run.sim.metrics.of(run.node('g'), METRIC.busy)]).toEqual([10, 0]);
  });

  it('is done before the member joins a rebalance', () => {
    const run = polling({ members: 2, sessionTimeout: 100, heartbeat: 10 });
    run.until(1500);
    run.kinds.inject(run.sim, run.node('g'), 'crash', { member: 2 });
    run.until(9000);
    expect(run.kinds.consumers.membership.stateOf[0]).toBe(MEMBER['finishing-work']);
    run.until(10_500);
    expect(run.kinds.consumers.membership.stateOf[0]).toBe(MEMBER.reading);
    expect([done(run), committed(run)]).toEqual([10, 10]);
  });
});

describe('a fetch', () => {
  const bytes = (size: number, rate: number): Record<string, Json> => ({ rate, size: constant(size) });
  const fetching = { fetchMinBytes: 50_000, fetchMaxWait: 500, serviceTime: constant(0) };

  it('is answered at once when one byte is enough', () => {
    const run = polling({ serviceTime: constant(0) }, bytes(10, 1000));
    run.until(1);
    expect(done(run)).toBe(1);
  });

  it('with too few bytes to read waits for fetch.max.wait.ms', () => {
    const run = polling(fetching, bytes(10, 100));
    run.until(499);
    expect([done(run), run.sim.metrics.of(run.node('t'), METRIC.queued)]).toEqual([0, 10]);
    new Invariants(run.sim, run.kinds).check();
    run.until(500);
    expect(done(run)).toBe(10);
  });

  it('is answered when enough bytes are there', () => {
    const run = polling(fetching, bytes(10_000, 50));
    run.until(99);
    expect(done(run)).toBe(0);
    run.until(100);
    expect(done(run)).toBe(5);
    // The next one was sent with that answer.
    run.until(199);
    expect(done(run)).toBe(5);
    run.until(200);
    expect(done(run)).toBe(10);
  });

  it('was under way while the last poll was worked on', () => {
    const run = polling({ ...fetching, serviceTime: constant(300) }, bytes(10_000, 50));
    // Five records at 100 ms, done after 1.5 s; the five others were there long before.
    run.until(1599);
    expect(run.kinds.topics.position(run.edge('t > g'), 0)).toBe(5);
    run.until(1600);
    expect(run.kinds.topics.position(run.edge('t > g'), 0)).toBe(10);
  });
});
