import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MUTANTS } from './mutant-list.mjs';
import { seenBy } from './mutants.mjs';
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

  it.each(SAMPLE)(
    'are seen by the battery: %s',
    async (name) => {
      const mutant = MUTANTS.find((candidate) => candidate.name === name)!;
      expect(await seenBy(mutant, { unitTests: false })).toMatch(/^(fuzzer|relation|theory)/);
    },
    60_000,
  );
});
