import { METRIC } from '../../engine/metrics.ts';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { murmur2, partitionForKey } from '../../lib/murmur2.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallEdge, type SmallRun } from '../../testing/small-run.ts';

interface Setup {
  producer?: Record<string, Json>;
  topic?: Record<string, Json>;
  group?: Record<string, Json>;
  readers?: string[];
}

const constant = (mean: number): Json => ({ shape: 'constant', mean });

/** A producer, a topic `t` (node 1), and groups that read it. */
function topic({ producer, topic: fields, group, readers = [] }: Setup): SmallRun {
  return smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, ...producer } },
      { id: 't', kind: 'topic', fields },
      ...readers.map((id) => ({ id, kind: 'consumer-group', fields: group })),
    ],
    edges: ['p > t', ...readers.map((id): SmallEdge => `t > ${id}`)],
  });
}

function ends(run: SmallRun): number[] {
  const count = run.kinds.logs.partitions(1);
  return Array.from({ length: count }, (_, lane) => run.kinds.logs.logEnd(1, lane));
}

describe('a topic', () => {
  it('sends a key to the partition that the Java client would choose', () => {
    const run = topic({ producer: { keys: 'uniform', keyCount: 1 }, topic: { partitions: 12 } });
    run.until(50);
    const lane = partitionForKey(murmur2(new TextEncoder().encode('key-0')), 12);
    expect(ends(run)[lane]).toBe(50);
  });

  it('fills one partition with messages without a key until the bytes are reached', () => {
    const run = topic({
      producer: { keys: 'none', size: constant(1000) },
      topic: { partitions: 50, stickyBytes: 16_384 },
    });
    run.until(17);
    expect(ends(run).filter((end) => end > 0)).toEqual([17]);
    run.until(17 * 40);
    expect(ends(run).every((end) => end % 17 === 0)).toBe(true);
    expect(ends(run).filter((end) => end > 0).length).toBeGreaterThan(20);
  });

  it('lets every group read every message, and counts the copies', () => {
    const run = topic({ readers: ['a', 'b', 'c'], group: { serviceTime: constant(0) } });
    run.until(100);
    const { metrics } = run.sim;
    expect([metrics.produced, metrics.copied]).toEqual([100, 200]);
    expect([2, 3, 4].map((node) => metrics.of(node, METRIC.acknowledged))).toEqual([100, 100, 100]);
    expect(run.kinds.topics.records(1)).toBe(0);
  });

  it('keeps a record until the slowest group has committed it', () => {
    const run = topic({
      producer: { stopAfter: 30 },
      readers: ['a', 'b'],
      group: { serviceTime: constant(1) },
    });
    run.kinds.inject(run.sim, run.node('b'), 'slow', { factor: 1000 });
    run.until(1000);
    expect(run.sim.metrics.of(2, METRIC.acknowledged)).toBe(30);
    expect(run.kinds.topics.records(1)).toBe(30);
    new Invariants(run.sim, run.kinds).check();
  });

  it('keeps order within a partition', () => {
    const run = topic({ producer: { stopAfter: 200 }, topic: { partitions: 1 }, readers: ['a'] });
    run.sim.trace.messages = true;
    run.until(60_000);
    const { values } = run.sim.trace.rows.read(0);
    const done = Array.from({ length: values.length / 6 }, (_, row) => values.slice(row * 6, row * 6 + 6))
      .filter((row) => row[1] === 25)
      .map((row) => row[3]);
    expect(done).toEqual(Array.from({ length: 200 }, (_, serial) => serial));
  });
});

describe('retention', () => {
  it('is checked every five minutes and deletes what nobody reads', () => {
    const run = topic({ producer: { stopAfter: 10 }, topic: { partitions: 1, retention: 1000 } });
    run.until(299_999);
    expect(run.sim.metrics.of(1, METRIC.expired)).toBe(0);
    run.until(300_000);
    expect(run.sim.metrics.of(1, METRIC.expired)).toBe(10);
    expect(run.kinds.held(run.sim, 1)).toBe(0);
  });

  it('keeps a log whose segment still grows, however old its first message is', () => {
    const run = topic({ producer: { rate: 1 }, topic: { partitions: 1, retention: 1500 } });
    run.until(300_000);
    expect(run.sim.metrics.of(1, METRIC.expired)).toBe(0);
  });

  it('does not wait for a group that is behind, which then reads on from the start of the log', () => {
    const run = topic({
      producer: { stopAfter: 10 },
      topic: { partitions: 1, retention: 1000 },
      readers: ['a'],
      group: { members: 1, serviceTime: constant(200_000) },
    });
    run.until(300_000);
    const { metrics } = run.sim;
    // One is done, one in hand, eight were unread.
    expect([metrics.of(2, METRIC.acknowledged), metrics.of(1, METRIC.expired)]).toEqual([1, 8]);
    expect(run.kinds.logs.logEnd(1, 0) - run.kinds.groups.committed(2, 1, 0)).toBe(0);
    run.until(400_001);
    expect(metrics.of(2, METRIC.acknowledged)).toBe(2);
    new Invariants(run.sim, run.kinds).check();
  });

  it('sends a group that missed the start of the log to its end, if its policy is latest', () => {
    const run = topic({
      producer: { rate: 0.05, stopAfter: 25 },
      topic: { partitions: 1, retention: 1000, segmentBytes: 5000 },
      readers: ['a'],
      group: { members: 1, serviceTime: constant(650_000), offsetReset: 'latest' },
    });
    run.until(600_000);
    // Of the 25 records, 5 are left in the youngest segment: the first is in work, the others are skipped.
    const [start, end] = [run.kinds.topics.logStart(1, 0), run.kinds.topics.logEnd(1, 0)];
    const edge = run.edge('t > a');
    expect([start > 0, run.kinds.topics.position(edge, 0)]).toEqual([true, end]);
    new Invariants(run.sim, run.kinds).check();
  });

  it('ends what a member had in hand when it dies after the record was deleted', () => {
    const run = topic({
      producer: { stopAfter: 1 },
      topic: { partitions: 1, retention: 1000 },
      readers: ['a'],
      group: { members: 1, serviceTime: constant(900_000) },
    });
    run.until(400_000);
    run.kinds.inject(run.sim, run.node('a'), 'crash', { member: 1 });
    run.kinds.heal(run.sim, run.node('a'), 'crash', { member: 1 });
    run.until(500_000);
    expect([run.sim.metrics.of(1, METRIC.expired), run.sim.metrics.copied]).toEqual([1, 0]);
    new Invariants(run.sim, run.kinds).check();
  });

  it('deletes by size whole segments without which enough is left, and counts what nobody had read', () => {
    const run = topic({
      producer: { rate: 10, stopAfter: 100, size: constant(100) },
      topic: { partitions: 1, segmentBytes: 1000, retentionBytes: 2500 },
      readers: ['a'],
      group: { members: 1, serviceTime: constant(1_000_000) },
    });
    run.until(299_999);
    expect(run.kinds.logs.logEnd(1, 0)).toBe(100);
    run.until(300_000);
    // Ten segments of ten: three are kept, as two would be fewer than 2,500 bytes; the first record is in hand.
    expect(run.kinds.topics.logStart(1, 0)).toBe(70);
    expect(run.sim.metrics.of(1, METRIC.expired)).toBe(69);
    new Invariants(run.sim, run.kinds).check();
  });

  it('closes a segment at one gibibyte', () => {
    const run = topic({
      producer: { rate: 10, size: constant(200_000_000) },
      topic: { partitions: 1, retention: 1000 },
    });
    run.until(300_000);
    // Five messages a segment; the segment of the last second is still open.
    expect(run.sim.metrics.of(1, METRIC.expired) % 5).toBe(0);
    expect(run.kinds.held(run.sim, 1)).toBeLessThanOrEqual(20);
  });
});
