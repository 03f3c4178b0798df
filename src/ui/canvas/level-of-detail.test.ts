import { describe, expect, it } from 'vitest';
import { detailAt, textSize } from './level-of-detail.ts';

describe('level of detail', () => {
  it.each([
    [1, 'full'],
    [0.7, 'full'],
    [0.69, 'short'],
    [0.4, 'short'],
    [0.39, 'tile'],
    [0.2, 'tile'],
    [0.19, 'block'],
  ])('at zoom %d is %s', (zoom, detail) => expect(detailAt(zoom)).toBe(detail));

  it('never lets text fall below 11 px on screen', () => {
    for (const zoom of [0.7, 0.8, 1, 2]) expect(textSize(12, zoom) * zoom).toBeGreaterThanOrEqual(11);
    expect(textSize(12, 1)).toBe(12);
  });

  it('holds text at 12 px on screen where cards are small', () => {
    for (const zoom of [0.4, 0.55, 0.69]) expect(textSize(25, zoom) * zoom).toBeCloseTo(12);
  });
});
