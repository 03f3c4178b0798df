import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { INVARIANTS_CHECKED } from '../fuzz/coverage.ts';

const testing = join(import.meta.dirname, '..');
const text = readFileSync(join(testing, '../../docs/laws.md'), 'utf8');
const rows = [...text.matchAll(/^\| ([IM]\d+) +\| (.+?) +\| (.+?) +\|$/gm)].map(([, id, what, where]) => ({
  id,
  what,
  where,
}));

it('docs/laws.md has every invariant and every relation once, in order', () => {
  const numbers = (letter: string, count: number) =>
    Array.from({ length: count }, (_, at) => `${letter}${at + 1}`);
  expect(rows.map(({ id }) => id)).toEqual([...numbers('I', 47), ...numbers('M', 20)]);
});

it('docs/laws.md says that the fuzzer checks what a session of it must have met, and nothing else', () => {
  const checked = rows.filter(({ where }) => where.startsWith('fuzzer: ')).map(({ id }) => id);
  expect(checked).toEqual(INVARIANTS_CHECKED.map((number) => `I${number}`));
});

it('docs/laws.md names files that exist and hold the law, or says what is not modelled', () => {
  for (const { id, where } of rows) {
    const files = [...where.matchAll(/`([^`]+)`/g)].map(([, file]) => file);
    expect(files.length > 0 || /^not modelled: \w|^M\d/.test(where), id).toBe(true);
    for (const file of files) {
      expect(existsSync(join(testing, file)), file).toBe(true);
      if (!file.endsWith('.test.ts'))
        expect(readFileSync(join(testing, file), 'utf8'), file).toContain(`${id}: `);
    }
  }
});
