import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MUTANTS } from './mutant-list.mjs';
import { chosenMutants, seenBy } from './mutants.mjs';
import { occurrences } from './mutation.mjs';

const root = join(import.meta.dirname, '..');
/** One of the engine, one of a kind, one that only a relation between two runs can see. */
const SAMPLE = [
  'a wake-up is lost while more than one waits',
  'one try too many',
  'the order of the file is the order of the nodes',
];

describe('the bugs put in on purpose', () => {
  it('are at least forty, each with a name of its own', () => {
    expect(MUTANTS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  });

  it.each(MUTANTS)('fit the source: $name', (mutant) => {
    expect(occurrences(root, mutant)).toBe(1);
    expect(mutant.replace).not.toBe(mutant.find);
  });

  it('are tried again where nobody saw them, and in shares that leave none out', () => {
    const all = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, file: '', find: '', replace: '' }));
    const seen = new Map([
      ['a', 'fuzzer'],
      ['b', '**nobody**'],
    ]);
    const names = (options: Parameters<typeof chosenMutants>[1]) =>
      chosenMutants(seen, options, all).map(({ name }) => name);
    expect(names({ isMissing: true })).toEqual(['b', 'c', 'd', 'e']);
    expect(names({ share: '1/2' })).toEqual(['a', 'c', 'e']);
    expect(names({ share: '2/2' })).toEqual(['b', 'd']);
    expect(names({ isMissing: true, share: '1/2' })).toEqual(['c', 'e']);
    expect(names({ only: 'd' })).toEqual(['d']);
    for (const share of ['0/2', '3/2', '1', '1/0', 'half']) {
      expect(() => names({ share })).toThrow(`--share is one of so many, as 1/2, not ${share}.`);
    }
  });

  it.each(SAMPLE)(
    'are seen by the battery: %s',
    async (name) => {
      const mutant = MUTANTS.find((candidate) => candidate.name === name)!;
      expect(await seenBy(mutant, { unitTests: false })).toMatch(/^(fuzzer|relation|theory)/);
    },
    60_000,
  );
});
