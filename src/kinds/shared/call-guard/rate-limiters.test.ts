import { describe, expect, it } from 'vitest';
import { Columns } from '../../../lib/columns.ts';
import type { LimiterConfig } from './guard-config.ts';
import { FixedCycles, TokenBucket } from './rate-limiters.ts';

const config = (permits: number, periodMs: number, timeoutMs: number): LimiterConfig => ({
  isBucket: false,
  permits,
  periodMicros: periodMs * 1000,
  timeoutMicros: timeoutMs * 1000,
});

/** A request: at which time, for how many permissions; how long it waits, null if refused, and what is left. */
type Step = [atMs: number, permits: number, waitMs: number | null, left: number];

function cyclesSay(settings: LimiterConfig, steps: readonly Step[]): Step[] {
  const limiter = new FixedCycles(new Columns(), settings);
  return steps.map(([atMs, permits]) => {
    const wait = limiter.reserve(atMs * 1000, permits);
    return [atMs, permits, wait < 0 ? null : wait / 1000, limiter.left];
  });
}

describe('fixed cycles', () => {
  // Results of resilience4j's AtomicRateLimiter.
  it.each<[string, LimiterConfig, Step[]]>([
    [
      'refuse at once without a timeout',
      config(2, 1000, 0),
      [
        [0, 1, 0, 1],
        [1, 1, 0, 0],
        [2, 1, null, 0],
        [999, 1, null, 0],
        [1000, 1, 0, 1],
        [1001, 1, 0, 0],
        [5000, 1, 0, 1],
        [5000, 1, 0, 0],
        [5000, 1, null, 0],
      ],
    ],
    [
      'reserve permissions of cycles to come, as long as the wait is allowed',
      config(2, 1000, 1500),
      [
        [0, 1, 0, 1],
        [0, 1, 0, 0],
        [0, 1, 1000, -1],
        [0, 1, 1000, -2],
        [0, 1, null, -2],
        [0, 1, null, -2],
        [1000, 1, 1000, -1],
        [2100, 1, 0, 0],
      ],
    ],
    [
      'hand out several at a time, over several cycles',
      config(5, 500, 5000),
      [
        [100, 5, 0, 0],
        [100, 5, 400, -5],
        [120, 5, 880, -10],
        [130, 12, 2370, -22],
      ],
    ],
  ])('%s', (_, settings, steps) => expect(cyclesSay(settings, steps)).toEqual(steps));

  it('let twice as many start around the border of two cycles', () => {
    const limiter = new FixedCycles(new Columns(), config(50, 1000, 0));
    const started = (atMs: number) =>
      Array.from({ length: 60 }, () => limiter.reserve(atMs * 1000)).filter((wait) => wait === 0).length;
    expect(started(999) + started(1000)).toBe(100);
  });
});

describe('a token bucket', () => {
  it('gives a token back after each share of its period, whenever it is asked', () => {
    const bucket = new TokenBucket(new Columns(), config(4, 1000, 0));
    const ask = (atMs: number) => bucket.reserve(atMs * 1000) === 0;
    expect([0, 0, 0, 0, 0].map(ask)).toEqual([true, true, true, true, false]);
    expect([249, 250, 251, 499, 500].map(ask)).toEqual([false, true, false, false, true]);
  });

  it('holds no more than its size, so that no border lets twice as many start', () => {
    const bucket = new TokenBucket(new Columns(), config(50, 1000, 0));
    const started = (atMs: number) =>
      Array.from({ length: 60 }, () => bucket.reserve(atMs * 1000)).filter((wait) => wait === 0).length;
    expect(started(5999)).toBe(50);
    expect(started(6000)).toBe(0);
  });

  it('reserves the tokens to come in turn, up to the longest wait', () => {
    const bucket = new TokenBucket(new Columns(), config(2, 1000, 1000));
    expect([0, 0, 0, 0, 0].map((atMs) => bucket.reserve(atMs))).toEqual([0, 0, 500_000, 1_000_000, -1]);
    expect(bucket.reserve(600_000)).toBe(900_000);
  });
});
