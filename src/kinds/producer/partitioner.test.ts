import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { smallRun } from '../../testing/small-run.ts';
import { loadTable, turnIsOver } from './partitioner.ts';

describe('the partition of a message without a key', () => {
  it.each([
    [
      [0, 3, 1],
      [4, 5, 8],
    ],
    [
      [5, 0, 3, 0, 1],
      [1, 7, 10, 16, 21],
    ],
    [
      [9, 0],
      [1, 11],
    ],
    [
      [0, 0, 0, 1],
      [2, 4, 6, 7],
    ],
    [[1, 1, 1], null],
    [[3], null],
  ])('is weighted by queues %j as %j (BuiltInPartitioner)', (lengths, table) => {
    expect(loadTable(lengths)).toEqual(table);
  });

  it.each([
    [16_383, true, false],
    [16_384, true, true],
    [16_384, false, false],
    [32_767, false, false],
    [32_768, false, true],
  ])('changes after %i bytes, batches full: %s', (bytes, allFull, isOver) => {
    expect(turnIsOver(bytes, 16_384, allFull)).toBe(isOver);
  });

  it('is the same for one to two batches of bytes, however small the batches are that leave', () => {
    const size = { shape: 'constant', mean: 1000 } as Json;
    const client = { client: 'kafka', linger: 0, requestLatency: { shape: 'constant', mean: 0 } };
    const run = smallRun({
      nodes: [
        {
          id: 'p',
          kind: 'producer',
          fields: { arrivals: 'constant', rate: 1000, keys: 'none', size, ...client },
        },
        { id: 't', kind: 'topic', fields: { partitions: 6 } },
      ],
      edges: ['p > t'],
    });
    run.until(1000);
    const ends = Array.from({ length: 6 }, (_, lane) => run.kinds.logs.logEnd(1, lane));
    expect(ends.filter((end) => end > 0).length).toBe(6);
    // Batches of one record are never full, so a turn takes twice the bytes: 33 records.
    expect(ends.filter((end) => end % 33 !== 0).length).toBeLessThanOrEqual(1);
  });
});

it('places messages one after another with round robin, whatever their key', () => {
  const run = smallRun({
    nodes: [
      {
        id: 'p',
        kind: 'producer',
        fields: { client: 'kafka', partitioner: 'round-robin', keys: 'uniform', keyCount: 1, stopAfter: 9 },
      },
      { id: 't', kind: 'topic', fields: { partitions: 3 } },
    ],
    edges: ['p > t'],
  });
  run.until(10_000);
  expect([0, 1, 2].map((lane) => run.kinds.logs.logEnd(1, lane))).toEqual([3, 3, 3]);
});
