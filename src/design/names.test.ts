import { test } from '../testing/property.ts';
import { describe, expect, it } from 'vitest';
import { nameArbitrary } from '../testing/design-generator.ts';
import { freshId, freshName, lookAlikeNames } from './names.ts';
import { newDesign } from './new-design.ts';

describe('freshName', () => {
  it('counts on from the name it copies', () => {
    expect(freshName(new Set(), 'orders')).toBe('orders');
    expect(freshName(new Set(['orders']), 'orders')).toBe('orders 2');
    expect(freshName(new Set(['orders', 'orders 2']), 'orders 2')).toBe('orders 3');
  });
});

describe('freshId', () => {
  it.for<[string, string]>([
    ['Order Service', 'order-service'],
    ['orders.dlq', 'orders.dlq'],
    ['Café №1', 'cafe-no1'],
    ['../../etc', 'etc'],
    ['🙂', 'node'],
    ['', 'node'],
  ])('makes a readable id: %s', ([name, id]) => {
    expect(freshId(new Set(), name)).toBe(id);
  });

  test.prop([nameArbitrary], { seed: 9 })('is never one that is taken, whatever the name', (name) => {
    const taken = new Set<string>();
    for (let round = 0; round < 5; round++) taken.add(freshId(taken, name));
    expect(taken.size).toBe(5);
    for (const id of taken) expect(id).toMatch(/^[a-z0-9][a-z0-9.-]*$/);
  });
});

describe('lookAlikeNames', () => {
  it('flags names that only a computer can tell apart, not names that are the same', () => {
    const names = ['pay', 'pay', 'pay\u200b', 'p\u0430y', 'pay '];
    const nodes = names.map((name, at) => ({ id: `n${at}`, kind: 'queue', name, fields: {} }));
    expect(lookAlikeNames({ ...newDesign(), nodes }).map(({ node }) => node)).toEqual(['n2', 'n4']);
  });
});
