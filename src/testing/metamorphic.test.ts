import { expect, it } from 'vitest';
import { RELATIONS } from './metamorphic/relations.ts';

it.each(RELATIONS)('$name', ({ check }) => {
  expect(check).not.toThrow();
});

it('holds every relation from M1 to M19 once', () => {
  const numbers = RELATIONS.map(({ name }) => Number(/^M(\d+):/.exec(name)?.[1]));
  expect(numbers).toEqual(Array.from({ length: 19 }, (_, at) => at + 1));
});
