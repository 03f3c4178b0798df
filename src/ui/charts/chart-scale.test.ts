import { expect, it } from 'vitest';
import { newDesign } from '../../design/new-design.ts';
import type { PlanShape } from '../../simulation/frame/frame-layout.ts';
import { axisEndMs, axisTimes, linearRange, logRange, sampleAt } from './chart-scale.ts';
import { stripsFor } from './strips.ts';

it('A linear strip starts at 0 and ends at a round value above all others.', () => {
  expect([linearRange([]), linearRange([0, 196, NaN]), linearRange([3393])]).toEqual([
    [0, 1],
    [0, 200],
    [0, 4000],
  ]);
});

it('A logarithmic strip shows whole decades, at least one.', () => {
  expect([logRange([]), logRange([12, 900, 0, NaN]), logRange([100, 100])]).toEqual([
    [1, 1000],
    [10, 1000],
    [100, 1000],
  ]);
});

it('The axis has round times, and few of them.', () => {
  expect(axisTimes(60_000)).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
  for (const horizonMs of [1, 50, 600_000, 86_400_000, 31_536_000_000]) {
    const times = axisTimes(horizonMs);
    expect(times.length).toBeGreaterThan(1);
    expect(times.length).toBeLessThan(16);
  }
});

it('The axis of a young run ends before the horizon, but after what has run and the next planned fault.', () => {
  expect(axisEndMs(10_000, 600_000)).toBe(60_000);
  expect(axisEndMs(58_000, 600_000)).toBe(120_000);
  expect(axisEndMs(10_000, 600_000, 100_000)).toBe(120_000);
  expect(axisEndMs(599_000, 600_000)).toBe(600_000);
  expect(axisEndMs(0, 30_000)).toBe(30_000);
});

it('The sample under the head is the last one at or before it.', () => {
  expect([sampleAt([0, 10, 20], 15), sampleAt([0, 10, 20], 20), sampleAt([5], 4), sampleAt([], 1)]).toEqual([
    1, 2, -1, -1,
  ]);
});

const shape: PlanShape = {
  nodes: [
    { id: 'billing', kind: 'consumer-group' },
    { id: 'dlq', kind: 'dead-letter-queue' },
    { id: 'jobs', kind: 'queue' },
    { id: 'web', kind: 'producer' },
  ],
  edges: [{ id: 'failed', from: 0, to: 1 }],
  topics: [],
  groups: [{ node: 0, members: 3 }],
  guards: [],
};

const labelsOf = (selected: string[]) =>
  stripsFor(newDesign('Orders'), shape, new Set(selected)).map((strip) =>
    strip.series.map((series) => series.label),
  );

it('Without a selection the strips show the whole design, with a line for each group and queue.', () => {
  expect(labelsOf([])).toEqual([
    ['done by all groups', 'in'],
    ['billing', 'jobs'],
    ['p50', 'p95', 'p99'],
    ['all'],
  ]);
});

it('A selection has the strips for itself, and lines of one strip differ by dash.', () => {
  expect(labelsOf(['jobs', 'billing'])).toEqual([
    ['billing', 'jobs'],
    ['billing', 'jobs'],
    ['p50', 'p95', 'p99'],
    ['dlq'],
  ]);
  for (const strip of stripsFor(newDesign('Orders'), shape, new Set())) {
    expect(new Set(strip.series.map((series) => series.dash)).size).toBe(strip.series.length);
  }
});

it('A goal is drawn in the strip it speaks of.', () => {
  const design = {
    ...newDesign('Orders'),
    goals: [{ id: 'g', figure: 'latencyMsP99' as const, atMost: 2000 }],
  };
  const latency = stripsFor(design, shape, new Set()).find((strip) => strip.id === 'latency');
  expect(latency?.goals).toEqual([{ value: 2000, text: 'goal: p99 latency at most 2 s' }]);
});
