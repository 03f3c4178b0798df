import { expect, it } from 'vitest';
import { seedKey } from './seed-key.ts';

it('A short seed is taken as it is, so that a number and its text give the same run.', () => {
  for (const seed of ['', '\ud800', '__proto__', 'x'.repeat(500), 0, 1e300]) expect(seedKey(seed)).toBe(seed);
});

it('A long seed is condensed to a short key that every character and the length decide.', () => {
  const long = 'x'.repeat(100_000);
  const keys = [
    long,
    `${long}x`,
    `y${long.slice(1)}`,
    `${long.slice(1)}y`,
    `${long.slice(0, 50_000)}y${long.slice(50_001)}`,
  ].map(seedKey);
  expect(new Set(keys).size).toBe(5);
  expect(Math.max(...keys.map((key) => String(key).length))).toBeLessThan(100);
  expect(seedKey(long)).toMatchInlineSnapshot(
    `"text of 100000: 1146555341 -263090877 2134520495 -1715070535"`,
  );
});
