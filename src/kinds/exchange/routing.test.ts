import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { bindingTest, routeFrom, type Binding, type Wiring } from './routing.ts';

const address = (routingKey: string, headers: Record<string, Json> = {}) => ({
  routingKey,
  headers: new Map(Object.entries(headers)) as never,
  mandatory: false,
});

/** Edges are numbered as they come; nodes from 10 on are queues. */
function wire(
  exchanges: Record<number, { to: number[]; when?: (key: string) => boolean; alternate?: number }>,
) {
  let edge = 0;
  const wirings = Object.entries(exchanges).map(([node, { to, when = () => true, alternate }]) => {
    const bindings = to.map((target): Binding => ({
      edge: edge++,
      to: target,
      matches: ({ routingKey }) => when(routingKey),
    }));
    const other = alternate === undefined ? {} : { alternate: { edge: edge++, to: alternate } };
    return [Number(node), { bindings, ...other }] as [number, Wiring];
  });
  const wiring = new Map(wirings);
  return (start: number, key = '') => routeFrom(start, address(key), (node) => wiring.get(node));
}

describe('a binding of', () => {
  const test = (type: string, fields: Record<string, Json>) =>
    bindingTest(type, { bindingKey: '', match: 'all', headers: {}, ...fields });

  it('a direct exchange takes exactly its key, wildcards and all', () => {
    const matches = test('direct', { bindingKey: 'a.*' });
    expect([matches(address('a.b')), matches(address('a.*'))]).toEqual([false, true]);
  });

  it('a fanout exchange takes everything', () => {
    expect(test('fanout', { bindingKey: 'x' })(address('y'))).toBe(true);
  });

  it('a topic exchange is a pattern of words', () => {
    const matches = test('topic', { bindingKey: '*.error' });
    expect(['app.error', 'error', 'app.db.error'].map((key) => matches(address(key)))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('a headers exchange asks for all headers or any, and a number is no text', () => {
    const both = { format: 'pdf', pages: 3 };
    expect(test('headers', { headers: both })(address('', both))).toBe(true);
    expect(test('headers', { headers: both })(address('', { format: 'pdf', pages: '3' }))).toBe(false);
    expect(test('headers', { headers: both, match: 'any' })(address('', { format: 'pdf' }))).toBe(true);
    expect(test('headers', { headers: {} })(address(''))).toBe(true);
    expect(test('headers', { headers: {}, match: 'any' })(address(''))).toBe(false);
  });
});

describe('a route', () => {
  it('has one copy a queue where several bindings lead to it', () => {
    expect(wire({ 1: { to: [10, 10, 11] } })(1)).toEqual([
      { edge: 0, hops: [] },
      { edge: 2, hops: [] },
    ]);
  });

  it('has one copy a queue at the end of a diamond of exchanges', () => {
    const route = wire({ 1: { to: [2, 3] }, 2: { to: [10] }, 3: { to: [10] } });
    expect(route(1)).toEqual([{ edge: 2, hops: [0] }]);
  });

  it('passes an edge between exchanges once, however many queues lie behind it', () => {
    const route = wire({ 1: { to: [2] }, 2: { to: [10, 11] } });
    expect(route(1)).toEqual([
      { edge: 1, hops: [0] },
      { edge: 2, hops: [] },
    ]);
  });

  it('comes to an end in a circle of exchanges, and in an exchange bound to itself', () => {
    const circle = wire({ 1: { to: [2] }, 2: { to: [1, 10] } });
    expect(circle(1)).toEqual([{ edge: 2, hops: [0] }]);
    expect(circle(2)).toEqual([{ edge: 2, hops: [] }]);
    expect(wire({ 1: { to: [1] } })(1)).toEqual([]);
    const behind = wire({ 1: { to: [2] }, 2: { to: [3] }, 3: { to: [2, 10] } });
    expect(behind(1)).toEqual([{ edge: 3, hops: [0, 1] }]);
  });

  it('goes to the alternate exchange only where no binding matches', () => {
    const isA = (key: string) => key === 'a';
    const route = wire({ 1: { to: [10], when: isA, alternate: 2 }, 2: { to: [11] } });
    expect(route(1, 'a')).toEqual([{ edge: 0, hops: [] }]);
    expect(route(1, 'b')).toEqual([{ edge: 2, hops: [1] }]);
  });

  it('does not go to the alternate exchange where an exchange that matched routes to nobody', () => {
    const route = wire({ 1: { to: [2], alternate: 3 }, 2: { to: [] }, 3: { to: [10] } });
    expect(route(1)).toEqual([]);
  });

  it('ends where alternate exchanges form a circle', () => {
    const never = () => false;
    const route = wire({
      1: { to: [10], when: never, alternate: 2 },
      2: { to: [10], when: never, alternate: 1 },
    });
    expect(route(1)).toEqual([]);
  });
});
