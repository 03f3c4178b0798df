import { describe, expect, it } from 'vitest';
import type { DesignEdge } from '../../design/types.ts';
import { findLoops } from './loops.ts';

/** Loops of edges given as `from > to: weight`, each as its shortest round and its gain to three digits. */
function loops(...texts: string[]): [round: string, gain: number | null][] {
  const weights = new Map<string, number>();
  const edges = texts.map((text): DesignEdge => {
    const [from, to, weight] = text.split(/ > |: /);
    weights.set(text, Number(weight));
    return { id: text, from, fromPort: 'out', to, toPort: 'in' };
  });
  return findLoops(edges, ({ id }) => weights.get(id)!).map(({ round, gain }) => [
    round.map(({ from }) => from).join(' '),
    gain === null ? null : Number(gain.toPrecision(3)),
  ]);
}

describe('findLoops', () => {
  it('finds nothing where nothing comes back', () => {
    expect(loops()).toEqual([]);
    expect(loops('a > b: 1', 'b > c: 1', 'a > c: 1', 'c > d: 5')).toEqual([]);
    expect(loops('a > b: 1', 'b > a: 0')).toEqual([]);
  });

  it('multiplies along a plain circle', () => {
    expect(loops('s > a: 9', 'a > b: 1', 'b > c: 0.5', 'c > a: 3', 'c > z: 7')).toEqual([['c a b', 1.5]]);
  });

  it('adds up what comes back by several ways', () => {
    expect(loops('a > g: 1', 'b > g: 1', 'g > a: 1', 'g > b: 1')).toEqual([['g a', 2]]);
    expect(loops('a > g: 1', 'b > g: 1', 'g > a: 0.7', 'g > b: 0.7')).toEqual([['g a', 1.4]]);
    expect(loops('a > g: 1', 'b > g: 1', 'g > a: 0.3', 'g > b: 0.2')).toEqual([['a g', 0.5]]);
  });

  it('keeps loops apart that only feed one another', () => {
    const found = loops('a > b: 1', 'b > a: 0.5', 'b > c: 1', 'c > d: 1', 'd > c: 2', 'd > e: 1');
    expect(found.toSorted(([a], [b]) => (a < b ? -1 : 1))).toEqual([
      ['a b', 0.5],
      ['d c', 2],
    ]);
  });

  it('follows a loop of 10,000 nodes, and a mesh of 300, without running out of stack or time', () => {
    const size = 10_000;
    const ring = Array.from({ length: size }, (_, i) => `${i} > ${(i + 1) % size}: 1`);
    expect(loops(...ring)[0][1]).toBe(1);
    const mesh = Array.from({ length: 300 }, (_, i) => [
      `${i} > ${(i + 1) % 300}: 1`,
      `${i} > ${(i + 7) % 300}: 1`,
    ]);
    expect(loops(...mesh.flat())).toEqual([[expect.any(String), expect.any(Number)]]);
  });
});
