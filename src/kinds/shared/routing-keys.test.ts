import { describe, expect, it } from 'vitest';
import { readRoutingKeys, utf8Length } from './routing-keys.ts';

describe('routing keys', () => {
  it.each([
    ['', [{ key: '', weight: 1 }]],
    ['orders.created', [{ key: 'orders.created', weight: 1 }]],
    [
      'a.b: 9 , c',
      [
        { key: 'a.b', weight: 9 },
        { key: 'c', weight: 1 },
      ],
    ],
    ['urn:x', [{ key: 'urn:x', weight: 1 }]],
    ['urn:x:0.5', [{ key: 'urn:x', weight: 0.5 }]],
  ])('%j are read with their weights', (text, keys) => {
    expect(readRoutingKeys(text)).toEqual(keys);
  });

  it.each([
    ['a,,b', 'no text between two commas'],
    ['a: 0', 'the weight 0 of "a"'],
    ['a: -1', 'the weight -1 of "a"'],
    ['é'.repeat(128), 'a routing key of 256 bytes'],
    [Array.from({ length: 101 }, (_, at) => `k${at}`).join(), '101 routing keys'],
  ])('%s are refused', (text, found) => {
    expect(readRoutingKeys(text)).toMatchObject({ found });
  });

  it('are counted in bytes as Node counts them', () => {
    for (const text of ['', 'abc', 'é', '€', '👩🏽‍💻', '\ud83d'])
      expect(utf8Length(text)).toBe(Buffer.byteLength(text));
  });
});
