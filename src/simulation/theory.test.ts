import { describe, expect, it } from 'vitest';
import { theoryCases } from '../testing/theory-cases.ts';
import { estimate, replicate } from './replications.ts';

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

describe('estimate', () => {
  it('gives the interval that a table of Student’s t gives', () => {
    const { mean, standardError, low, high } = estimate([1, 2, 3, 4, 5]);
    expect(mean).toBe(3);
    expect(standardError).toBeCloseTo(0.7071, 4);
    expect(low).toBeCloseTo(3 - 2.776 * 0.7071, 3);
    expect(high).toBeCloseTo(3 + 2.776 * 0.7071, 3);
  });
});
