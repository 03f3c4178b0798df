import { describe, expect, it } from 'vitest';
import type { Rect } from './edge-routes.ts';
import { fitView, type View } from './fit-view.ts';

const key: Rect = { x: 0, y: 440, width: 170, height: 150 };
const zoomButtons: Rect = { x: 920, y: 540, width: 110, height: 50 };
const pane = { width: 1032, height: 592, keepClear: [key, zoomButtons] };
const card = (x: number, y: number, width = 168, height = 68): Rect => ({ x, y, width, height });

function onScreen(rect: Rect, view: View): Rect {
  return {
    x: rect.x * view.zoom + view.x,
    y: rect.y * view.zoom + view.y,
    width: rect.width * view.zoom,
    height: rect.height * view.zoom,
  };
}

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

describe('fitting the view', () => {
  it.each([
    ['a wide row', [card(0, 0), card(400, 0), card(2000, 0)]],
    [
      'a full grid',
      [0, 1, 2, 3, 4].flatMap((row) => [0, 1, 2, 3, 4].map((column) => card(column * 260, row * 140))),
    ],
    ['a tall column', [0, 1, 2, 3, 4, 5, 6, 7].map((row) => card(0, row * 120))],
    ['one card', [card(-5000, 3000)]],
  ])('shows all of %s, with none under the key or the buttons', (_what, cards) => {
    const view = fitView(cards, pane);
    for (const shown of cards.map((one) => onScreen(one, view))) {
      expect(shown.x).toBeGreaterThanOrEqual(0);
      expect(shown.y).toBeGreaterThanOrEqual(0);
      expect(shown.x + shown.width).toBeLessThanOrEqual(pane.width);
      expect(shown.y + shown.height).toBeLessThanOrEqual(pane.height);
      expect(pane.keepClear.some((clear) => overlap(shown, clear))).toBe(false);
    }
  });

  it('does not shrink cards that can dodge', () => {
    const dodging = fitView([card(0, 0), card(800, 0), card(400, 300)], pane);
    expect(dodging.zoom).toBeGreaterThan(1);
  });

  it('never enlarges a small design beyond reading size', () => {
    expect(fitView([card(0, 0)], pane).zoom).toBeLessThanOrEqual(1.1);
  });

  it('bears an empty design and a pane of no size', () => {
    expect(fitView([], pane)).toEqual({ x: 0, y: 0, zoom: 1 });
    expect(fitView([card(0, 0)], { width: 0, height: 0, keepClear: [] })).toEqual({ x: 0, y: 0, zoom: 1 });
  });
});
