import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KINDS } from '../src/kinds/registry.ts';
import { kindPage } from './kind-page.ts';

const folder = join(import.meta.dirname, '../docs/kinds');

test.each(KINDS)('the page of $kind is what its definition says (else: npm run docs)', (definition) => {
  const path = join(folder, `${definition.kind}.md`);
  expect(existsSync(path) ? readFileSync(path, 'utf8') : '').toBe(kindPage(definition));
});

test('every page belongs to a kind', () => {
  const known = KINDS.map(({ kind }) => `${kind}.md`);
  expect(readdirSync(folder).filter((name) => !known.includes(name))).toEqual([]);
});
