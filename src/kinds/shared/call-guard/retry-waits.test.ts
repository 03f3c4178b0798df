import { describe, expect, it } from 'vitest';
import type { RetryConfig } from './guard-config.ts';
import { retryWait, type RetryJitter } from './retry-waits.ts';

/** The waits before six retries, in milliseconds, if chance always draws the same. */
function waits(jitter: RetryJitter, draw: number, { first = 100, factor = 2, max = 2000 } = {}): number[] {
  const micros = { firstMicros: first * 1000, maxMicros: max * 1000 };
  const config: RetryConfig = { jitter, maxTries: 7, factor, ...micros };
  let previous = config.firstMicros;
  return Array.from({ length: 6 }, (_, n) => {
    previous = retryWait(config, n, previous, draw);
    return previous / 1000;
  });
}

describe('the wait before a retry', () => {
  it.each<[draw: number, Record<RetryJitter, number[]>]>([
    [
      0,
      {
        none: [100, 200, 400, 800, 1600, 2000],
        full: [0, 0, 0, 0, 0, 0],
        equal: [50, 100, 200, 400, 800, 1000],
        decorrelated: [100, 100, 100, 100, 100, 100],
      },
    ],
    [
      0.25,
      {
        none: [100, 200, 400, 800, 1600, 2000],
        full: [25, 50, 100, 200, 400, 500],
        equal: [62.5, 125, 250, 500, 1000, 1250],
        decorrelated: [150, 187.5, 215.625, 236.71875, 252.5390625, 264.404296875],
      },
    ],
    [
      0.75,
      {
        none: [100, 200, 400, 800, 1600, 2000],
        full: [75, 150, 300, 600, 1200, 1500],
        equal: [87.5, 175, 350, 700, 1400, 1750],
        decorrelated: [250, 587.5, 1346.875, 2000, 2000, 2000],
      },
    ],
  ])('is what each form of jitter makes of a draw of %d', (draw, expected) => {
    for (const jitter of Object.keys(expected) as RetryJitter[]) {
      expect(waits(jitter, draw), jitter).toEqual(expected[jitter]);
    }
  });

  it('stays the same with a factor of 1, as in resilience4j unless told otherwise', () => {
    expect(waits('none', 0, { first: 500, factor: 1 })).toEqual([500, 500, 500, 500, 500, 500]);
    const growing = waits('none', 0, { first: 500, factor: 1.5, max: 60_000 });
    expect(growing.map(Math.trunc).slice(0, 5)).toEqual([500, 750, 1125, 1687, 2531]);
  });
});
