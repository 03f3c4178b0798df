import { describe, expect, it } from 'vitest';
import { routeToSvg, tabulate, placeOnPath, type Route } from './path-table.ts';

const straight: Route = { x: 0, y: 10, segments: [{ type: 'line', x: 100, y: 10 }] };
const curve: Route = {
  x: 180,
  y: 106,
  segments: [{ type: 'cubic', ax: 210, ay: 106, bx: 210, by: 186, x: 240, y: 186 }],
};

describe('path table', () => {
  it('writes a path for SVG', () => {
    expect(routeToSvg(curve)).toBe('M180 106C210 106 210 186 240 186');
  });

  it('holds both ends exactly', () => {
    const table = tabulate(curve);
    const last = (table.count - 1) * 2;
    expect([table.points[0], table.points[1]]).toEqual([180, 106]);
    expect([table.points[last], table.points[last + 1]]).toEqual([240, 186]);
  });

  it('has its points at equal distances along a curve', () => {
    const { points, count, length } = tabulate(curve);
    const step = length / (count - 1);
    for (let at = 2; at < count * 2; at += 2) {
      const distance = Math.hypot(points[at] - points[at - 2], points[at + 1] - points[at - 1]);
      expect(distance).toBeGreaterThan(step * 0.97);
      expect(distance).toBeLessThan(step * 1.001);
    }
  });

  it('finds the place at a share of the way and stays inside for any share', () => {
    const table = tabulate(straight);
    const at = (share: number) => {
      const place = { x: 0, y: 0 };
      placeOnPath(table, share, place);
      return place;
    };
    expect(at(0.5).x).toBeCloseTo(50);
    expect(at(0.123).x).toBeCloseTo(12.3);
    expect(at(-1)).toEqual({ x: 0, y: 10 });
    expect(at(7)).toEqual({ x: 100, y: 10 });
  });

  it('bears a path of no length', () => {
    const table = tabulate({ x: 5, y: 5, segments: [{ type: 'line', x: 5, y: 5 }] });
    expect([...table.points]).toEqual([5, 5, 5, 5]);
  });
});
