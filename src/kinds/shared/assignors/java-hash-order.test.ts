import { describe, expect, it } from 'vitest';
import { javaHashOrder, javaStringHash } from './java-hash-order.ts';

describe('the order of a Java hash map', () => {
  it('hashes texts as Java does', () => {
    expect(['', 'a', 'c1', 'hello world'].map(javaStringHash)).toEqual([0, 97, 3118, 1794106052]);
  });

  it('goes by bucket, not by name: c3 comes before c1', () => {
    const order = (names: string[]) => javaHashOrder(names.map(javaStringHash)).map((place) => names[place]);
    // Java 17: new HashMap<>(Map.of("c1", 0, "c2", 0, "c3", 0)).keySet()
    expect(order(['c1', 'c2', 'c3'])).toEqual(['c3', 'c1', 'c2']);
  });

  it('spreads over a larger table from the thirteenth key on', () => {
    const hashes = [16, 0, ...Array.from({ length: 10 }, (_, at) => at + 1)];
    expect(javaHashOrder(hashes).slice(0, 2)).toEqual([0, 1]);
    expect(javaHashOrder([...hashes, 15]).slice(-2)).toEqual([12, 0]);
  });
});
