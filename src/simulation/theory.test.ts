import { describe, expect, it } from 'vitest';
import { deadLetterShare, mm1SojournQuantile, triesMean } from '../testing/closed-forms.ts';
import { stationDesign, theoryCases } from '../testing/theory-cases.ts';
import { estimate, replicate } from './replications.ts';
import type { RunResults } from './results.ts';

const REPLICATIONS = 16;
const CUSTOMERS = 15_000;
const WARM_UP = 1500;

/**
 * Four standard errors with fixed seeds: a fixed percentage would fail at random, as the mean of 15,000 customers
 * at load 0.9 has itself a standard deviation of 15 %. `npm run bench` has the same cases with hundreds of times as many.
 */
describe('designs that queueing theory knows', () => {
  it.each(theoryCases())('$name is within four standard errors of the exact figure', (theory) => {
    const seeds = Array.from({ length: REPLICATIONS }, (_, index) => `theory ${index}`);
    const results = replicate(theory.design, seeds, {
      untilMs: ((CUSTOMERS + WARM_UP) / theory.arrivalRate) * 1000,
      warmUpMs: (WARM_UP / theory.arrivalRate) * 1000,
    });
    const { mean, standardError } = estimate(results.map(theory.figure));
    expect(Math.abs(mean - theory.exact)).toBeLessThan(4 * standardError);
    expect(standardError / theory.exact).toBeLessThan(0.12);
  });
});

describe('figures beside the mean', () => {
  const seeds = Array.from({ length: REPLICATIONS }, (_, index) => `figures ${index}`);
  const options = { untilMs: 30_000_000, warmUpMs: 3_000_000 };

  it('has the percentiles of M/M/1, whose time in the system is exponential', () => {
    const design = stationDesign({ rate: 0.6, service: { shape: 'exponential', mean: 1000 } });
    const results = replicate(design, seeds, options);
    for (const [p, figure] of [
      [0.5, 'latencyMsP50'],
      [0.95, 'latencyMsP95'],
    ] as const) {
      const { mean, standardError } = estimate(results.map((result) => result.latency[figure]! / 1000));
      const exact = mm1SojournQuantile(0.6, 1, p);
      // The histogram itself may be off by 0.8 %.
      expect(Math.abs(mean - exact)).toBeLessThan(4 * standardError + 0.008 * exact);
    }
  });

  it('tries and gives up as often as chance says', () => {
    const design = stationDesign({ rate: 0.3, service: { shape: 'exponential', mean: 1000 } });
    const overrides = [
      { node: 'station', field: 'failureProbability', value: 0.4 },
      { node: 'station', field: 'maxAttempts', value: 3 },
      { node: 'station', field: 'retryMode', value: 'later' },
    ];
    const results = replicate(design, seeds, { ...options, overrides });
    const ended = (result: RunResults) => result.totals.acknowledged + result.totals.dropped;
    const tries = estimate(results.map((result) => result.nodes.station.attempts / ended(result)));
    expect(Math.abs(tries.mean - triesMean(0.4, 3))).toBeLessThan(4 * tries.standardError);
    const givenUp = estimate(results.map((result) => result.totals.dropped / ended(result)));
    expect(Math.abs(givenUp.mean - deadLetterShare(0.4, 3))).toBeLessThan(4 * givenUp.standardError);
  });
});

describe('estimate', () => {
  it('gives the interval that a table of Student’s t gives', () => {
    const { mean, standardError, low, high } = estimate([1, 2, 3, 4, 5]);
    expect(mean).toBe(3);
    expect(standardError).toBeCloseTo(0.7071, 4);
    expect(low).toBeCloseTo(3 - 2.776 * 0.7071, 3);
    expect(high).toBeCloseTo(3 + 2.776 * 0.7071, 3);
  });
});
