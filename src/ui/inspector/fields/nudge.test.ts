import { fc, test } from '../../../testing/property.ts';
import { expect, it } from 'vitest';
import { nudgeNumber } from './nudge.ts';

it.each([
  [7, 1, 8],
  [42, 1, 43],
  [100, 1, 110],
  [100, -1, 99],
  [420, -1, 410],
  [0, 1, 1],
  [1, -1, 0],
])('goes from %d in direction %d to %d by whole numbers', (value, direction, expected) => {
  expect(nudgeNumber(value, direction as 1 | -1, { smallest: 1, min: 0 })).toBe(expected);
});

it('takes ten steps at once with Shift', () => {
  expect(nudgeNumber(120, 1, { big: true, smallest: 1 })).toBe(200);
});

it('takes small steps in small numbers', () => {
  expect([nudgeNumber(0.02, 1, { smallest: 0.01 }), nudgeNumber(2.5, -1)]).toEqual([0.03, 2.4]);
});

test.prop([
  fc.double({ min: 0, max: 1e9, noNaN: true }),
  fc.constantFrom(1 as const, -1 as const),
  fc.boolean(),
])('always moves in its direction and stays within its bounds', (value, direction, big) => {
  const next = nudgeNumber(value, direction, { big, smallest: 0.01, min: 0, max: 1e9 });
  expect(next).toBeGreaterThanOrEqual(0);
  expect(next).toBeLessThanOrEqual(1e9);
  if (value > 0.02 && value < 9e8) expect((next - value) * direction).toBeGreaterThan(0);
});
