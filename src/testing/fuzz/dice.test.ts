import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SALTS, ownDice } from './dice.ts';

describe('the dice of the parts of a case', () => {
  it('differ from each other and from those of the case itself', () => {
    const salts = [0, ...Object.values<number>(SALTS)];
    expect(new Set(salts).size).toBe(salts.length);
  });

  it('fall independently: no two parts throw the same', () => {
    const parts = Object.keys(SALTS) as (keyof typeof SALTS)[];
    const throws = parts.map((part) => {
      const dice = ownDice(7900, part);
      return Array.from({ length: 20 }, () => dice.below(10)).join('');
    });
    expect(new Set(throws).size).toBe(parts.length);
  });

  it('come from the one table, and each row of it is thrown by one place', () => {
    const files = readdirSync(import.meta.dirname).filter((name) => name.startsWith('draw-'));
    const text = files.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8')).join('\n');
    expect(text.match(/new Dice\(.*\)/gu)).toEqual(['new Dice(seed)']);
    const thrown = [...text.matchAll(/ownDice\(\w+, '(.+?)'\)/gu)].map(([, part]) => part);
    expect(thrown.toSorted()).toEqual(Object.keys(SALTS).toSorted());
  });
});
