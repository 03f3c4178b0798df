import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';
import { GROUP_TRANSACTION_STATE } from './transaction-states.ts';

const constant = (mean: number): Json => ({ shape: 'constant', mean });

/** 100 records at 100/s through a group of two that copies them to `out`; `sees` reads committed records, `all` all. */
function copying(fields: Record<string, Json> = {}): SmallRun {
  const reader = { members: 1, serviceTime: constant(0), guarantee: 'effectively-once', dedupWindow: 1 };
  return smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 100, stopAfter: 100 } },
      { id: 'in', kind: 'topic', fields: { partitions: 2 } },
      {
        id: 'g',
        kind: 'consumer-group',
        fields: {
          members: 2,
          serviceTime: constant(5),
          commit: 'transaction',
          polling: 'batch',
          sessionTimeout: 300,
          heartbeat: 50,
          transactionTimeout: 1000,
          guarantee: 'at-least-once',
          ...fields,
        },
      },
      { id: 'out', kind: 'topic', fields: { partitions: 2 } },
      { id: 'sees', kind: 'consumer-group', fields: { ...reader, isolation: 'read-committed' } },
      { id: 'all', kind: 'consumer-group', fields: reader },
    ],
    edges: ['p > in', 'in > g', 'g > out', 'out > sees', 'out > all'],
  });
}

const done = (run: SmallRun, group: string): number =>
  run.sim.metrics.of(run.node(group), METRIC.acknowledged);
const position = (run: SmallRun, group: 'sees' | 'all'): number =>
  run.kinds.topics.position(run.edge(`out > ${group}`), 0) +
  run.kinds.topics.position(run.edge(`out > ${group}`), 1);
const figures = (run: SmallRun) => run.kinds.consumers.transactions!.figures(run.node('g'))!;
const committed = (run: SmallRun): number =>
  run.kinds.topics.committed(run.edge('in > g'), 0) + run.kinds.topics.committed(run.edge('in > g'), 1);
const crash = (run: SmallRun): void => run.kinds.inject(run.sim, run.node('g'), 'crash', { member: 1 });
const restore = (run: SmallRun): void => run.kinds.heal(run.sim, run.node('g'), 'crash', { member: 1 });

describe('a group that commits with its results', () => {
  it('shows its results, and counts its input as read, only when the transaction is committed', () => {
    const run = copying({ transactionTime: 400 });
    run.until(390);
    expect([done(run, 'all') > 30, done(run, 'sees'), committed(run)]).toEqual([true, 0, 0]);
    run.until(460);
    expect(done(run, 'sees')).toBeGreaterThan(30);
    expect(committed(run)).toBe(done(run, 'sees'));
    new Invariants(run.sim, run.kinds).check();
    run.until(5000);
    expect([done(run, 'all'), done(run, 'sees'), committed(run)]).toEqual([100, 100, 100]);
    expect(figures(run)).toMatchObject({ aborted: 0, leftOpen: 0 });
  });

  it('is done once for who reads committed records, whatever crashes', () => {
    const run = copying({ transactionTime: 300 });
    run.until(455);
    crash(run);
    run.until(4000);
    expect([done(run, 'sees'), position(run, 'sees') > 100]).toEqual([100, true]);
    expect(run.kinds.consumers.work.guarantees.count(run.node('sees'), 'duplicate')).toBe(0);
    expect(run.kinds.consumers.work.guarantees.count(run.node('all'), 'duplicate')).toBeGreaterThan(0);
    expect(run.kinds.consumers.work.guarantees.count(run.node('g'), 'duplicate')).toBe(0);
    expect(run.sim.metrics.of(run.node('g'), METRIC.duplicates)).toBeGreaterThan(0);
    expect(run.kinds.topics.gaps!.abortedIn(run.node('out'))).toBeGreaterThan(0);
    new Invariants(run.sim, run.kinds).check();
  });

  it('polls on once it has let go of partitions, though that has ended its transaction early', () => {
    const short = { serviceTime: constant(0.3), transactionTime: 1, transactionEnd: 400, maxPollRecords: 5 };
    const run = copying({ ...short, assignor: 'cooperative-sticky' });
    run.until(200);
    crash(run);
    run.until(600);
    restore(run);
    for (let ms = 601; ms < 1000; ms++) {
      run.until(ms);
      new Invariants(run.sim, run.kinds).check();
    }
    run.until(5000);
    expect(done(run, 'sees')).toBe(100);
  });

  it('leaves its transaction open when a member dies, until transaction.timeout.ms', () => {
    const run = copying({ transactionTime: 300, transactionTimeout: 3000 });
    run.until(455);
    crash(run);
    run.until(3200);
    expect([done(run, 'sees') < 100, figures(run).leftOpen]).toEqual([true, 0]);
    run.until(3600);
    expect([done(run, 'sees'), figures(run).leftOpen]).toEqual([100, 1]);
  });

  it('says of each member how its transaction stands: begun by a poll, asked for, left open by a process that died', () => {
    const run = copying({ transactionTime: 300, transactionEnd: 50, transactionTimeout: 3000 });
    const stands = () =>
      [0, 1].map((member) => {
        const state = run.kinds.groups.memberTransaction(run.node('g'), member);
        return Object.entries(GROUP_TRANSACTION_STATE).find(([, number]) => number === state)?.[0];
      });
    run.until(9);
    expect(stands()).toEqual(['none', 'none']);
    run.until(200);
    expect(stands()).toEqual(['open', 'open']);
    run.until(340);
    expect(stands()).toEqual(['committing', 'committing']);
    run.until(455);
    crash(run);
    expect(new Set(stands())).toEqual(new Set(['left-open', 'open']));
    run.until(3700);
    expect(stands()).toEqual(['none', 'none']);
    expect(run.kinds.groups.memberTransaction(run.node('sees'), 0)).toBe(-1);
  });

  it('has that transaction aborted by the next process of the member, which takes its transactional.id', () => {
    const run = copying({ transactionTime: 300, transactionTimeout: 60_000, identity: 'static' });
    run.until(455);
    crash(run);
    run.until(500);
    restore(run);
    run.until(5000);
    expect(done(run, 'sees')).toBe(100);
    expect(figures(run)).toMatchObject({ aborted: 1, leftOpen: 0 });
  });

  it('aborts what a member writes whose partitions others have meanwhile', () => {
    const run = copying({ transactionTime: 100, transactionTimeout: 60_000 });
    run.until(455);
    run.kinds.inject(run.sim, run.node('g'), 'cut-off', { member: 1 });
    run.until(1500);
    run.kinds.heal(run.sim, run.node('g'), 'cut-off', { member: 1 });
    run.until(9000);
    expect(done(run, 'sees')).toBe(100);
    expect(run.kinds.consumers.work.guarantees.count(run.node('sees'), 'duplicate')).toBe(0);
    expect(figures(run).aborted).toBe(1);
  });

  it('reads again from its last commit when its transaction took too long', () => {
    const run = copying({ transactionTime: 5000, transactionTimeout: 200 });
    run.until(3000);
    expect(figures(run).leftOpen).toBeGreaterThan(3);
    expect([done(run, 'sees'), committed(run)]).toEqual([0, 0]);
    expect(run.kinds.consumers.work.guarantees.count(run.node('all'), 'duplicate')).toBeGreaterThan(50);
    new Invariants(run.sim, run.kinds).check();
  });

  it('commits before it gives up partitions', () => {
    const ways: Record<string, Json>[] = [
      { assignor: 'cooperative-sticky' },
      { protocol: 'consumer', brokerHeartbeat: 50 },
      {},
    ];
    for (const fields of ways) {
      const run = copying({ transactionTime: 60_000, transactionTimeout: 60_000, ...fields });
      run.kinds.inject(run.sim, run.node('g'), 'restart', { member: 1 });
      run.until(300);
      run.kinds.heal(run.sim, run.node('g'), 'restart', { member: 1 });
      run.until(900);
      expect([figures(run).committed > 0, figures(run).aborted]).toEqual([true, 0]);
      expect(run.kinds.consumers.work.guarantees.count(run.node('all'), 'duplicate')).toBe(0);
    }
  });
});
