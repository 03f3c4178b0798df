import { describe, expect, it } from 'vitest';
import { alignEdit, type Alignment } from './align.ts';
import { newDesign } from './new-design.ts';
import type { Design } from './types.ts';

const design: Design = {
  ...newDesign(),
  layout: {
    nodes: [
      { id: 'a', x: 0, y: 0 },
      { id: 'b', x: 100, y: 50 },
      { id: 'c', x: 400, y: 300 },
    ],
  },
};
const sizes = new Map([
  ['a', { width: 100, height: 40 }],
  ['b', { width: 60, height: 60 }],
  ['c', { width: 200, height: 100 }],
]);

describe('alignEdit', () => {
  it.for<[Alignment, [string, number, number][]]>([
    [
      'left',
      [
        ['b', 0, 50],
        ['c', 0, 300],
      ],
    ],
    [
      'center',
      [
        ['a', 250, 0],
        ['b', 270, 50],
        ['c', 200, 300],
      ],
    ],
    [
      'right',
      [
        ['a', 500, 0],
        ['b', 540, 50],
      ],
    ],
    [
      'top',
      [
        ['b', 100, 0],
        ['c', 400, 0],
      ],
    ],
    [
      'middle',
      [
        ['a', 0, 180],
        ['b', 100, 170],
        ['c', 400, 150],
      ],
    ],
    [
      'bottom',
      [
        ['a', 0, 360],
        ['b', 100, 340],
      ],
    ],
    ['spread-across', [['b', 220, 50]]],
    ['spread-down', [['b', 100, 140]]],
  ])('lines cards up: %s', ([how, moved]) => {
    const places = moved.map(([id, x, y]) => ({ id, x, y }));
    expect(alignEdit(design, ['a', 'b', 'c'], how, sizes)).toEqual({ type: 'move', places });
  });

  it('has nothing to do for one card, two to spread, or cards in line', () => {
    expect(alignEdit(design, ['a'], 'left', sizes)).toBeNull();
    expect(alignEdit(design, ['a', 'c'], 'spread-down', sizes)).toBeNull();
    expect(
      alignEdit({ ...design, layout: { nodes: design.layout.nodes.slice(0, 1) } }, ['a', 'b'], 'top', sizes),
    ).toBeNull();
  });
});
