import { describe, expect, it } from 'vitest';
import { Columns } from './columns.ts';
import { RandomStreams } from './random.ts';

function streamOf(seed: string | number, owner = 'node', purpose = 'service'): RandomStreams {
  const streams = new RandomStreams(new Columns(), 1);
  streams.seed(0, seed, owner, purpose);
  return streams;
}

/** Mean and variance of n draws, in standard errors from what they should be (`fourth` = 4th central moment). */
function zScores(n: number, draw: () => number, mean: number, variance: number, fourth: number): number[] {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const d = draw() - mean;
    sum += d;
    squares += d * d;
  }
  return [
    sum / n / Math.sqrt(variance / n),
    (squares / n - variance) / Math.sqrt((fourth - variance * variance) / n),
  ];
}

/** Kolmogorov's distance times the root of n; above 1.95 in one case of a thousand. */
function kolmogorov(n: number, draw: () => number, distribution: (x: number) => number): number {
  const values = Float64Array.from({ length: n }, draw).sort();
  let worst = 0;
  values.forEach((x, i) => {
    const f = distribution(x);
    worst = Math.max(worst, f - i / n, (i + 1) / n - f);
  });
  return worst * Math.sqrt(n);
}

function chiSquareScore(counts: ArrayLike<number>, n: number): number {
  const cells = counts.length;
  let sum = 0;
  for (let i = 0; i < cells; i++) sum += (counts[i] - n / cells) ** 2 / (n / cells);
  return (sum - (cells - 1)) / Math.sqrt(2 * (cells - 1));
}

describe('RandomStreams', () => {
  it('repeats itself for equal seed, owner and purpose, and only then', () => {
    const words = (s: RandomStreams) => Array.from({ length: 4 }, () => s.u32(0)).join();
    expect(words(streamOf(1))).toBe(words(streamOf('1')));
    const seen = new Set([
      words(streamOf(1)),
      words(streamOf(2)),
      words(streamOf(1, 'node2')),
      words(streamOf(1, 'node', 'service2')),
      words(streamOf(1, 'nod', 'eservice')),
      words(streamOf('1node', '', 'service')),
    ]);
    expect(seen.size).toBe(6);
    expect(words(streamOf(42, 'orders', 'arrivals'))).toMatchInlineSnapshot(
      `"49497137,3291956430,1921686692,3972627071"`,
    );
  });

  it('draws the same whatever the other streams do', () => {
    const alone = streamOf(5);
    const streams = new RandomStreams(new Columns(), 3);
    streams.seed(1, 5, 'node', 'service');
    for (let i = 0; i < 100; i++) {
      streams.u32(0);
      expect(streams.u32(1)).toBe(alone.u32(0));
      streams.normal(2);
    }
  });

  it('is well mixed across the seeds 1, 2, 3, ...: first draws are uniform and bits differ by half', () => {
    const cells = new Float64Array(64);
    let bits = 0;
    let previous = 0;
    const n = 20_000;
    for (let seed = 1; seed <= n; seed++) {
      const word = streamOf(seed).u32(0);
      cells[word >>> 26] += 1;
      let changed = word ^ previous;
      for (; changed !== 0; changed &= changed - 1) bits += 1;
      previous = word;
    }
    expect(Math.abs(chiSquareScore(cells, n))).toBeLessThan(4);
    expect(Math.abs(bits / n - 16)).toBeLessThan(4 * Math.sqrt(8 / n));
  });

  it.each([1, 2, 3])('draws uniformly in 256 cells and all pairs of 16 (seed %i)', (seed) => {
    const streams = streamOf(seed);
    const n = 400_000;
    const cells = new Float64Array(256);
    const pairs = new Float64Array(256);
    let previous = 0;
    for (let i = 0; i < n; i++) {
      const u = streams.uniform(0);
      cells[Math.floor(u * 256)] += 1;
      const nibble = Math.floor(u * 16);
      pairs[previous * 16 + nibble] += 1;
      previous = nibble;
    }
    expect(Math.abs(chiSquareScore(cells, n))).toBeLessThan(4);
    expect(Math.abs(chiSquareScore(pairs, n))).toBeLessThan(4);
  });

  it.each([1, 2, 3])('has the right mean and variance in every distribution (seed %i)', (seed) => {
    const s = streamOf(seed);
    const n = 1_000_000;
    const scores = [
      ...zScores(n, () => s.uniform(0), 1 / 2, 1 / 12, 1 / 80),
      ...zScores(n, () => s.uniform53(0), 1 / 2, 1 / 12, 1 / 80),
      ...zScores(n, () => s.exponential(0), 1, 1, 9),
      ...zScores(n, () => s.normal(0), 0, 1, 3),
    ];
    for (const z of scores) expect(Math.abs(z)).toBeLessThan(4);
  });

  it.each([1, 2, 3])(
    'follows the exponential and the normal law over their whole range (seed %i)',
    (seed) => {
      const s = streamOf(seed);
      expect(
        kolmogorov(
          300_000,
          () => s.exponential(0),
          (x) => 1 - Math.exp(-x),
        ),
      ).toBeLessThan(1.95);
      // |N| squared is chi-square with one degree; the sum of two of them over 2 is exponential.
      const pair = () => (s.normal(0) ** 2 + s.normal(0) ** 2) / 2;
      expect(kolmogorov(300_000, pair, (x) => 1 - Math.exp(-x))).toBeLessThan(1.95);
      const sign = Array.from({ length: 100_000 }, () => (s.normal(0) < 0 ? 1 : 0) as number);
      expect(Math.abs(sign.reduce((a, b) => a + b) - 50_000)).toBeLessThan(4 * Math.sqrt(25_000));
    },
  );

  it('reaches the tails beyond the ziggurat as often as it should', () => {
    const s = streamOf(9);
    const n = 1_000_000;
    let far = 0;
    let farNormal = 0;
    for (let i = 0; i < n; i++) {
      if (s.exponential(0) > 8.5) far += 1;
      if (Math.abs(s.normal(0)) > 3.8) farNormal += 1;
    }
    const expected = n * Math.exp(-8.5);
    expect(Math.abs(far - expected)).toBeLessThan(4 * Math.sqrt(expected));
    const expectedNormal = n * 1.4469609e-4;
    expect(Math.abs(farNormal - expectedNormal)).toBeLessThan(4 * Math.sqrt(expectedNormal));
  });

  it('draws integers below n without bias, also for n near 2^32', () => {
    const s = streamOf(4);
    const n = 300_000;
    const cells = new Float64Array(7);
    for (let i = 0; i < n; i++) cells[s.below(0, 7)] += 1;
    expect(Math.abs(chiSquareScore(cells, n))).toBeLessThan(4);
    const thirds = new Float64Array(3);
    for (let i = 0; i < n; i++) thirds[Math.floor(s.below(0, 3 * 2 ** 30) / 2 ** 30)] += 1;
    expect(Math.abs(chiSquareScore(thirds, n))).toBeLessThan(4);
    expect(s.below(0, 1)).toBe(0);
    expect(s.below(0, 2 ** 32)).toBeLessThan(2 ** 32);
  });

  it('is part of a snapshot', () => {
    const columns = new Columns();
    const s = new RandomStreams(columns, 2);
    const snapshot = columns.save();
    const first = [s.exponential(1), s.normal(1), s.u32(0)];
    columns.restore(snapshot);
    expect([s.exponential(1), s.normal(1), s.u32(0)]).toEqual(first);
  });
});
