import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';

const constant = (mean: number): Json => ({ shape: 'constant', mean });
const TRANSACTIONAL = { client: 'kafka', transactions: 'on', linger: 0, requestLatency: constant(2) };

/**
 * Producer `a` writes one message at 1 s and keeps its transaction open for half a second, producer `b` writes one
 * without a transaction at 1.2 s, to one partition; `sees` reads committed records, `all` every one.
 */
function twoWriters(transaction: Record<string, Json> = {}): SmallRun {
  const reader = { members: 1, serviceTime: constant(0) };
  const once = { arrivals: 'constant', stopAfter: 1 };
  return smallRun({
    nodes: [
      {
        id: 'a',
        kind: 'producer',
        fields: { ...once, rate: 1, ...TRANSACTIONAL, transactionTime: 500, ...transaction },
      },
      { id: 'b', kind: 'producer', fields: { ...once, rate: 1 / 1.2 } },
      { id: 't', kind: 'topic', fields: { partitions: 1 } },
      { id: 'sees', kind: 'consumer-group', fields: { ...reader, isolation: 'read-committed' } },
      { id: 'all', kind: 'consumer-group', fields: reader },
    ],
    edges: ['a > t', 'b > t', 't > sees', 't > all'],
  });
}

const done = (run: SmallRun, group: string): number =>
  run.sim.metrics.of(run.node(group), METRIC.acknowledged);
const position = (run: SmallRun): number => run.kinds.topics.position(run.edge('t > sees'), 0);

describe('a transaction', () => {
  it('holds back all later records for who reads committed ones, and its marker takes an offset', () => {
    const run = twoWriters();
    run.until(1400);
    expect([run.kinds.topics.logEnd(2, 0), done(run, 'sees'), done(run, 'all')]).toEqual([2, 0, 2]);
    new Invariants(run.sim, run.kinds).check();
    run.until(2000);
    expect([run.kinds.topics.logEnd(2, 0), done(run, 'sees'), position(run)]).toEqual([3, 2, 3]);
    expect(run.kinds.topics.committed(run.edge('t > sees'), 0)).toBe(3);
    new Invariants(run.sim, run.kinds).check();
  });

  it('takes nothing that arrives after its end: what was given up on the way is lost there', () => {
    const slow = {
      requestLatency: { shape: 'normal', mean: 50, sd: 50 },
      requestTimeout: 40,
      deliveryTimeout: 45,
      retryBackoff: 1,
    };
    const run = twoWriters({ ...slow, rate: 50, stopAfter: 300, transactionSize: 1 });
    run.until(60_000);
    expect(run.sim.metrics.of(0, METRIC.dropped)).toBeGreaterThan(10);
    expect(position(run)).toBe(run.kinds.topics.logEnd(2, 0));
    // Beside that of the other producer, one message a transaction.
    const { committed } = run.kinds.producers.clients!.transactions!.figures(0)!;
    expect(done(run, 'sees') - 1).toBe(committed);
    new Invariants(run.sim, run.kinds).check();
  });

  it('that is aborted is passed over by who reads committed records', () => {
    const run = twoWriters({ abortShare: 1 });
    run.until(2000);
    expect([done(run, 'sees'), done(run, 'all'), position(run)]).toEqual([1, 2, 3]);
    expect(run.sim.metrics.of(run.node('t'), METRIC.dropped)).toBe(1);
    expect(run.kinds.producers.clients!.transactions!.figures(0)).toEqual({
      committed: 0,
      aborted: 1,
      leftOpen: 0,
    });
    new Invariants(run.sim, run.kinds).check();
  });

  it('that nobody ends is aborted after transaction.timeout.ms', () => {
    const run = twoWriters({ leaveShare: 1 });
    run.until(60_999);
    expect([done(run, 'sees'), done(run, 'all')]).toEqual([0, 2]);
    run.until(61_001);
    expect([done(run, 'sees'), position(run)]).toEqual([1, 3]);
    new Invariants(run.sim, run.kinds).check();
  });

  it('has one marker in a partition that its producer reaches by two edges', () => {
    const fields = { arrivals: 'constant', rate: 10, stopAfter: 2, ...TRANSACTIONAL, transactionTime: 500 };
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields },
        { id: 't', kind: 'topic', fields: { partitions: 1 } },
        { id: 'g', kind: 'consumer-group', fields: { isolation: 'read-committed' } },
      ],
      edges: ['p > t', 'p > t', 't > g'],
    });
    run.until(2000);
    expect([run.kinds.topics.logEnd(1, 0), done(run, 'g')]).toEqual([5, 4]);
    new Invariants(run.sim, run.kinds).check();
  });

  it('makes the producer wait while it ends', () => {
    const run = smallRun({
      nodes: [
        {
          id: 'p',
          kind: 'producer',
          fields: { arrivals: 'constant', rate: 1000, ...TRANSACTIONAL, transactionSize: 4 },
        },
        { id: 't', kind: 'topic', fields: { partitions: 3 } },
        {
          id: 'g',
          kind: 'consumer-group',
          fields: { isolation: 'read-committed', serviceTime: constant(0) },
        },
      ],
      edges: ['p > t', 't > g'],
    });
    run.until(1000);
    const { committed } = run.kinds.producers.clients!.transactions!.figures(0)!;
    // Four messages, a round trip for the last of them and one for the end; the next message waits meanwhile.
    expect(committed).toBeGreaterThan(120);
    expect(committed).toBeLessThan(180);
    expect(run.sim.transfers.heldTime(0, run.sim.now)).toBeGreaterThan(300_000);
    expect(done(run, 'g')).toBe(4 * committed);
    new Invariants(run.sim, run.kinds).check();
  });
});
