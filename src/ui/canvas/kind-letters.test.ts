import { describe, expect, it } from 'vitest';
import { KINDS } from '../../kinds/registry.ts';
import { kindLetters } from './kind-letters.ts';

describe('letters of kinds', () => {
  it('are one each, and P is the producer', () => {
    const letters = kindLetters(KINDS);
    expect(letters.size).toBe(KINDS.length);
    expect(letters.get('p')).toBe('producer');
    expect(letters.get('q')).toBe('queue');
  });

  it('leave alone the letters that mean something else', () => {
    const letters = kindLetters(KINDS);
    for (const letter of 'bcit') expect(letters.has(letter)).toBe(false);
  });
});
