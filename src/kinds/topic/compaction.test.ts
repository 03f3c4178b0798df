import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { Columns } from '../../lib/columns.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';
import { Compaction } from './compaction.ts';

const [a, b, c] = [0, 1, 2];

/** The log of the cleaning example: a=1, b=1, a=2, c=1, b=null, all in closed segments. */
function log(): Compaction {
  const compaction = new Compaction(new Columns(), 1, 1000);
  [a, b, a, c, b].forEach((key, offset) => {
    compaction.append(0, { offset, key, bytes: 10, isTombstone: offset === 4, transaction: 0 });
  });
  return compaction;
}

function clean(
  compaction: Compaction,
  now: number,
  until = 5,
  mustStay = (_offset: number) => false,
): number[] {
  const removed: number[] = [];
  compaction.clean(0, {
    now,
    until,
    leastDirty: 0.5,
    tombstonesFor: 1000,
    mustStay,
    removed: (offset) => removed.push(offset),
  });
  return removed;
}

describe('cleaning', () => {
  it('keeps the last record of each key at its offset, a tombstone too', () => {
    const compaction = log();
    expect(clean(compaction, 0)).toEqual([0, 1]);
    expect(compaction.offsets(0)).toEqual([2, 3, 4]);
    expect(compaction.content(0)).toEqual({ records: 3, bytes: 30, tombstones: 1 });
  });

  it('removes a tombstone at a cleaning later than its retention', () => {
    const compaction = log();
    clean(compaction, 0);
    const more = (from: number) => {
      for (let i = 0; i < 4; i++) {
        compaction.append(0, { offset: from + i, key: c, bytes: 10, isTombstone: false, transaction: 0 });
      }
    };
    more(5);
    clean(compaction, 1000, 9);
    expect(compaction.offsets(0)).toEqual([2, 4, 8]);
    more(9);
    clean(compaction, 1001, 13);
    expect(compaction.offsets(0)).toEqual([2, 12]);
  });

  it('never touches the active segment, and waits until more than half is dirty', () => {
    const compaction = log();
    expect(clean(compaction, 0, 2)).toEqual([]);
    expect(clean(compaction, 0, 3)).toEqual([]);
    expect(clean(compaction, 0, 4)).toEqual([]);
    expect(compaction.offsets(0)).toEqual([0, 1, 2, 3, 4]);
    expect(clean(log(), 0, 3)).toEqual([0]);
  });

  it('leaves what a reader has in hand for another time, and what has no key', () => {
    const compaction = log();
    compaction.append(0, { offset: 5, key: -1, bytes: 10, isTombstone: false, transaction: 0 });
    compaction.append(0, { offset: 6, key: -1, bytes: 10, isTombstone: false, transaction: 0 });
    expect(clean(compaction, 0, 7, (offset) => offset === 0)).toEqual([1]);
    expect(compaction.offsets(0)).toEqual([0, 2, 3, 4, 5, 6]);
  });

  it('takes no record of an aborted transaction for the value of its key', () => {
    const compaction = new Compaction(new Columns(), 1, 1000);
    compaction.append(0, { offset: 0, key: a, bytes: 10, isTombstone: false, transaction: 0 });
    compaction.append(0, { offset: 1, key: a, bytes: 10, isTombstone: false, transaction: 7 });
    compaction.abort(0, 7, 1);
    clean(compaction, 0, 2);
    expect(compaction.offsets(0)).toEqual([0]);
  });
});

describe('a compacted topic', () => {
  const lagging = (topic: Record<string, Json>, producer: Record<string, Json> = {}): SmallRun => {
    const size = { shape: 'constant', mean: 100 };
    return smallRun({
      nodes: [
        {
          id: 'p',
          kind: 'producer',
          fields: { arrivals: 'constant', rate: 10, stopAfter: 105, keyCount: 2, size, ...producer },
        },
        { id: 't', kind: 'topic', fields: { partitions: 1, segmentBytes: 1000, ...topic } },
        {
          id: 'g',
          kind: 'consumer-group',
          fields: { members: 1, serviceTime: { shape: 'constant', mean: 12_000 } },
        },
      ],
      edges: ['p > t', 't > g'],
    });
  };

  it('shows a group that is behind the last record of each key, and all of the active segment', () => {
    const run = lagging({ cleanup: 'compact' });
    run.until(15_000);
    // The first record is done, the second in hand; the active segment has the last five.
    const { records, removed } = run.kinds.topics.cleaner!.content(1)!;
    expect([records + removed, run.kinds.topics.logEnd(1, 0)]).toEqual([105, 105]);
    expect(records).toBeLessThanOrEqual(8);
    run.until(200_000);
    const { metrics } = run.sim;
    expect(run.kinds.topics.committed(run.edge('t > g'), 0)).toBe(105);
    expect(metrics.of(2, METRIC.acknowledged) + metrics.of(1, METRIC.expired)).toBe(105);
    expect(metrics.of(2, METRIC.acknowledged)).toBeLessThanOrEqual(9);
    new Invariants(run.sim, run.kinds).check();
  });

  it('keeps everything if it is not compacted', () => {
    const run = lagging({});
    run.until(15_000);
    expect(run.kinds.topics.cleaner).toBe(null);
  });

  it('has tombstones, for as long as they are kept', () => {
    const run = lagging({ cleanup: 'compact', deleteRetention: 0 }, { tombstoneShare: 1, stopAfter: 400 });
    run.until(16_000);
    expect(run.kinds.topics.cleaner!.content(1)!.tombstones).toBeGreaterThan(0);
    run.until(60_000);
    // Cleaned twice: only the active segment and the last cleaning's are left.
    expect(run.kinds.topics.cleaner!.content(1)!.records).toBeLessThan(200);
    new Invariants(run.sim, run.kinds).check();
  });
});
