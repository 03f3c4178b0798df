import { describe, expect, it } from 'vitest';
import { edgeCourse, edgeGeometries, type PlacedCard } from './edge-geometry.ts';

const placed = (id: string, kind: string, x: number, y: number): PlacedCard => ({
  id,
  kind,
  x,
  y,
  width: 168,
  height: 68,
});
const edge = (from: string, to: string, fromPort = 'out') => ({
  id: `${from}-${to}`,
  from,
  fromPort,
  to,
  toPort: 'in',
});

const cards = [
  placed('low', 'producer', 0, 400),
  placed('high', 'producer', 0, 0),
  placed('topic', 'topic', 400, 200),
  placed('group', 'consumer-group', 800, 200),
  placed('dead', 'dead-letter-queue', 1100, 500),
];

describe('edge geometry', () => {
  it('gives edges into one side their places in the order of their senders, so that they do not cross', () => {
    const ways = edgeGeometries(cards, [edge('low', 'topic'), edge('high', 'topic')]);
    const endY = (id: string) => ways.get(id)?.table.points.at(-1) ?? NaN;
    expect(endY('high-topic')).toBeLessThan(endY('low-topic'));
    expect((endY('high-topic') + endY('low-topic')) / 2).toBeCloseTo(234);
  });

  it('keeps the object of an edge whose way did not change', () => {
    const before = edgeGeometries(cards, [edge('low', 'topic'), edge('topic', 'group')]);
    const moved = cards.map((card) => (card.id === 'low' ? { ...card, y: 416 } : card));
    const after = edgeGeometries(moved, [edge('low', 'topic'), edge('topic', 'group')], before);
    expect(after.get('topic-group')).toBe(before.get('topic-group'));
    expect(after.get('low-topic')).not.toBe(before.get('low-topic'));
  });

  it('lets failures and edges that go back leave by the bottom', () => {
    const ways = edgeGeometries(cards, [edge('group', 'dead', 'failed'), edge('group', 'topic')]);
    for (const way of ways.values()) expect(way.table.points[1]).toBe(268);
  });

  it('has no way for an edge to a card that is not there', () => {
    expect(edgeGeometries(cards, [edge('low', 'nowhere')]).size).toBe(0);
  });

  it('puts labels where no card lies', () => {
    const between = [...cards, placed('wall', 'database', 610, 180)];
    const way = edgeGeometries(between, [edge('topic', 'group')]).get('topic-group');
    const { x, y } = way?.middle ?? { x: 0, y: 0 };
    expect(between.some((c) => x > c.x && x < c.x + c.width && y > c.y && y < c.y + c.height)).toBe(false);
  });
});

describe('the course of an edge', () => {
  it.each([
    ['failed', 'consumer-group', 'dead-letter-queue', 'dead'],
    ['failed', 'consumer-group', 'topic', 'retry'],
    ['out', 'consumer-group', 'database', 'request'],
    ['out', 'producer', 'topic', 'flow'],
    ['out', 'time-machine', 'topic', 'flow'],
  ])('by port %s from a %s to a %s is %s', (port, from, to, course) => {
    expect(edgeCourse(edge('a', 'b', port), from, to)).toBe(course);
  });
});
