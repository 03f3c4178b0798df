import { describe, expect, it } from 'vitest';
import { THEORY_LOADS, THEORY_MODELS } from '../testing/theory-cases.ts';
import {
  checkTheory,
  isRight,
  littleGap,
  lookTogether,
  MOST_Z,
  type Finding,
} from '../testing/theory-check.ts';
import { compile } from './compile.ts';
import { estimate } from './results/replications.ts';

/** `npm run how-we-know` has every model at every load, with ten times as many messages. */
const SIZE = {
  replications: 30,
  messages: new Map([
    [0.3, 3000],
    [0.5, 3000],
    [0.7, 5000],
    [0.8, 7000],
    [0.9, 20_000],
    [0.95, 40_000],
  ]),
};
/** A mean over few messages is no normal draw at a high load, and many take long. */
const AT_EVERY_LOAD = ['M/M/1', 'M/D/1'];

const cases = THEORY_MODELS.flatMap((model) =>
  THEORY_LOADS.filter((load) => load < 0.85 || AT_EVERY_LOAD.includes(model.name)).map((load) => ({
    name: model.name,
    load,
    model,
  })),
);

describe('designs that queueing theory knows', () => {
  const all: Finding[] = [];

  it.each(cases)('$name at a load of $load has the exact figures', ({ model, load }) => {
    const findings = checkTheory(model, load, SIZE, 'theory');
    all.push(...findings);
    const wrong = findings.filter(({ z, exact, measured }) => {
      // An estimate that says nothing would agree with everything.
      const isVague = !(measured.standardError < 0.12 * exact);
      return isVague || !(Math.abs(z) < MOST_Z);
    });
    expect(wrong).toEqual([]);
  });

  it('miss by as much as chance makes them, all together', () => {
    expect(lookTogether(all).count).toBe(cases.length);
    expect(isRight(all)).toBe(true);
  });

  it.each(THEORY_MODELS)('$name is a design without a problem, at every load', (model) => {
    for (const load of THEORY_LOADS) expect(compile(model.at(load).design).problems).toEqual([]);
  });
});

describe('Little’s law', () => {
  it.each([1, 4])('holds but for rounding when all have left, for %d workers', (servers) => {
    expect(littleGap(servers, 20_000, [1, 2, 3])).toBeLessThan(1e-12);
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
