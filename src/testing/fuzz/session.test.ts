import { describe, expect, it } from 'vitest';
import { countOf, jobsOf, partsOf, reproaches } from './session.ts';

describe('a session in several threads', () => {
  it.each([
    [2000, 2],
    [2001, 2],
    [10, 4],
    [11, 4],
    [3, 5],
  ])('runs each of %i seeds once in %i threads', (designs, jobs) => {
    const parts = partsOf(7900, designs, 60, jobs);
    const seeds = parts.flatMap(({ first, designs: share }) =>
      Array.from({ length: share }, (_, at) => first + at),
    );
    expect(seeds.toSorted((a, b) => a - b)).toEqual(Array.from({ length: designs }, (_, at) => 7900 + at));
  });

  it('that has no end lets each go its own way', () => {
    expect(partsOf(1, Infinity, 60, 2).map(({ first }) => first)).toEqual([1, 1_000_001]);
  });

  it.each(['0', '-1', '1.5', 'two', '', '65', '1e1'])('refuses %j of them in words', (text) => {
    expect(() => jobsOf(text)).toThrow(`--jobs is a whole number from 1 to 64, not ${text}.`);
  });

  it('takes any seed, and no fraction of a design', () => {
    expect(countOf('seed', '0', 1)).toBe(0);
    expect(countOf('designs', undefined, Infinity)).toBe(Infinity);
    expect(() => countOf('designs', '0.5', Infinity)).toThrow(
      '--designs is a whole number from 1 on, not 0.5.',
    );
  });
});

describe('a session that found nothing', () => {
  it('fails when too many designs never came to rest', () => {
    expect(reproaches({ drawn: 2000, undecided: 20, missing: [] })).toEqual([]);
    expect(reproaches({ drawn: 2000, undecided: 37, missing: [] })).toEqual([
      '37 designs never came to rest, at most 36 may: this session fails.',
    ]);
    expect(reproaches({ drawn: 1, undecided: 1, missing: [] })).toEqual([]);
  });

  it('fails when it was long and met too little', () => {
    expect(reproaches({ drawn: 2000, undecided: 0, missing: ['a retry'] })).toHaveLength(1);
    expect(reproaches({ drawn: 30, undecided: 0, missing: ['a retry'] })).toEqual([]);
  });
});
