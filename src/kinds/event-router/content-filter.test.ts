import { describe, expect, it } from 'vitest';
import { readFilter } from './content-filter.ts';

const event = {
  routingKey: 'order.placed',
  headers: new Map<string, string | number | boolean | null>([
    ['store', 'Berlin'],
    ['price', 100],
    ['vip', true],
    ['coupon', null],
  ]),
  mandatory: false,
};

/** Whether the event passes, or why the filter is refused. */
function passes(policy: unknown, profile = 'sns'): boolean | string {
  const reading = readFilter(typeof policy === 'string' ? policy : JSON.stringify(policy), profile);
  return 'filter' in reading ? reading.filter(event) : reading.refused;
}

describe('a filter policy', () => {
  it.each([
    [{ store: ['Paris', 'Berlin'] }, true],
    [{ store: ['berlin'] }, false],
    [{ store: [{ 'equals-ignore-case': 'berlin' }] }, true],
    [{ price: ['100'] }, false],
    [{ price: [100], vip: [true] }, true],
    [{ price: [100], vip: [false] }, false],
    [{ price: [{ numeric: ['>', 0, '<=', 100] }] }, true],
    [{ price: [{ numeric: ['<', 100] }] }, false],
    [{ store: [{ numeric: ['<', 100] }] }, false],
    [{ type: [{ prefix: 'order.' }] }, true],
    [{ type: [{ suffix: '.paid' }] }, false],
    [{ store: [{ 'anything-but': ['Paris'] }] }, true],
    [{ store: [{ 'anything-but': { prefix: 'Ber' } }] }, false],
    [{ size: [{ 'anything-but': ['L'] }] }, false],
    [{ size: [{ exists: false }] }, true],
    [{ coupon: [null] }, true],
    ['', true],
  ])('%j: %s', (policy, expected) => {
    expect(passes(policy)).toBe(expected);
  });

  it.each([
    ['{', 'it is no JSON'],
    [{ store: 'Berlin' }, 'store is not a list'],
    [{ order: { store: ['Berlin'] } }, 'attributes are not nested'],
    [{ store: [{ like: 'B' }] }, 'found like, expected prefix'],
    [{ price: [{ numeric: ['~', 3] }] }, 'numeric is a list'],
    [{ a: [1], b: [1], c: [1], d: [1], e: [1], f: [1] }, 'it has 6 keys'],
    [{ store: [{ wildcard: 'B*' }] }, 'SNS knows no wildcard'],
  ])('refuses %j', (policy, reason) => {
    expect(passes(policy)).toContain(reason);
  });
});

describe('an event pattern', () => {
  it.each([
    [
      { 'detail-type': ['order.placed'], detail: { store: ['Berlin'], price: [{ numeric: ['=', 100] }] } },
      true,
    ],
    [{ detail: { store: [{ wildcard: 'B*l*n' }] } }, true],
    [{ detail: { store: [{ wildcard: 'Berl*lin' }] } }, false],
    [{ detail: { store: [{ wildcard: '*' }] } }, true],
    [{ source: [{ exists: true }] }, false],
    [{ store: ['Berlin'] }, false],
  ])('%j: %s', (pattern, expected) => {
    expect(passes(pattern, 'eventbridge')).toBe(expected);
  });
});
