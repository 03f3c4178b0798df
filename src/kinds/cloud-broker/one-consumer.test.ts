import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { TRACE, TRACE_ROW } from '../../engine/trace.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';

type Fields = Record<string, Json>;
type Subscription = 'exclusive' | 'failover' | 'shared';

/** A message each second, and two members of a group who need half a second for one, or as said. */
function every(subscription: Subscription, group: Fields = {}, broker: Fields = {}): SmallRun {
  const run = smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1, stopAfter: 12 } },
      { id: 'b', kind: 'cloud-broker', fields: { profile: 'pulsar', subscription, ...broker } },
      {
        id: 'g',
        kind: 'consumer-group',
        fields: { members: 2, serviceTime: { shape: 'constant', mean: 500 }, ...group },
      },
      { id: 'dlq', kind: 'dead-letter-queue' },
    ],
    edges: ['p > b', 'b > g', 'b.dead > dlq'],
  });
  run.sim.trace.messages = true;
  return run;
}

function until(run: SmallRun, seconds: number): SmallRun {
  run.until(seconds * 1000);
  new Invariants(run.sim, run.kinds).check();
  return run;
}

/** Messages in the order in which work on them began, by the order in which they were made. */
function begun({ sim, node }: SmallRun): number[] {
  const { values } = sim.trace.rows.read(0);
  const made = new Map<number, number>();
  const found: number[] = [];
  for (let row = 0; row < values.length; row += TRACE_ROW.size) {
    const [, step, where, serial] = values.subarray(row, row + TRACE_ROW.size);
    if (step === TRACE.produced) made.set(serial, made.size + 1);
    if (step === TRACE.started && where === node('g')) found.push(made.get(serial)!);
  }
  return found;
}

const done = (run: SmallRun) => [0, 1].map((member) => run.kinds.groups.memberDone(run.node('g'), member));
const active = (run: SmallRun) => run.kinds.consumers.prefetch!.activeOf(run.node('b'))?.local;
const hit = (run: SmallRun, fault: string, member: number) =>
  run.kinds.inject(run.sim, run.node('g'), fault, { member });
const heal = (run: SmallRun, fault: string, member: number) =>
  run.kinds.heal(run.sim, run.node('g'), fault, { member });

describe('a Failover subscription of Pulsar', () => {
  it('gives everything to one member, and to the next when it goes, in order', () => {
    const run = until(every('failover', { serviceTime: { shape: 'constant', mean: 2000 } }), 5);
    expect([active(run), done(run)]).toEqual([0, [2, 0]]);
    hit(run, 'crash', 1);
    expect(active(run)).toBe(1);
    until(run, 100);
    expect(begun(run)).toEqual([1, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(done(run)).toEqual([2, 10]);
    expect(run.sim.metrics.of(run.node('g'), METRIC.duplicates)).toBe(0);
  });

  it('is taken over from a member that stops in good order, which then stands behind the others', () => {
    const run = until(every('failover'), 3.2);
    hit(run, 'restart', 1);
    until(run, 6);
    heal(run, 'restart', 1);
    until(run, 100);
    expect(active(run)).toBe(1);
    expect(begun(run)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(run.kinds.consumers.prefetch!.failoversAlong(1)).toBe(1);
  });

  it('delivers again in order what a dead member had in several workers', () => {
    const run = until(
      every('failover', { concurrency: 4, serviceTime: { shape: 'constant', mean: 9000 } }),
      6,
    );
    expect(begun(run)).toEqual([1, 2, 3, 4]);
    hit(run, 'crash', 1);
    until(run, 6.1);
    expect(begun(run).slice(4)).toEqual([1, 2, 3, 4]);
  });

  it('delivers again all that is not acknowledged when one message is said no to', () => {
    const failing = { concurrency: 3, failureProbability: 1, maxAttempts: 1 };
    const slow = { serviceTime: { shape: 'constant', mean: 2500 } };
    const run = until(every('failover', { ...failing, ...slow }, { negativeAckDelay: 100 }), 3.65);
    // The first fails at 3.5 s and is due at 3.6 s, when the second and the third are at work.
    const { rewound, timedOut } = run.kinds.clouds.counts.all(run.node('b'));
    expect([begun(run), rewound, timedOut]).toEqual([[1, 2, 3, 1], 2, 0]);
    const shared = until(
      every('shared', { ...failing, ...slow, members: 1 }, { negativeAckDelay: 100 }),
      3.65,
    );
    expect(shared.kinds.clouds.counts.all(shared.node('b')).rewound).toBe(0);
  });

  it('has no dead letters, however often a message fails', () => {
    const fields = { negativeAckDelay: 100, maxRedeliverCount: 1 };
    const group = { failureProbability: 1, maxAttempts: 1 };
    const run = until(every('failover', group, fields), 60);
    expect(run.sim.metrics.of(run.node('dlq'), METRIC.deadLettered)).toBe(0);
    const shared = until(every('shared', group, fields), 60);
    expect(shared.sim.metrics.of(shared.node('dlq'), METRIC.deadLettered)).toBe(12);
  });
});

describe('an Exclusive subscription of Pulsar', () => {
  it('has one consumer, and nobody takes over when it dies', () => {
    const run = until(every('exclusive'), 3.2);
    hit(run, 'crash', 1);
    until(run, 8);
    expect([active(run), done(run)]).toEqual([undefined, [2, 0]]);
    heal(run, 'crash', 1);
    until(run, 100);
    expect([active(run), done(run)]).toEqual([0, [12, 0]]);
    expect(begun(run)).toEqual([1, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('takes a new process of a member that was refused, if nobody is connected', () => {
    const run = until(every('exclusive'), 3.2);
    hit(run, 'hang', 2);
    hit(run, 'crash', 1);
    heal(run, 'hang', 2);
    until(run, 4);
    expect(active(run)).toBeUndefined();
    hit(run, 'crash', 2);
    heal(run, 'crash', 2);
    heal(run, 'crash', 1);
    until(run, 100);
    expect([active(run), done(run)]).toEqual([1, [2, 10]]);
  });
});

describe('the client of Pulsar', () => {
  const ahead = { members: 1, prefetchMode: 'count', prefetch: 0 };

  it('counts ackTimeout from when work begins, not from when a message came into its queue', () => {
    const slow = { ...ahead, serviceTime: { shape: 'constant', mean: 2000 } };
    for (const subscription of ['shared', 'exclusive'] as const) {
      const run = until(every(subscription, slow, { ackTimeout: 2500 }), 100);
      expect(begun(run)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
      expect(run.kinds.clouds.counts.all(run.node('b')).timedOut).toBe(0);
    }
  });

  it('clears its queue before all comes again, so that nothing is in it twice', () => {
    const late = { ...ahead, serviceTime: { shape: 'constant', mean: 2000 } };
    const run = until(every('exclusive', late, { ackTimeout: 1500 }), 100);
    // Each is late once: it comes again with all that waits behind it, and is done again.
    expect(begun(run)).toEqual(Array.from({ length: 24 }, (_, at) => 1 + Math.floor(at / 2)));
    expect(run.kinds.clouds.counts.all(run.node('b')).timedOut).toBe(12);
    expect(run.kinds.consumers.prefetch!.walk(run.node('g'))).toBe(0);
  });

  it('goes on with the time of the first try while a message is tried again in place', () => {
    const failing = { failureProbability: 1, maxAttempts: 3, retryMode: 'hold', backoff: 1 };
    const slow = { ...ahead, ...failing, serviceTime: { shape: 'constant', mean: 600 } };
    const run = until(every('shared', slow, { ackTimeout: 1500 }), 2.6);
    expect(run.kinds.clouds.counts.all(run.node('b')).timedOut).toBe(1);
  });
});
