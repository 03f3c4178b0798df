import { describe, expect, it } from 'vitest';
import {
  chiSquareTail,
  kolmogorovSmirnov,
  normalQuantileAbove,
  normalTail,
  studentTail,
} from './probability.ts';

describe('tails', () => {
  it.each([
    [0, 0.5],
    [1.6448536269514722, 0.05],
    [-1.6448536269514722, 0.95],
    [3, 0.0013498980316301],
    [6, 9.865876450377e-10],
  ])('a normal draw exceeds %d as tables say', (z, chance) => {
    expect(normalTail(z) / chance).toBeCloseTo(1, 7);
  });

  it.each([
    [12.706204736, 1, 0.025],
    [2.0452296421, 29, 0.025],
    [-2.0452296421, 29, 0.975],
    [3.6594050195, 29, 0.0005],
    [2.1314495456, 15, 0.025],
  ])('a draw of Student’s t exceeds %d with %d degrees as tables say', (t, degrees, chance) => {
    expect(studentTail(t, degrees) / chance).toBeCloseTo(1, 6);
  });

  it.each([
    [3.841458821, 1, 0.05],
    [0.4549364231, 1, 0.5],
    [18.307038053, 10, 0.05],
    [9.341817766, 10, 0.5],
    [124.342113404, 100, 0.05],
    [77.929465165, 100, 0.95],
  ])('a sum of squares exceeds %d with %d degrees as tables say', (x, degrees, chance) => {
    expect(chiSquareTail(x, degrees)).toBeCloseTo(chance, 4);
  });

  it('gives chances that no normal draw can have as very small ones', () => {
    expect(chiSquareTail(1e6, 78)).toBeLessThan(1e-100);
    expect(normalQuantileAbove(studentTail(100, 29))).toBeGreaterThan(8);
  });
});

it('finds the quantile that a tail belongs to', () => {
  for (const z of [-3, -0.5, 0, 0.1, 1, 2, 4, 7])
    expect(normalQuantileAbove(normalTail(z))).toBeCloseTo(z, 9);
});

describe('kolmogorovSmirnov', () => {
  const even = Array.from({ length: 50 }, (_, at) => normalQuantileAbove((at + 0.5) / 50));

  it('finds nothing in draws that lie as evenly as can be', () => {
    const { distance, chance } = kolmogorovSmirnov(even);
    expect(distance).toBeCloseTo(0.01, 9);
    expect(chance).toBe(1);
  });

  it('has the 5 % point of the tables: 0.1884 for 50 draws', () => {
    const squeezed = even.map((z) => normalQuantileAbove(1 - (1 - normalTail(z)) * 0.8198));
    const { distance, chance } = kolmogorovSmirnov(squeezed);
    expect(distance).toBeCloseTo(0.1884, 3);
    expect(chance).toBeCloseTo(0.05, 2);
  });

  it('sees draws that are three quarters of a deviation off', () => {
    expect(kolmogorovSmirnov(even.map((z) => z + 0.75)).chance).toBeLessThan(0.001);
  });
});
