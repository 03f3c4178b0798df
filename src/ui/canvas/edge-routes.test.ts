import { describe, expect, it } from 'vitest';
import { bottomRoute, crossings, forwardRoute, orthogonal, type Rect } from './edge-routes.ts';
import { flattenRoute, routeToSvg } from './path-table.ts';

const card = (x: number, y: number, width = 168, height = 68): Rect => ({ x, y, width, height });

describe('forward edges', () => {
  it('are S-curves that leave and arrive level', () => {
    const route = forwardRoute({ x: 180, y: 106 }, { x: 240, y: 186 }, []);
    expect(routeToSvg(route)).toBe('M180 106C210 106 210 186 240 186');
  });

  it('are straight between level ends', () => {
    expect(routeToSvg(forwardRoute({ x: 0, y: 50 }, { x: 90, y: 50 }, []))).toBe('M0 50L90 50');
  });

  it.each([
    ['in the middle of the way', [card(300, 20)]],
    ['two in a row', [card(260, 0), card(560, 30)]],
    ['a tall one', [card(300, -400, 196, 800)]],
  ])('go around a card that stands %s', (_what, obstacles) => {
    const route = forwardRoute({ x: 180, y: 50 }, { x: 900, y: 60 }, obstacles);
    expect(crossings(route, obstacles)).toBe(0);
    const line = flattenRoute(route);
    expect(line.slice(0, 2)).toEqual([180, 50]);
    expect(line.slice(-2)).toEqual([900, 60]);
  });
});

describe('edges that leave by the bottom', () => {
  const from = card(516, 228, 208, 180);

  it('go down and into the left side of a card at the right, with round corners', () => {
    const route = bottomRoute(from, 660, card(744, 468, 172, 76), 506, []);
    expect(routeToSvg(route)).toBe('M660 408L660 490Q660 506 676 506L744 506');
  });

  it('go into the right side of a card at the left, below its middle', () => {
    const route = bottomRoute(from, 580, card(240, 468, 196, 76), 506, []);
    expect(routeToSvg(route)).toBe('M580 408L580 506Q580 522 564 522L436 522');
  });

  it('come from above into a card right below', () => {
    const line = flattenRoute(bottomRoute(from, 620, card(530, 500), 534, []));
    expect(line.slice(-2)).toEqual([620, 500]);
  });

  it('reach a card far above without crossing it or their own', () => {
    const to = card(0, 0);
    const route = bottomRoute(from, 620, to, 34, []);
    expect(flattenRoute(route).slice(-1)[0]).toBeGreaterThan(to.y);
    expect(crossings(route, [card(518, 230, 204, 176), card(2, 2, 164, 64)])).toBe(0);
  });
});

describe('crossings', () => {
  it('count a card that a straight line runs through, not one that it only touches', () => {
    const line = orthogonal([
      { x: 0, y: 50 },
      { x: 500, y: 50 },
    ]);
    expect(crossings(line, [card(100, 20)])).toBe(1);
    expect(crossings(line, [card(100, 50)])).toBe(0);
  });
});
