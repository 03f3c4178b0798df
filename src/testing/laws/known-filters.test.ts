import { expect, it } from 'vitest';
import { PATTERNS, POLICIES } from '../fuzz/draw-routers.ts';
import { KNOWN_FILTERS } from './known-filters.ts';

it('every filter that the fuzzer draws is known by hand', () => {
  for (const text of [...POLICIES, ...PATTERNS])
    expect([text, KNOWN_FILTERS.has(text)]).toEqual([text, true]);
});
