import { expect, it } from 'vitest';
import { Columns } from '../../lib/columns.ts';
import { Segments } from './segments.ts';

/** A log of one partition whose messages are so large that each closes the segment before it. */
function logOf(sizes: readonly number[]): Segments {
  const segments = new Segments(new Columns(), 1);
  segments.mostBytes[0] = 1;
  sizes.forEach((bytes, at) => segments.append(0, at + 1, bytes, at));
  return segments;
}

it.each([
  [250, [100, 100, 100, 50], 1],
  [1000, [400, 400, 150], 0],
  [50, [100, 100, 50], 2],
  [1, [100, 100], 1],
])('keeping %i bytes of segments of %j deletes %i of them', (keep, sizes, deleted) => {
  const segments = logOf(sizes);
  expect(segments.deleteBefore(0, 1000, Infinity, keep, 0)).toBe(deleted);
  expect(segments.deleteBefore(0, 1000, Infinity, keep, deleted)).toBe(deleted);
});

it('keeps everything without a limit, and deletes by age beside the size', () => {
  expect(logOf([100, 100]).deleteBefore(0, 1000, Infinity, 0, 0)).toBe(0);
  expect(logOf([100, 100, 100, 50]).deleteBefore(0, 1002, 1000, 250, 0)).toBe(2);
});
