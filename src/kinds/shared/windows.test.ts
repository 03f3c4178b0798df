import { expect, it } from 'vitest';
import { windowStarts } from './windows.ts';

// TimeWindows of Kafka Streams, run.
it('puts a timestamp into one tumbling window', () => {
  const starts = [0, 9999, 10_000, 59_999].map((at) => windowStarts(10_000, 10_000, at));
  expect(starts).toEqual([[0], [0], [10_000], [50_000]]);
});

it('puts a timestamp into every hopping window that holds it', () => {
  expect(windowStarts(10_000, 5000, 12_000)).toEqual([5000, 10_000]);
  expect(windowStarts(10_000, 3000, 12_000)).toEqual([3000, 6000, 9000, 12_000]);
});

it('knows no window that begins before 0', () => {
  expect(windowStarts(10_000, 5000, 4999)).toEqual([0]);
  expect(windowStarts(10_000, 5000, 0)).toEqual([0]);
  expect(windowStarts(10_000, 5000, -1)).toEqual([]);
});
