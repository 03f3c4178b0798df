import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { TRACE } from '../../engine/trace.ts';
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

/** Where the messages of a producer come to stand, in order, in a topic of three partitions. */
function lanesOf(fields: Record<string, Json>, messages: number): number[] {
  const run = smallRun({
    nodes: [
      {
        id: 'p',
        kind: 'producer',
        fields: { client: 'kafka', arrivals: 'constant', keys: 'none', stopAfter: messages, ...fields },
      },
      { id: 't', kind: 'topic', fields: { partitions: 3 } },
    ],
    edges: ['p > t'],
  });
  const lanes: number[] = [];
  const { add } = run.sim.trace;
  run.sim.trace.messages = true;
  run.sim.trace.add = (at, code, ...rest) => {
    if (code === TRACE.entered) lanes.push(rest[2]);
    add.call(run.sim.trace, at, code, ...rest);
  };
  run.until(600_000);
  return lanes;
}

const same = (lanes: readonly number[]) => lanes.filter((lane, at) => lane === lanes[at - 1]).length;
const latency = (mean: number): Json => ({ shape: 'constant', mean });
/** One message is one batch. */
const small = { batchSize: 100, size: latency(100), linger: 0 };

describe('the partitioner up to 3.2 (KIP-480)', () => {
  it('goes to another partition with each new batch, however small', () => {
    const lanes = lanesOf({ partitioner: 'per-batch', linger: 0, requestLatency: latency(0) }, 300);
    expect(lanes).toHaveLength(300);
    expect(same(lanes)).toBe(0);
    for (const lane of [0, 1, 2]) expect(lanes.filter((one) => one === lane).length).toBeGreaterThan(60);
  });

  it('goes on though a full batch waits there', () => {
    const slow = { ...small, rate: 5, requestLatency: latency(1000), maxInFlight: 1 };
    expect(same(lanesOf({ ...slow, partitioner: 'per-batch', batchSize: 250 }, 100))).toBeLessThan(60);
  });

  it('stays while a message fits into the batch that waits', () => {
    const lanes = lanesOf({ partitioner: 'per-batch', rate: 1000, linger: 50, size: latency(100) }, 300);
    // Fifty milliseconds are fifty messages.
    expect(same(lanes)).toBeGreaterThan(285);
    expect(new Set(lanes).size).toBeGreaterThan(1);
  });

  it('goes by the key where there is one', () => {
    const keyed = { partitioner: 'per-batch', keys: 'uniform', keyCount: 1, linger: 0 };
    expect(new Set(lanesOf(keyed, 100)).size).toBe(1);
  });
});

it('spreads messages that have keys as if they had none, if asked to', () => {
  const keyed = { keys: 'uniform', keyCount: 1, rate: 1000, size: latency(1000) };
  expect(new Set(lanesOf(keyed, 300)).size).toBe(1);
  expect(new Set(lanesOf({ ...keyed, partitioner: 'ignore-keys' }, 300)).size).toBe(3);
});

it('prefers short lines, and does not if asked not to', () => {
  const slow = { ...small, rate: 5, requestLatency: latency(1000), maxInFlight: 1 };
  const spread = (fields: Record<string, Json>) => {
    const lanes = lanesOf({ ...slow, ...fields }, 400);
    const counts = [0, 1, 2].map((lane) => lanes.filter((one) => one === lane).length);
    return Math.max(...counts) - Math.min(...counts);
  };
  expect(spread({})).toBeLessThan(6);
  expect(spread({ adaptivePartitioning: 'off' })).toBeGreaterThan(12);
});
