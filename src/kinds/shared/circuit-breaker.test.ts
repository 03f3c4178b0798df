import { describe, expect, it } from 'vitest';
import { Columns } from '../../lib/columns.ts';
import {
  BREAKER_DEFAULTS,
  CircuitBreaker,
  type BreakerConfig,
  type BreakerEvent,
} from './circuit-breaker.ts';

/** A breaker of which every time is in milliseconds, as in the recorded runs. */
function breakerWith(config: Record<string, number | boolean>, columns = new Columns()) {
  const inMicros = Object.entries(config).map(([name, value]) =>
    name.endsWith('Ms') ? [name.replace(/Ms$/, 'Micros'), Number(value) * 1000] : [name, value],
  );
  const settings = { ...BREAKER_DEFAULTS, ...(Object.fromEntries(inMicros) as Partial<BreakerConfig>) };
  const breaker = new CircuitBreaker(columns, settings);
  return {
    tryAcquirePermission: (nowMs: number) => breaker.tryAcquirePermission(nowMs * 1000),
    releasePermission: (nowMs: number) => breaker.releasePermission(nowMs * 1000),
    report: (failed: boolean, ms: number, nowMs: number) => breaker.report(failed, ms * 1000, nowMs * 1000),
    send: (event: BreakerEvent, nowMs: number) => breaker.send(event, nowMs * 1000),
    read: (nowMs: number) => breaker.read(nowMs * 1000),
  };
}

type Breaker = ReturnType<typeof breakerWith>;

/** Reports outcomes at a time: e for a failed call, s for a slow one, anything else for a good one. */
function report(breaker: Breaker, outcomes: string, nowMs = 0): string {
  for (const outcome of outcomes) breaker.report(outcome === 'e', outcome === 's' ? 60_001 : 60_000, nowMs);
  return breaker.read(nowMs).state;
}

const SMALL = { slidingWindowSize: 4, minimumNumberOfCalls: 4, waitDurationInOpenStateMs: 1000 };

// CircuitBreakerStateMachine of resilience4j, run on a mock clock.
describe('a closed breaker', () => {
  it('opens with the hundredth failure by default, and tells no rate before', () => {
    const breaker = breakerWith({});
    expect(report(breaker, 'e'.repeat(99))).toBe('closed');
    expect(breaker.read(0)).toMatchObject({ failureRate: -1, slowCallRate: -1, buffered: 99, failed: 99 });
    expect(report(breaker, 'e')).toBe('open');
    expect(breaker.read(0)).toMatchObject({ failureRate: 100, slowCallRate: 0 });
  });

  it('may be opened by a success', () => {
    expect(report(breakerWith(SMALL), 'eeo')).toBe('closed');
    expect(report(breakerWith(SMALL), 'eeoo')).toBe('open');
  });

  it('forgets all but the last calls', () => {
    expect(report(breakerWith(SMALL), 'oooeoooe')).toBe('closed');
    expect(report(breakerWith({ slidingWindowSize: 5 }), 'eeeee')).toBe('open');
  });

  it('opens on slow calls, those that take longer than the limit', () => {
    expect(report(breakerWith({ slidingWindowSize: 3 }), 'sss')).toBe('open');
    expect(report(breakerWith({ slidingWindowSize: 3 }), 'sso')).toBe('closed');
  });

  it('forgets by the second with a time window', () => {
    const breaker = breakerWith({ isTimeWindow: true, slidingWindowSize: 10, minimumNumberOfCalls: 4 });
    report(breaker, 'ee', 500);
    expect(breaker.read(9999).buffered).toBe(2);
    expect(breaker.read(10_000).buffered).toBe(0);
    expect(report(breaker, 'ooe', 11_500)).toBe('closed');
    expect(report(breaker, 'e', 12_000)).toBe('open');
  });

  it('forgets every second of a time window when nothing happens for long', () => {
    const breaker = breakerWith({ isTimeWindow: true, slidingWindowSize: 10, minimumNumberOfCalls: 40 });
    for (let second = 0; second < 10; second++) report(breaker, 'e', second * 1000);
    expect([9999, 10_000, 18_999].map((at) => breaker.read(at).buffered)).toEqual([10, 9, 1]);
    for (let second = 19; second < 29; second++) report(breaker, 'e', second * 1000);
    expect([45_000, 46_000].map((at) => breaker.read(at).buffered)).toEqual([0, 0]);
  });
});

describe('an open breaker', () => {
  it('refuses for the whole wait and tries with the first call after it', () => {
    const breaker = breakerWith(SMALL);
    report(breaker, 'eeee');
    expect(breaker.tryAcquirePermission(1000)).toBe(false);
    expect(breaker.read(5000)).toMatchObject({ state: 'open', notPermitted: 1 });
    expect(breaker.tryAcquirePermission(5000)).toBe(true);
    expect(breaker.read(5000)).toMatchObject({ state: 'half-open', notPermitted: 0, buffered: 0 });
  });

  it('counts late results without changing its state', () => {
    const breaker = breakerWith({ slidingWindowSize: 2 });
    expect(report(breaker, 'ee')).toBe('open');
    expect(report(breaker, 'o')).toBe('open');
    expect(breaker.read(0)).toMatchObject({ failureRate: 50, failed: 1 });
  });

  it('turns half-open by itself if it is told to', () => {
    const breaker = breakerWith({ ...SMALL, automaticTransitionFromOpenToHalfOpenEnabled: true });
    report(breaker, 'eeee');
    expect([breaker.read(999).state, breaker.read(1000).state]).toEqual(['open', 'half-open']);
  });
});

describe('a half-open breaker', () => {
  function halfOpen(config: Record<string, number | boolean> = {}): Breaker {
    const breaker = breakerWith({ ...SMALL, permittedNumberOfCallsInHalfOpenState: 3, ...config });
    report(breaker, 'eeee');
    breaker.tryAcquirePermission(1001);
    return breaker;
  }

  it('closes with an empty window when the trials pass', () => {
    const breaker = halfOpen();
    expect(report(breaker, 'oo', 1001)).toBe('half-open');
    expect(report(breaker, 'o', 1001)).toBe('closed');
    expect(breaker.read(1001).buffered).toBe(0);
  });

  it('opens for a new wait when they fail, at two of three', () => {
    const breaker = halfOpen();
    expect(report(breaker, 'oee', 1001)).toBe('open');
    expect(breaker.read(1001).failureRate).toBeCloseTo(66.67, 2);
    expect(breaker.tryAcquirePermission(2001)).toBe(false);
    expect(breaker.tryAcquirePermission(2002)).toBe(true);
  });

  it('decides early if fewer calls are enough', () => {
    expect(report(halfOpen({ minimumNumberOfCalls: 2 }), 'oo', 1001)).toBe('closed');
  });

  it('has a few permissions, and takes one back that was not used', () => {
    const breaker = halfOpen();
    const three = [1, 2, 3].map(() => breaker.tryAcquirePermission(1001));
    expect(three).toEqual([true, true, false]);
    breaker.releasePermission(1001);
    expect(breaker.tryAcquirePermission(1001)).toBe(true);
  });

  it('waits for its trials for ever, or until the longest wait is over', () => {
    expect(halfOpen().read(1e12).state).toBe('half-open');
    const impatient = halfOpen({ maxWaitDurationInHalfOpenStateMs: 500 });
    expect([impatient.read(1500).state, impatient.read(1501).state]).toEqual(['half-open', 'open']);
  });

  it('goes round by itself in any time at once', () => {
    const breaker = halfOpen({
      maxWaitDurationInHalfOpenStateMs: 500,
      automaticTransitionFromOpenToHalfOpenEnabled: true,
    });
    // Half-open at 1000 and then every 1500 ms, for 500 ms.
    expect(breaker.read(1000 + 1500e9).state).toBe('half-open');
    expect(breaker.read(1000 + 1500e9 + 499).state).toBe('half-open');
    expect(breaker.read(1000 + 1500e9 + 500).state).toBe('open');
  });
});

describe('a breaker by hand', () => {
  it('stays forced open, refusing and counting nothing', () => {
    const breaker = breakerWith(SMALL);
    breaker.send('FORCE_OPEN', 0);
    expect(breaker.tryAcquirePermission(1e9)).toBe(false);
    expect(report(breaker, 'oooo', 1e9)).toBe('forced-open');
    expect(breaker.read(1e9)).toMatchObject({ buffered: 0, notPermitted: 1 });
    breaker.send('RESET', 1e9);
    expect(breaker.tryAcquirePermission(1e9)).toBe(true);
  });

  it('lets everything pass when disabled or only measuring', () => {
    const breaker = breakerWith(SMALL);
    breaker.send('DISABLE', 0);
    expect([report(breaker, 'eeee'), breaker.read(0).buffered]).toEqual(['disabled', 0]);
    breaker.send('ONLY_MEASURE', 0);
    expect([report(breaker, 'eeee'), breaker.read(0).failureRate]).toEqual(['metrics-only', 100]);
    expect(breaker.tryAcquirePermission(0)).toBe(true);
  });

  it('begins anew when sent into the state it is in', () => {
    const breaker = breakerWith(SMALL);
    breaker.send('FORCE_OPEN', 0);
    expect(breaker.tryAcquirePermission(0)).toBe(false);
    breaker.send('FORCE_OPEN', 0);
    expect(breaker.read(0).notPermitted).toBe(0);
    breaker.send('ONLY_MEASURE', 0);
    report(breaker, 'ee');
    breaker.send('ONLY_MEASURE', 0);
    expect(breaker.read(0).buffered).toBe(0);
  });

  it('starts a new wait when tripped while open', () => {
    const breaker = breakerWith(SMALL);
    breaker.send('TRIP', 0);
    breaker.send('TRIP', 900);
    expect([breaker.tryAcquirePermission(1001), breaker.tryAcquirePermission(1901)]).toEqual([false, true]);
  });
});

describe('a breaker of a run', () => {
  it('is put back by a snapshot, window and all', () => {
    const columns = new Columns();
    const breaker = breakerWith(SMALL, columns);
    report(breaker, 'eeo');
    const snapshot = columns.save();
    expect(report(breaker, 'o')).toBe('open');
    columns.restore(snapshot);
    expect(breaker.read(0)).toMatchObject({ state: 'closed', buffered: 3, failed: 2 });
    expect(report(breaker, 'o')).toBe('open');
  });
});
