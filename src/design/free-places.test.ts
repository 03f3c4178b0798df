import { describe, expect, it } from 'vitest';
import { freePlaces } from './free-places.ts';
import { LIMITS } from './limits.ts';

const CARD = 100;

/** Places as `id: column/row`, of edges written as `a > b`. */
function placed(ids: string, ...edges: string[]): string[] {
  const links = edges.map((edge) => edge.split(' > ')).map(([from, to]) => ({ from, to }));
  const places = freePlaces(ids.split(' '), links, 0, () => CARD);
  return places.map(({ id, x, y }) => `${id}: ${x / 272}/${y / 216}`);
}

describe('nodes without a place', () => {
  it('stand to the right of what they get messages from, whatever their order in the file', () => {
    expect(
      placed('store group topic producer', 'producer > topic', 'topic > group', 'group > store'),
    ).toEqual(['store: 3/0', 'group: 2/0', 'topic: 1/0', 'producer: 0/0']);
  });

  it('stand beyond the longest way to them, a short column in the middle of a long one', () => {
    expect(placed('a b c d', 'a > b', 'b > d', 'a > d', 'c > d')).toEqual([
      'a: 0/0.5',
      'b: 1/0',
      'c: 1/1',
      'd: 2/0.5',
    ]);
  });

  it('stand just before the first that they send to, if they get nothing themselves', () => {
    expect(placed('a b c late', 'a > b', 'b > c', 'late > c')).toEqual([
      'a: 0/0.5',
      'b: 1/0',
      'c: 2/0.5',
      'late: 1/1',
    ]);
  });

  it('stand in line where messages go round in a circle', () => {
    expect(placed('group topic producer', 'producer > topic', 'topic > group', 'group > topic')).toEqual([
      'group: 2/0',
      'topic: 1/0',
      'producer: 0/0',
    ]);
    expect(placed('a b', 'a > b', 'b > a')).toEqual(['a: 0/0', 'b: 1/0']);
    expect(placed('a', 'a > a')).toEqual(['a: 0/0']);
  });

  it('stand in several columns if they are many, and none on another', () => {
    const ids = Array.from({ length: 30 }, (_, at) => `n${at}`).join(' ');
    const places = placed(ids);
    expect(new Set(places.map((place) => place.split(': ')[1])).size).toBe(30);
    expect(places[29]).toBe('n29: 3/6');
  });

  it('stand apart from those that no edge joins them with, which go below and then beside', () => {
    expect(placed('a x b y lone', 'a > b', 'x > y')).toEqual([
      'a: 0/0',
      'x: 0/1',
      'b: 1/0',
      'y: 1/1',
      'lone: 0/2',
    ]);
    const names = Array.from({ length: 9 }, (_, at) => at);
    const pairs = placed(
      names.map((at) => `from${at} to${at}`).join(' '),
      ...names.map((at) => `from${at} > to${at}`),
    );
    expect(pairs.slice(-4)).toEqual(['from7: 0/7', 'to7: 1/7', 'from8: 2.5/0', 'to8: 3.5/0']);
  });

  it('stand with their middles in line, and farther apart where cards are high', () => {
    const heights: Record<string, number> = { from: 68, a: 304, b: 204, to: 68 };
    const links = ['a', 'b'].flatMap((id) => [
      { from: 'from', to: id },
      { from: id, to: 'to' },
    ]);
    const places = freePlaces(Object.keys(heights), links, 0, (id) => heights[id]);
    const middles = places.map(({ id, y }) => y + heights[id] / 2);
    const [from, a, b, to] = middles;
    expect([from, to]).toEqual([to, (a - 344 / 2 + b + 244 / 2) / 2]);
    const [, top, below] = places;
    expect(below.y - (top.y + 304)).toBe(40);
  });

  it('stay on the canvas in as many parts as a file may have, none on another', () => {
    const ids = Array.from({ length: LIMITS.nodes }, (_, at) => `n${at}`);
    const links = ids.flatMap((from, at) => (at % 2 === 0 ? [{ from, to: ids[at + 1] }] : []));
    const places = freePlaces(ids, links, 0, () => CARD);
    expect(Math.max(...places.map(({ x, y }) => Math.max(x, y)))).toBeLessThan(LIMITS.place);
    expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(LIMITS.nodes);
  });

  it('stay on the canvas in the longest chain that a file may have', () => {
    const ids = Array.from({ length: LIMITS.nodes }, (_, at) => `n${at}`);
    const links = ids.slice(1).map((to, at) => ({ from: ids[at], to }));
    const places = freePlaces(ids, links, 0, () => CARD);
    expect(Math.max(...places.map(({ x, y }) => Math.max(x, y)))).toBeLessThan(LIMITS.place);
    expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(LIMITS.nodes);
  });

  it('are found at once in a file of many circles', () => {
    const ids = Array.from({ length: 20_000 }, (_, at) => `n${at}`);
    const links = ids.map((from, at) => ({ from, to: ids[at ^ 1] }));
    expect(freePlaces(ids, links, 0, () => CARD)).toHaveLength(20_000);
  });
});
