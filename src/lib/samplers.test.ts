import { expect, it } from 'vitest';
import { Columns } from './columns.ts';
import { RandomStreams } from './random.ts';
import { Samplers } from './samplers.ts';
import type { SamplerSpec } from './samplers.ts';

const n = 400_000;

function setUp(spec: SamplerSpec, seed = 1) {
  const columns = new Columns();
  const streams = new RandomStreams(columns, 1);
  streams.seed(0, seed, 'node', 'service');
  const samplers = new Samplers(columns, 1);
  const index = samplers.add(spec);
  return { columns, samplers, index, draw: () => samplers.sample(index, streams, 0) };
}

/** Distance of the sample mean from the stated one in standard errors, taken from the sample's own variance. */
function meanScore(count: number, draw: () => number, mean: number): number {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const x = draw();
    sum += x;
    squares += x * x;
  }
  const variance = squares / count - (sum / count) ** 2;
  return (sum / count - mean) / Math.sqrt(variance / count);
}

/** Spec, mean and variance from the textbook. */
const MOMENTS: readonly [SamplerSpec, number, number][] = [
  [{ shape: 'exponential', mean: 4 }, 4, 16],
  [{ shape: 'uniform', min: 2, max: 10 }, 6, 64 / 12],
  [{ shape: 'normal', mean: 50, sd: 5 }, 50, 25],
  [{ shape: 'log-normal', mean: 20, cv: 0.5 }, 20, 100],
  [{ shape: 'erlang', mean: 12, k: 4 }, 12, 36],
  [{ shape: 'pareto', min: 3, alpha: 6 }, 3.6, 0.54],
  [{ shape: 'empirical', values: [1, 2, 2, 7] }, 3, 5.5],
];

it.each(MOMENTS)('%j has its mean and variance', (spec, mean, variance) => {
  for (const seed of [1, 2, 3]) {
    const { samplers, index, draw } = setUp(spec, seed);
    expect(samplers.mean(index)).toBeCloseTo(mean, 10);
    expect(Math.abs(meanScore(n, draw, mean))).toBeLessThan(4);
    const squaredDistance = () => (draw() - mean) ** 2;
    expect(Math.abs(meanScore(n, squaredDistance, variance))).toBeLessThan(4);
  }
});

it('truncates a normal and a uniform at zero and states the mean of what it draws', () => {
  for (const spec of [
    { shape: 'normal', mean: 1, sd: 2 },
    { shape: 'normal', mean: -3, sd: 2 },
    { shape: 'uniform', min: -1, max: 3 },
  ] satisfies SamplerSpec[]) {
    const { samplers, index, draw } = setUp(spec);
    let least = Infinity;
    for (let i = 0; i < 1000; i++) least = Math.min(least, draw());
    expect(least).toBe(0);
    expect(Math.abs(meanScore(n, draw, samplers.mean(index)))).toBeLessThan(4);
  }
});

it('draws a constant without randomness, and nothing negative', () => {
  expect(setUp({ shape: 'constant', mean: 7 }).draw()).toBe(7);
  expect(setUp({ shape: 'constant', mean: -7 }).draw()).toBe(0);
  expect(setUp({ shape: 'normal', mean: 3, sd: 0 }).draw()).toBe(3);
  expect(setUp({ shape: 'log-normal', mean: 0, cv: 1 }).draw()).toBe(0);
  expect(setUp({ shape: 'log-normal', mean: 5, cv: 0 }).draw()).toBeCloseTo(5, 12);
});

it('has an infinite mean for a Pareto with alpha of at most 1, and never draws below its least', () => {
  const { samplers, index, draw } = setUp({ shape: 'pareto', min: 3, alpha: 1 });
  expect(samplers.mean(index)).toBe(Infinity);
  for (let i = 0; i < 1000; i++) expect(draw()).toBeGreaterThanOrEqual(3);
});

it('takes a live change and a scale from the next draw on', () => {
  const { samplers, index, draw } = setUp({ shape: 'constant', mean: 2 });
  samplers.scale(index, 10);
  expect(draw()).toBe(20);
  samplers.replace(index, { shape: 'constant', mean: 3 });
  expect(draw()).toBe(30);
  expect(samplers.mean(index)).toBe(30);
  samplers.scale(index, 1);
  expect(draw()).toBe(3);
});

it('does not use more memory for each live change of an empirical one', () => {
  const { columns, samplers, index } = setUp({ shape: 'empirical', values: [1, 2, 3, 4] });
  const bytes = columns.bytes();
  for (let i = 0; i < 100; i++)
    samplers.replace(index, { shape: 'empirical', values: i % 2 ? [5, 6] : [1, 2, 3, 4] });
  expect(columns.bytes()).toBe(bytes);
  expect(samplers.mean(index)).toBe(5.5);
});

it('grows with the number of samplers', () => {
  const samplers = new Samplers(new Columns(), 1);
  for (let i = 0; i < 100; i++) expect(samplers.add({ shape: 'constant', mean: i })).toBe(i);
  for (let i = 0; i < 100; i++) expect(samplers.mean(i)).toBe(i);
});
