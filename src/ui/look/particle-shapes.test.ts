import { expect, it } from 'vitest';
import { LOOK_RETRY, lookParts, messageLook } from './particle-shapes.ts';

const parts = (place: number, role?: 'event' | 'command' | 'query') => lookParts(messageLook(place, role));

it('gives each role its own filling of one shape', () => {
  expect(parts(2)).toEqual({ shape: 2, outlined: false, lightCentre: false });
  expect(parts(2, 'command')).toEqual({ shape: 2, outlined: false, lightCentre: true });
  expect(parts(2, 'query')).toEqual({ shape: 2, outlined: true, lightCentre: false });
});

it('repeats a shape as an outline from the seventh type on', () => {
  expect(parts(8)).toEqual({ shape: 2, outlined: true, lightCentre: false });
  expect(parts(8, 'command')).toEqual({ shape: 2, outlined: true, lightCentre: true });
  expect(messageLook(12)).toBe(messageLook(0));
});

it('has a look below the retries for every type, known or not', () => {
  for (const place of [-1, NaN, 0, 5, 11, 500]) {
    for (const role of ['event', 'command', 'query'] as const) {
      expect(messageLook(place, role)).toBeLessThan(LOOK_RETRY);
    }
  }
  expect(messageLook(-1)).toBe(0);
});
