import { describe, expect, it } from 'vitest';
import { hashWordsIn, MOST_HASHES, topicMatches } from './topic-pattern.ts';

const PATTERNS = ['a.*.c', 'a.#.b', '#', '*', '*.*', '#.b', 'a.#', '*.#.*', 'a.*.#.b', '', '#.#'];

// From a live RabbitMQ 3.10.8.
describe('a topic exchange', () => {
  it.each([
    ['', ['#', '', '#.#']],
    ['a', ['#', '*', 'a.#', '#.#']],
    ['b', ['#', '*', '#.b', '#.#']],
    ['a.b', ['a.#.b', '#', '*.*', '#.b', 'a.#', '*.#.*', '#.#']],
    ['a.b.c', ['a.*.c', '#', 'a.#', '*.#.*', '#.#']],
    ['a..b', ['a.#.b', '#', '#.b', 'a.#', '*.#.*', 'a.*.#.b', '#.#']],
    ['a.', ['#', '*.*', 'a.#', '*.#.*', '#.#']],
    ['a.x.y.b', ['a.#.b', '#', '#.b', 'a.#', '*.#.*', 'a.*.#.b', '#.#']],
  ])('routes the key %o to %o', (key, expected) => {
    expect(PATTERNS.filter((pattern) => topicMatches(pattern, key))).toEqual(expected);
  });

  it('takes wildcards in a routing key, and parts of words, as plain text', () => {
    expect(topicMatches('order.eu', 'order.*')).toBe(false);
    expect(topicMatches('order.*', 'order.#')).toBe(true);
    expect(topicMatches('or*', 'order')).toBe(false);
    expect(topicMatches('A', 'a')).toBe(false);
  });

  it('needs no time for many #', () => {
    const pattern = `${'#.a.'.repeat(60)}b`;
    expect(topicMatches(pattern, Array.from({ length: 120 }, () => 'a').join('.'))).toBe(false);
  });

  it('counts the # words that a broker of version 4.3 would refuse', () => {
    expect(['#.#.#', 'a#.#', ''].map(hashWordsIn)).toEqual([3, 1, 0]);
    expect(MOST_HASHES).toBe(2);
  });
});
