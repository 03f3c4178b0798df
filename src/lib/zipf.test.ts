import { describe, expect, it } from 'vitest';
import { Columns } from './columns.ts';
import { RandomStreams } from './random.ts';
import { Zipf } from './zipf.ts';

function streams(seed: number): RandomStreams {
  const result = new RandomStreams(new Columns(), 1);
  result.seed(0, seed, 'producer', 'keys');
  return result;
}

describe('Zipf', () => {
  it.each([0, 0.3, 0.99, 1, 1.0000001, 1.5, 3, 5])('has the exact frequencies for s = %d', (s) => {
    for (const n of [1, 2, 3, 10, 1000]) {
      const random = streams(n);
      const zipf = new Zipf(n, s);
      const draws = 200_000;
      const counts = new Float64Array(n);
      for (let i = 0; i < draws; i++) counts[zipf.sample(random, 0)] += 1;
      const weights = Array.from({ length: n }, (_, k) => (k + 1) ** -s);
      const total = weights.reduce((a, b) => a + b, 0);
      let chiSquare = 0;
      let cells = 0;
      let restExpected = 0;
      let rest = 0;
      weights.forEach((weight, k) => {
        const expected = (draws * weight) / total;
        // Ranks too rare for a cell of their own share one.
        if (expected < 8) {
          restExpected += expected;
          rest += counts[k];
        } else {
          chiSquare += (counts[k] - expected) ** 2 / expected;
          cells += 1;
        }
      });
      if (restExpected > 1) {
        chiSquare += (rest - restExpected) ** 2 / restExpected;
        cells += 1;
      } else {
        expect(rest).toBeLessThan(8);
      }
      const z = cells > 1 ? (chiSquare - (cells - 1)) / Math.sqrt(2 * (cells - 1)) : 0;
      expect(Math.abs(z), `n = ${n}, s = ${s}`).toBeLessThan(4.5);
    }
  });

  it('stays in its range for a trillion ranks', () => {
    const random = streams(7);
    for (const s of [0, 0.5, 1, 2]) {
      const zipf = new Zipf(1e12, s);
      let greatest = 0;
      for (let i = 0; i < 20_000; i++) {
        const rank = zipf.sample(random, 0);
        expect(Number.isInteger(rank) && rank >= 0 && rank < 1e12).toBe(true);
        greatest = Math.max(greatest, rank);
      }
      if (s < 1) expect(greatest).toBeGreaterThan(9e11);
    }
  });

  it('refuses a number of ranks or an exponent out of range', () => {
    expect(() => new Zipf(0, 1)).toThrow('from 1');
    expect(() => new Zipf(10, 6)).toThrow('between 0 and 5');
  });
});
