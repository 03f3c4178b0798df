import { describe, expect, it } from 'vitest';
import { groupFrames } from './group-geometry.ts';

const node = (id: string, group?: string) => ({ id, kind: 'queue', name: id, fields: {}, group });
const card = (id: string, x: number, y: number) => ({ id, position: { x, y }, width: 100, height: 68 });

describe('the frames of groups', () => {
  it('go round the cards with room for the name', () => {
    const frames = groupFrames(
      [{ id: 'g', name: 'G' }],
      [node('a', 'g'), node('b', 'g'), node('c')],
      [card('a', 0, 0), card('b', 200, 100), card('c', 900, 900)],
    );
    expect(frames).toEqual([{ id: 'g', name: 'G', x: -16, y: -32, width: 332, height: 216 }]);
  });

  it('enclose inner frames and come before them; a group without cards has none', () => {
    const frames = groupFrames(
      [
        { id: 'in', name: 'In', parent: 'out' },
        { id: 'out', name: 'Out' },
        { id: 'empty', name: 'Empty' },
      ],
      [node('a', 'in')],
      [card('a', 0, 0)],
    );
    expect(frames.map(({ id }) => id)).toEqual(['out', 'in']);
    expect(frames[0].x).toBeLessThan(frames[1].x);
    expect(frames[0].y).toBeLessThan(frames[1].y);
    expect(frames[0].x + frames[0].width).toBeGreaterThan(frames[1].x + frames[1].width);
  });
});
