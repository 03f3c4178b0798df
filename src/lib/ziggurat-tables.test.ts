import { expect, it } from 'vitest';
import { EXPONENTIAL, NORMAL } from './ziggurat-tables.ts';

it.each([
  ['exponential', EXPONENTIAL, 4294967296, (x: number) => Math.exp(-x)],
  ['normal', NORMAL, 2147483648, (x: number) => Math.exp((-x * x) / 2)],
] as const)(
  'the %s ziggurat has 256 layers of equal area that close at the top',
  (_, table, range, density) => {
    const { width, edge, height, tail } = table;
    const area = width[255] * range * density(tail);
    expect(edge[0]).toBe(0);
    expect(height[0]).toBe(1);
    for (let i = 0; i < 255; i++) {
      expect(height[i]).toBeCloseTo(density(edge[i]), 14);
      expect(width[i] * range).toBeCloseTo(edge[i + 1], 13);
      expect(edge[i + 1] * (height[i] - height[i + 1])).toBeCloseTo(area, i === 0 ? 11 : 15);
    }
    // What the base is widened by is the area of the tail, here by the trapezoidal rule.
    let beyond = 0;
    const step = 1e-4;
    for (let x = tail; x < tail + 40; x += step) beyond += ((density(x) + density(x + step)) / 2) * step;
    expect(area - tail * density(tail)).toBeCloseTo(beyond, 10);
  },
);
