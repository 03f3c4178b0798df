import { fc, test } from '../testing/property.ts';
import { describe, expect, it } from 'vitest';
import { exp, log, pow } from './exact-math.ts';

const view = new DataView(new ArrayBuffer(8));

/** Number of doubles between two finite ones of the same sign. */
function ulpsBetween(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  view.setFloat64(0, a);
  const bitsA = view.getBigInt64(0);
  view.setFloat64(0, b);
  return Math.abs(Number(bitsA - view.getBigInt64(0)));
}

/** Spread over all exponents from 2^low to 2^high, deterministic. */
function* spread(low: number, high: number, count: number): Generator<number> {
  let word = 12345;
  for (let i = 0; i < count; i++) {
    word = (Math.imul(word, 1664525) + 1013904223) | 0;
    const mantissa = 1 + (word >>> 0) / 4294967296;
    yield mantissa * 2 ** Math.floor(low + ((high - low) * i) / count);
  }
}

describe('log', () => {
  it('is within one unit in the last place of Math.log over all exponents', () => {
    let worst = 0;
    for (const x of spread(-1074, 1023, 200_000)) worst = Math.max(worst, ulpsBetween(log(x), Math.log(x)));
    expect(worst).toBeLessThanOrEqual(1);
  });

  it('keeps its relative precision around 1', () => {
    let worst = 0;
    for (const d of spread(-52, -1, 50_000)) {
      worst = Math.max(worst, ulpsBetween(log(1 + d), Math.log(1 + d)));
      worst = Math.max(worst, ulpsBetween(log(1 - d / 2), Math.log(1 - d / 2)));
    }
    expect(worst).toBeLessThanOrEqual(1);
  });

  it('knows its edges', () => {
    expect(log(1)).toBe(0);
    expect(log(0)).toBe(-Infinity);
    expect(log(-0)).toBe(-Infinity);
    expect(log(Infinity)).toBe(Infinity);
    expect(log(-1)).toBeNaN();
    expect(log(NaN)).toBeNaN();
    expect(log(Number.MIN_VALUE)).toBe(Math.log(Number.MIN_VALUE));
    expect(log(Number.MAX_VALUE)).toBe(Math.log(Number.MAX_VALUE));
    expect(log(2)).toBe(Math.LN2);
    expect(log(10)).toBe(Math.LN10);
  });
});

describe('exp', () => {
  it('is within one unit in the last place of Math.exp where the result is normal', () => {
    let worst = 0;
    for (let i = 0; i <= 200_000; i++) {
      const x = -708 + (i / 200_000) * (709.7 + 708);
      worst = Math.max(worst, ulpsBetween(exp(x), Math.exp(x)));
    }
    for (const x of spread(-60, 8, 50_000)) {
      worst = Math.max(worst, ulpsBetween(exp(x), Math.exp(x)), ulpsBetween(exp(-x), Math.exp(-x)));
    }
    expect(worst).toBeLessThanOrEqual(1);
  });

  it('knows its edges', () => {
    expect(exp(0)).toBe(1);
    expect(exp(-0)).toBe(1);
    expect(exp(1)).toBe(Math.E);
    expect(exp(709.782712893384)).toBe(Math.exp(709.782712893384));
    expect(exp(709.79)).toBe(Infinity);
    expect(exp(Infinity)).toBe(Infinity);
    expect(exp(-Infinity)).toBe(0);
    expect(exp(-745.13)).toBe(Number.MIN_VALUE);
    expect(exp(-745.2)).toBe(0);
    expect(exp(-1000)).toBe(0);
    expect(exp(NaN)).toBeNaN();
    expect(Math.abs(exp(-720) / Math.exp(-720) - 1)).toBeLessThan(1e-12);
  });

  test.prop([fc.double({ min: -700, max: 700, noNaN: true })])('undoes itself through log', (x) => {
    expect(Math.abs(log(exp(x)) - x)).toBeLessThanOrEqual(3e-16 * Math.max(1, Math.abs(x)));
  });
});

describe('pow', () => {
  it('is within one unit in the last place of the exact value for whole powers', () => {
    let worst = 0;
    for (let base = 2; base <= 60; base++) {
      for (let n = 2; n <= 60; n++)
        worst = Math.max(worst, ulpsBetween(pow(base, n), Number(BigInt(base) ** BigInt(n))));
    }
    expect(worst).toBeLessThanOrEqual(1);
  });

  it('is exact for powers of two and of ten that are doubles', () => {
    for (let n = -1022; n <= 1023; n++) expect(pow(2, n)).toBe(2 ** n);
    for (let n = 0; n <= 22; n++) expect(pow(10, n)).toBe(Number(`1e${n}`));
  });

  it('is close to Math.pow for broken powers', () => {
    let worst = 0;
    for (const x of spread(-40, 40, 2000)) {
      for (const y of [-9.7, -2.5, -0.5, -1e-3, 1e-9, 0.1, 0.5, 1 / 3, 1.5, Math.PI, 17.3]) {
        worst = Math.max(worst, Math.abs(pow(x, y) / Math.pow(x, y) - 1));
      }
    }
    expect(worst).toBeLessThan(4.5e-16);
  });

  it('agrees with Math.pow on every special case', () => {
    const special = [
      0,
      -0,
      1,
      -1,
      2,
      -2,
      3,
      0.5,
      -0.5,
      1e300,
      -1e300,
      1e-320,
      Infinity,
      -Infinity,
      NaN,
      1e-300,
    ];
    for (const x of special) {
      for (const y of [...special, 2.5, -3, 1e16, 9007199254740991, -9007199254740991]) {
        const ours = pow(x, y);
        const theirs = Math.pow(x, y);
        const same = Object.is(ours, theirs) || Math.abs(ours / theirs - 1) < 1e-12;
        expect(same, `pow(${x}, ${y}) is ${ours}, Math.pow gives ${theirs}`).toBe(true);
      }
    }
  });
});
