import { describe, expect, it } from 'vitest';
import type { Json } from '../../../design/types.ts';
import { METRIC } from '../../../engine/metrics.ts';
import { TRACE, TRACE_ROW } from '../../../engine/trace.ts';
import { guardResults } from '../../../simulation/results/guard-results.ts';
import type { GuardResults } from '../../../simulation/results/results.ts';
import { Invariants } from '../../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../../testing/small-run.ts';
import { BREAKER_STATE } from '../circuit-breaker.ts';

type Fields = Record<string, Json>;
const constant = (mean: number): Json => ({ shape: 'constant', mean });
const DB = 1;

/** A producer that makes a call each millisecond, ten in all, and the database that it calls. */
function calls(guards: Fields, database: Fields = {}, producer: Fields = {}): SmallRun {
  const even = { arrivals: 'constant', rate: 1000, stopAfter: 10 };
  return smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { ...even, ...producer } },
      { id: 'db', kind: 'database', fields: { serviceTime: constant(100), ...database } },
    ],
    edges: ['p > db'],
    edgeFields: { 'p > db': guards },
  });
}

function said(run: SmallRun, edge = 0): GuardResults {
  new Invariants(run.sim, run.kinds).check();
  return guardResults(run.kinds, edge)!;
}

const STATES = Object.keys(BREAKER_STATE);

/** When the breaker changed, in whole milliseconds, and to which state, as the trace tells it. */
function changes(run: SmallRun): [number, string][] {
  const { values } = run.sim.trace.rows.read(0);
  const rows: [number, string][] = [];
  for (let at = 0; at < values.length; at += TRACE_ROW.size) {
    if (values[at + TRACE_ROW.code] !== TRACE.machine) continue;
    rows.push([Math.round(values[at + TRACE_ROW.time] / 1000), STATES[values[at + TRACE_ROW.b]]]);
  }
  return rows;
}

describe('a breaker that turns half-open by itself', () => {
  it('does so again when a result of that very instant has opened it', () => {
    const run = calls({
      timeout: 10,
      breaker: 'count',
      breakerMinCalls: 1,
      breakerWait: 5,
      breakerHalfOpens: 'automatically',
    });
    run.sim.trace.messages = true;
    run.until(100);
    expect(changes(run)).toEqual([
      [11, 'open'],
      [16, 'half-open'],
      [16, 'open'],
      [21, 'half-open'],
    ]);
  });
});

describe('a timeout', () => {
  it('fails the call at its time, while the database works on and its late answer is ignored', () => {
    const run = calls({ timeout: 40 });
    run.until(45);
    expect(said(run)).toMatchObject({ timeouts: 5, failed: 5, inProgress: 5, lateAnswers: 0 });
    expect(run.sim.metrics.of(DB, METRIC.busy)).toBe(10);
    run.until(200);
    expect(said(run)).toMatchObject({ timeouts: 10, failed: 10, lateAnswers: 10, succeeded: 0 });
    expect([run.sim.metrics.of(DB, METRIC.busy), run.sim.metrics.of(0, METRIC.dropped)]).toEqual([0, 10]);
    expect(run.kinds.guards.calls.triesInProgress).toBe(0);
  });

  it('lets a call that still waits for a connection leave the line', () => {
    const run = calls({ timeout: 40 }, { connections: 2 });
    run.until(200);
    expect(said(run)).toMatchObject({ attempts: 10, timeouts: 10, lateAnswers: 2 });
    expect(run.sim.metrics.of(DB, METRIC.in)).toBe(2);
    expect(run.sim.transfers.waiters.count[DB]).toBe(0);
  });

  it('does not touch a call that is answered in time', () => {
    const run = calls({ timeout: 101 });
    run.until(500);
    expect(said(run)).toMatchObject({ succeeded: 10, timeouts: 0, amplification: 1 });
  });
});

describe('a retry', () => {
  it('multiplies the load, and counts its first try', () => {
    const run = calls({ retry: 'none', retryAttempts: 3, retryWait: 50 }, { failureProbability: 1 });
    run.until(10_000);
    expect(said(run)).toMatchObject({ calls: 10, attempts: 30, amplification: 3, failed: 10 });
    expect(run.sim.metrics.of(DB, METRIC.in)).toBe(30);
  });

  it('waits between tries as its back-off says', () => {
    const retry = { retry: 'none', retryAttempts: 3, retryWait: 500, retryFactor: 3 };
    const run = calls(retry, { failureProbability: 1 }, { stopAfter: 1 });
    // Answers come at 101, 701 and 2301 ms: 100 ms of service each, after waits of 500 and 1500 ms.
    const tries = [100.999, 600.999, 601, 2200.999, 2201].map((ms) => {
      run.until(ms);
      return said(run).attempts;
    });
    expect(tries).toEqual([1, 1, 2, 2, 3]);
    run.until(2301);
    expect(said(run)).toMatchObject({ failed: 1, inProgress: 0 });
  });

  it('ends with the first success', () => {
    const run = calls({ retry: 'full', retryAttempts: 20, retryWait: 5 }, { failureProbability: 0.5 });
    run.until(60_000);
    const { succeeded, attempts, tries } = said(run);
    expect(succeeded).toBe(10);
    expect(attempts).toBeGreaterThan(10);
    expect(tries).toBe(attempts);
  });
});

describe('a circuit breaker', () => {
  const breaker = {
    breaker: 'count',
    breakerWindow: 4,
    breakerMinCalls: 4,
    breakerWait: 1000,
    breakerTrials: 3,
  };

  it('opens on the fourth failure of four, and then refuses at once', () => {
    const run = calls(breaker, { failureProbability: 1 }, { rate: 5 });
    run.until(1990);
    // Calls come at 200, 400 … ms, and fail 100 ms later.
    expect(changes(run)).toEqual([[900, 'open']]);
    expect(said(run)).toMatchObject({ calls: 9, attempts: 4, refusedByBreaker: 5 });
    expect(said(run).breaker).toMatchObject({ state: 'open', openings: 1, failureRatePercent: 100 });
  });

  it('turns half-open with the first call after the wait, tries a few, and closes when they succeed', () => {
    const run = calls(breaker, { failureProbability: 1 }, { rate: 5, stopAfter: 20 });
    run.until(1000);
    run.kinds.setField(run.sim, DB, 'failureProbability', 0);
    run.until(5000);
    expect(changes(run)).toEqual([
      [900, 'open'],
      [2000, 'half-open'],
      [2500, 'closed'],
    ]);
  });

  it('opens again when the trials fail, for another full wait', () => {
    const run = calls(breaker, { failureProbability: 1 }, { rate: 5, stopAfter: 30 });
    run.until(4000);
    expect(changes(run)).toEqual([
      [900, 'open'],
      [2000, 'half-open'],
      [2500, 'open'],
      [3600, 'half-open'],
    ]);
    expect(said(run).attempts).toBe(4 + 3 + 3);
  });

  it('lets no more than its trials through while it is half-open', () => {
    const run = calls(
      breaker,
      { failureProbability: 1, serviceTime: constant(1) },
      { rate: 5, stopAfter: 40 },
    );
    run.until(900);
    run.kinds.setField(run.sim, DB, 'serviceTime', constant(60_000));
    run.until(7000);
    expect(said(run)).toMatchObject({ attempts: 4 + 3, inProgress: 3 });
    expect(said(run).breaker!.state).toBe('half-open');
  });

  it('turns half-open by itself where it is told to', () => {
    const run = calls(
      { ...breaker, breakerHalfOpens: 'automatically', breakerTrialsWait: 300 },
      { failureProbability: 1 },
      { rate: 5, stopAfter: 4 },
    );
    run.until(2500);
    expect(changes(run)).toEqual([
      [900, 'open'],
      [1900, 'half-open'],
      [2200, 'open'],
    ]);
  });

  it('opens on slow calls that succeed', () => {
    const run = calls({ ...breaker, breakerSlowAfter: 99, breakerSlowRate: 50 }, {}, { rate: 5 });
    run.until(1990);
    expect(said(run).breaker).toMatchObject({ state: 'open', failureRatePercent: 0, slowRatePercent: 100 });
    expect(said(run)).toMatchObject({ succeeded: 4, failed: 5 });
  });

  it('counts each try of a retry, and a timeout as a failure', () => {
    const run = calls(
      { ...breaker, retry: 'none', retryAttempts: 4, retryWait: 10, timeout: 50 },
      {},
      { stopAfter: 1 },
    );
    run.until(1000);
    expect(changes(run)).toEqual([[1 + 4 * 50 + 3 * 10, 'open']]);
  });
});

describe('a rate limiter', () => {
  it('starts calls at its cycles, and refuses who would wait too long', () => {
    const run = calls({ limiter: 'cycles', limiterPermits: 2, limiterPeriod: 1000, limiterTimeout: 1500 });
    run.until(500);
    expect(said(run)).toMatchObject({ attempts: 2, refusedByLimiter: 6, inProgress: 2 });
    run.until(1000);
    expect(said(run)).toMatchObject({ attempts: 4, inProgress: 2 });
    run.until(3000);
    expect(said(run)).toMatchObject({ succeeded: 4, failed: 6 });
  });

  it('spreads calls evenly with a token bucket', () => {
    const run = calls({ limiter: 'bucket', limiterPermits: 2, limiterPeriod: 1000 });
    const started = [10, 500, 501, 1000, 1001, 4001].map((ms) => {
      run.until(ms);
      return said(run).attempts;
    });
    expect(started).toEqual([2, 2, 3, 3, 4, 10]);
  });

  it('waits outside the time limit', () => {
    const run = calls({ limiter: 'bucket', limiterPermits: 1, limiterPeriod: 200, timeout: 150 });
    run.until(5000);
    expect(said(run)).toMatchObject({ succeeded: 10, timeouts: 0 });
  });
});

describe('a bulkhead', () => {
  it('refuses who finds no place, at once', () => {
    const run = calls({ bulkhead: 'on', bulkheadCalls: 4 });
    run.until(20);
    expect(said(run)).toMatchObject({ attempts: 4, refusedByBulkhead: 6, failed: 6 });
  });

  it('lets who waits in as places get free, in turn, and no longer than they may wait', () => {
    const run = calls({ bulkhead: 'on', bulkheadCalls: 4, bulkheadWait: 100 });
    run.until(104);
    expect(said(run)).toMatchObject({ attempts: 8, refusedByBulkhead: 0, inProgress: 6 });
    run.until(110);
    expect(said(run)).toMatchObject({ attempts: 8, refusedByBulkhead: 2 });
    run.until(500);
    expect(said(run)).toMatchObject({ succeeded: 8, failed: 2 });
  });

  it('keeps the place of a call that timed out until the database is done with it', () => {
    const run = calls({ bulkhead: 'on', bulkheadCalls: 4, timeout: 20 }, {}, { rate: 100 });
    run.until(99);
    expect(said(run)).toMatchObject({ attempts: 4, timeouts: 4, refusedByBulkhead: 5 });
  });
});

describe('a fallback', () => {
  it('turns a call that failed into one that is done, and counts it', () => {
    const run = calls({ fallback: 'on' }, { failureProbability: 1 });
    run.until(1000);
    expect(said(run)).toMatchObject({ fellBack: 10, failed: 0 });
    expect(run.sim.metrics.of(0, METRIC.acknowledged)).toBe(10);
  });
});

describe('a consumer group behind guards', () => {
  const group = (guards: Fields, database: Fields = {}) =>
    smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: 10 } },
        { id: 'q', kind: 'queue' },
        { id: 'g', kind: 'consumer-group', fields: { members: 2, concurrency: 2, serviceTime: constant(1) } },
        { id: 'db', kind: 'database', fields: { serviceTime: constant(100), ...database } },
      ],
      edges: ['p > q', 'q > g', 'g > db'],
      edgeFields: { 'g > db': guards },
    });

  it.each<[string, Fields, Fields]>([
    ['while its calls are answered', { timeout: 500 }, {}],
    ['while a call stands in line', { timeout: 500 }, { connections: 1 }],
    ['while a call waits for the bulkhead', { bulkhead: 'on', bulkheadCalls: 1, bulkheadWait: 900 }, {}],
    ['while a call waits for the limiter', { limiter: 'bucket', limiterPermits: 1, limiterPeriod: 300 }, {}],
    ['while a call waits for a retry', { retry: 'none', retryWait: 300, timeout: 20 }, {}],
  ])('leaves nothing behind when a member crashes %s', (_, guards, database) => {
    const run = group(guards, database);
    run.until(60);
    run.kinds.inject(run.sim, run.node('g'), 'crash', { member: 1 });
    expect(said(run, 2).abandoned).toBe(2);
    run.until(60_000);
    expect(said(run, 2)).toMatchObject({ inProgress: 0 });
    expect(run.sim.metrics.of(run.node('db'), METRIC.busy)).toBe(0);
    expect(run.kinds.guards.calls.triesInProgress).toBe(0);
    expect(run.sim.messages.alive).toBe(0);
  });

  it('gives the permission of a trial back when its caller crashes', () => {
    const breaker = {
      breaker: 'count',
      breakerWindow: 2,
      breakerMinCalls: 2,
      breakerWait: 200,
      breakerTrials: 1,
    };
    const run = group(breaker, { failureProbability: 1, serviceTime: constant(5) });
    run.until(50);
    run.kinds.setField(run.sim, run.node('db'), 'failureProbability', 0);
    run.kinds.setField(run.sim, run.node('db'), 'serviceTime', constant(1000));
    run.until(600);
    expect(said(run, 2)).toMatchObject({ inProgress: 1, breaker: { state: 'half-open' } });
    for (const member of [1, 2]) run.kinds.inject(run.sim, run.node('g'), 'crash', { member });
    for (const member of [1, 2]) run.kinds.heal(run.sim, run.node('g'), 'crash', { member });
    run.until(60_000);
    expect(said(run, 2)).toMatchObject({ abandoned: 1, breaker: { state: 'closed' } });
  });

  it('comes back to the same state from a snapshot', () => {
    const guards = { retry: 'decorrelated', retryWait: 5, timeout: 30, breaker: 'time', breakerWindow: 1 };
    const run = group({ ...guards, limiter: 'bucket', bulkhead: 'on', bulkheadCalls: 2, bulkheadWait: 50 });
    run.until(40);
    const snapshot = run.sim.snapshot();
    run.until(400);
    const hash = run.sim.hash.hex();
    run.sim.restore(snapshot);
    run.until(400);
    expect(run.sim.hash.hex()).toBe(hash);
  });
});
