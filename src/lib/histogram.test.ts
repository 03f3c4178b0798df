import { fc, test } from '../testing/property.ts';
import { describe, expect, it } from 'vitest';
import { Columns } from './columns.ts';
import { Histograms } from './histogram.ts';

const GREATEST = Number.MAX_SAFE_INTEGER - 32;
const value = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 10_000_000 }),
  fc.maxSafeNat().map((n) => Math.min(n, GREATEST)),
);
const SHARES = [0, 0.001, 0.01, 0.07, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1];

/** The value of that rank among the sorted ones. */
function exactQuantile(sorted: readonly number[], q: number): number {
  const rank = Math.ceil(q * sorted.length * (1 - 1e-15));
  return sorted[Math.max(rank, 1) - 1];
}

describe('Histograms', () => {
  test.prop([fc.array(value, { minLength: 1, maxLength: 300 })])(
    'knows count, sum, least and greatest exactly and every quantile within its bucket',
    (values) => {
      const histograms = new Histograms(new Columns(), 3);
      for (const v of values) histograms.record(1, v);
      const sorted = [...values].sort((a, b) => a - b);
      expect(histograms.count(1)).toBe(values.length);
      expect(histograms.sum(1)).toBe(values.reduce((a, b) => a + b, 0));
      expect(histograms.min(1)).toBe(sorted[0]);
      expect(histograms.max(1)).toBe(sorted[sorted.length - 1]);
      let last = -1;
      for (const q of SHARES) {
        const exact = exactQuantile(sorted, q);
        const ours = histograms.quantile(1, q);
        expect(Math.abs(ours - exact)).toBeLessThanOrEqual(exact <= 31 ? 0 : (exact + 32) / 32);
        expect(ours).toBeGreaterThanOrEqual(Math.max(last, sorted[0]));
        expect(ours).toBeLessThanOrEqual(sorted[sorted.length - 1]);
        last = ours;
      }
      expect(histograms.count(0) + histograms.count(2)).toBe(0);
    },
  );

  test.prop([
    fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 1500 })), { maxLength: 6 }),
  ])('counts far beyond what the low counter of a bucket holds', (met) => {
    const histograms = new Histograms(new Columns(), 1);
    const all: number[] = [];
    for (const [v, times] of met) {
      for (let i = 0; i < times; i++) {
        histograms.record(0, v);
        all.push(v);
      }
    }
    const sorted = all.sort((a, b) => a - b);
    expect(histograms.count(0)).toBe(sorted.length);
    // 0 to 31 are exact, 32 to 40 in buckets of two.
    for (const q of sorted.length === 0 ? [] : SHARES) {
      expect(Math.abs(histograms.quantile(0, q) - exactQuantile(sorted, q))).toBeLessThanOrEqual(1);
    }
  });

  test.prop([fc.array(value, { maxLength: 100 }), fc.array(value, { maxLength: 100 })])(
    'merges to what recording both would have given',
    (left, right) => {
      const histograms = new Histograms(new Columns(), 3);
      for (const v of left) histograms.record(0, v);
      for (const v of right) histograms.record(1, v);
      for (const v of [...left, ...right]) histograms.record(2, v);
      histograms.merge(0, 1);
      expect(histograms.count(0)).toBe(histograms.count(2));
      for (const q of SHARES) expect(histograms.quantile(0, q)).toBe(histograms.quantile(2, q));
      expect(histograms.min(0)).toBe(histograms.min(2));
      expect(histograms.max(0)).toBe(histograms.max(2));
      expect(histograms.count(1)).toBe(right.length);
    },
  );

  it('is not a number while empty', () => {
    const histograms = new Histograms(new Columns(), 1);
    for (const f of [histograms.mean(0), histograms.min(0), histograms.max(0), histograms.quantile(0, 0.5)]) {
      expect(f).toBeNaN();
    }
    expect(histograms.sum(0)).toBe(0);
  });

  it('uses the pages of a reset histogram again', () => {
    const columns = new Columns();
    const histograms = new Histograms(columns, 2);
    for (let exponent = 0; exponent < 50; exponent++) histograms.record(0, 2 ** exponent);
    const bytes = columns.bytes();
    for (let round = 0; round < 5; round++) {
      histograms.reset(round % 2);
      expect(histograms.quantile(round % 2, 0.5)).toBeNaN();
      for (let exponent = 0; exponent < 50; exponent++) histograms.record((round + 1) % 2, 2 ** exponent);
      histograms.clear();
      for (let exponent = 0; exponent < 50; exponent++) histograms.record(round % 2, 2 ** exponent);
      expect(histograms.count(round % 2)).toBe(50);
      expect(histograms.quantile(round % 2, 0.5)).toBeCloseTo(2 ** 24, -6);
      histograms.clear();
      for (let exponent = 0; exponent < 50; exponent++) histograms.record(0, 2 ** exponent);
    }
    expect(columns.bytes()).toBeLessThanOrEqual(bytes * 2);
  });

  it('takes less than 20 MB for 6,000 histograms of four octaves each', () => {
    const columns = new Columns();
    const histograms = new Histograms(columns, 6000);
    for (let i = 0; i < 6000; i++) for (const v of [1000, 3000, 6000, 12000]) histograms.record(i, v);
    expect(columns.bytes()).toBeLessThan(20e6);
    expect(histograms.quantile(5999, 0.5)).toBeCloseTo(3000, -2);
  });

  it('refuses what is negative, too large or not a number, and changes nothing', () => {
    const histograms = new Histograms(new Columns(), 3);
    for (const bad of [-1, -1e9, NaN, Infinity, 2 ** 60]) {
      expect(() => histograms.record(1, bad)).toThrow(RangeError);
    }
    expect(histograms.count(1)).toBe(0);
    histograms.record(1, GREATEST);
    expect(histograms.quantile(1, 0.5)).toBe(GREATEST);
  });

  it('is part of a snapshot', () => {
    const columns = new Columns();
    const histograms = new Histograms(columns, 40);
    histograms.record(7, 5000);
    const snapshot = columns.save();
    for (let i = 0; i < 40; i++) for (let v = 1; v < 1e9; v *= 2) histograms.record(i, v);
    columns.restore(snapshot);
    expect(histograms.count(7)).toBe(1);
    expect(histograms.max(7)).toBe(5000);
    histograms.record(8, 100_000);
    expect(histograms.quantile(7, 0.5)).toBe(5000);
  });
});
