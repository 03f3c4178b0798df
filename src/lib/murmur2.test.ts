import { expect, it } from 'vitest';
import { murmur2, partitionForKey } from './murmur2.ts';

/** Results of Kafka's own hash: key, hash, partition of 3, 6 and 12. */
const FACTS: readonly [string, number, number, number, number][] = [
  ['21', -973932308, 0, 0, 0],
  ['foobar', -790332482, 0, 0, 6],
  ['a-little-bit-long-string', -985981536, 2, 2, 8],
  ['abc', 479470107, 0, 3, 3],
  ['', 275646681, 0, 3, 9],
  ['a', -1563381124, 1, 4, 4],
  ['order-1', 1221710326, 1, 4, 10],
  ['order-2', -1055499005, 0, 3, 3],
  ['customer-42', -542987495, 0, 3, 9],
  ['käse', -1070276755, 1, 1, 1],
];

it.each(FACTS)('hashes %j like Kafka', (key, hash, of3, of6, of12) => {
  const ours = murmur2(new TextEncoder().encode(key));
  expect(ours).toBe(hash);
  expect([3, 6, 12].map((n) => partitionForKey(ours, n))).toEqual([of3, of6, of12]);
});

it('clears the sign bit of the least hash instead of negating it', () => {
  expect(partitionForKey(-2147483648, 7)).toBe(0);
  expect(partitionForKey(-1, 10)).toBe(7);
});
