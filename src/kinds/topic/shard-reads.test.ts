import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { TRACE, TRACE_ROW } from '../../engine/trace.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallEdge, type SmallRun } from '../../testing/small-run.ts';
import type { StreamReading } from './shard-reads.ts';

type Fields = Record<string, Json>;

const instant: Json = { shape: 'constant', mean: 0 };
const MEBIBYTE = 1_048_576;

/** A stream of one shard with so many records of one key a second, and a consumer for each of these readings. */
function stream(rate: number, size: number, readings: readonly Fields[], group: Fields = {}): SmallRun {
  const consumers = readings.map((_, at) => `g${at}`);
  return smallRun({
    nodes: [
      {
        id: 'p',
        kind: 'producer',
        fields: { arrivals: 'constant', rate, keyCount: 1, size: { shape: 'constant', mean: size } },
      },
      { id: 's', kind: 'topic', fields: { service: 'kinesis', partitions: 1 } },
      ...consumers.map((id) => ({
        id,
        kind: 'consumer-group',
        fields: { members: 1, serviceTime: instant, ...group },
      })),
    ],
    edges: ['p > s', ...consumers.map((id): SmallEdge => `s > ${id}`)],
    edgeFields: Object.fromEntries(readings.map((reading, at) => [`s > g${at}`, reading])),
  });
}

/** How each consumer has read by a time. */
function readBy(run: SmallRun, seconds: number, consumers: number): StreamReading[] {
  run.until(seconds * 1000);
  new Invariants(run.sim, run.kinds).check();
  return Array.from({ length: consumers }, (_, at) => run.kinds.topics.reads!.of(run.edge(`s > g${at}`))!);
}

/** Mean time from birth to the end of what a consumer did, in milliseconds. */
function latencyOf(run: SmallRun, id: string): number {
  return run.sim.metrics.histograms.mean(run.sim.metrics.latencyHistogram(run.node(id))) / 1000;
}

const SHARED: Fields = { reads: 'shared' };
const PUSHED: Fields = { reads: 'fan-out' };

describe('A consumer that shares the throughput of a shard', () => {
  it('calls once a second, and waits half of that for a record on average', () => {
    const run = stream(100, 100, [SHARED]);
    const [{ reads, calls, throttled }] = readBy(run, 100, 1);
    expect({ reads, throttled }).toEqual({ reads: 'shared', throttled: 0 });
    expect(Math.abs(calls - 100)).toBeLessThanOrEqual(1);
    expect(latencyOf(run, 'g0')).toBeGreaterThan(480);
    expect(latencyOf(run, 'g0')).toBeLessThan(510);
  });

  it('went on calling while there was nothing, so the first record waits for the next call as any other does', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
      const run = smallRun({
        seed,
        nodes: [
          {
            id: 'p',
            kind: 'producer',
            fields: { arrivals: 'schedule', schedule: [{ atMs: 3300, ratePerSecond: 1e6 }], stopAfter: 1 },
          },
          { id: 's', kind: 'topic', fields: { service: 'kinesis', partitions: 1 } },
          { id: 'g', kind: 'consumer-group', fields: { members: 1, serviceTime: instant } },
        ],
        edges: ['p > s', 's > g'],
      });
      run.until(5000);
      return latencyOf(run, 'g');
    });
    expect(Math.min(...waits)).toBeGreaterThan(0);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1000);
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(300);
  });

  it('is refused when it calls more than five times in a second', () => {
    const run = stream(100, 100, [{ reads: 'shared', readInterval: 100 }]);
    const [{ calls, throttled }] = readBy(run, 19.99, 1);
    expect(calls).toBeGreaterThan(70);
    expect(calls).toBeLessThanOrEqual(100);
    expect(throttled).toBeGreaterThanOrEqual(10);
  });

  it('is refused in turn with others, so that six consumers read all there is, each a little less than once a second', () => {
    const run = stream(
      100,
      100,
      Array.from({ length: 6 }, () => SHARED),
    );
    const all = readBy(run, 119.99, 6);
    const calls = all.map((one) => one.calls);
    expect(calls.reduce((sum, one) => sum + one)).toBeLessThanOrEqual(600);
    expect(Math.min(...calls)).toBeGreaterThan(75);
    expect(all.reduce((sum, { throttled }) => sum + throttled, 0)).toBeGreaterThan(100);
    for (const { records } of all) expect(records).toBeGreaterThan(11_500);
  });

  it('gets 2 MiB a second with all others together', () => {
    const two = stream(900, 1000, [SHARED, SHARED]);
    const three = stream(900, 1000, [SHARED, SHARED, SHARED]);
    for (const { records } of readBy(two, 60, 2)) expect(records).toBeGreaterThan(52_000);
    const all = readBy(three, 59.99, 3);
    const bytes = all.reduce((sum, { records }) => sum + records * 1000, 0);
    // The last call may bring more than the second has left, which the next seconds make good.
    expect(bytes).toBeLessThan(62 * 2 * MEBIBYTE);
    expect(bytes).toBeGreaterThan(50 * 2 * MEBIBYTE);
    expect(Math.min(...all.map(({ records }) => records))).toBeLessThan(48_000);
  });

  it('gets 10,000 records a call at most', () => {
    const run = stream(1000, 10, [{ reads: 'shared', readInterval: 15_000 }]);
    const [first] = readBy(run, 30, 1);
    expect(first.calls).toBe(2);
    const [second] = readBy(run, 75, 1);
    expect(second).toMatchObject({ calls: 5 });
    expect(second.records).toBeGreaterThanOrEqual(40_000);
    expect(second.records).toBeLessThanOrEqual(50_000);
    expect(second.records % 10_000).toBe(first.records % 10_000);
  });

  it('gets 10 MiB a call at most, and the shard answers nobody for five seconds then', () => {
    const run = stream(100, 10_000, [{ reads: 'shared', readInterval: 20_000 }, SHARED]);
    readBy(run, 40, 2);
    const before = readBy(run, 40, 2)[1];
    const calls: StreamReading[] = [];
    for (let second = 41; second <= 80; second++) calls.push(readBy(run, second, 2)[1]);
    const longest = Math.max(
      ...calls.map(({ calls: count }) => calls.filter((other) => other.calls === count).length),
    );
    expect(longest).toBeGreaterThanOrEqual(5);
    expect(calls.at(-1)!.throttled - before.throttled).toBeGreaterThanOrEqual(8);
  });

  it('calls again for what it had when its member crashed', () => {
    const slow = { serviceTime: { shape: 'constant', mean: 100 }, sessionTimeout: 6000 };
    const run = stream(100, 100, [{ reads: 'shared', readInterval: 60_000 }], slow);
    let second = 1;
    while (readBy(run, second, 1)[0].calls === 0) second++;
    run.kinds.inject(run.sim, run.node('g0'), 'crash', { member: 1 });
    run.until((second + 2) * 1000);
    run.kinds.heal(run.sim, run.node('g0'), 'crash', { member: 1 });
    const [{ records }] = readBy(run, second + 2, 1);
    expect(records).toBeGreaterThan(0);
    // It is back after a rebalance, and has to wait for its next call.
    expect(readBy(run, second + 50, 1)).toMatchObject([{ calls: 1, records }]);
    const [later] = readBy(run, second + 70, 1);
    expect(later.calls).toBe(2);
    expect(later.records).toBeGreaterThan(records + 50);
  });
});

describe('A consumer with enhanced fan-out', () => {
  it('has each record 70 ms after it was written, and makes no calls', () => {
    const run = stream(100, 100, [PUSHED]);
    const [{ reads, calls, throttled }] = readBy(run, 20, 1);
    expect({ reads, calls, throttled }).toEqual({ reads: 'fan-out', calls: 0, throttled: 0 });
    expect(latencyOf(run, 'g0')).toBeCloseTo(70, 0);
  });

  it('has 2 MiB a second of a shard for itself, whatever others read', () => {
    const all = readBy(stream(900, 1000, [PUSHED, PUSHED, PUSHED, SHARED]), 60, 4);
    for (const { records } of all) expect(records).toBeGreaterThan(52_000);
  });

  it('gets no more than 2 MiB a second when it has to catch up', () => {
    const run = stream(900, 1000, [PUSHED], { members: 1 });
    run.kinds.inject(run.sim, run.node('g0'), 'crash', { member: 1 });
    run.until(60_000);
    run.kinds.heal(run.sim, run.node('g0'), 'crash', { member: 1 });
    let before = readBy(run, 62, 1)[0].records;
    for (let second = 63; second <= 80; second++) {
      const [{ records }] = readBy(run, second, 1);
      expect((records - before) * 1000).toBeLessThanOrEqual(2 * MEBIBYTE + 1000);
      before = records;
    }
    expect(before * 1000).toBeGreaterThan(15 * 2 * MEBIBYTE);
  });
});

it('pushes a record as late as any other when it comes behind the marker of a transaction', () => {
  const run = smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 100, stopAfter: 100 } },
      { id: 'in', kind: 'topic', fields: { partitions: 1 } },
      {
        id: 'copies',
        kind: 'consumer-group',
        fields: { members: 1, polling: 'batch', commit: 'transaction', transactionTime: 40 },
      },
      { id: 's', kind: 'topic', fields: { service: 'kinesis', partitions: 1 } },
      { id: 'g', kind: 'consumer-group', fields: { members: 1, serviceTime: instant } },
    ],
    edges: ['p > in', 'in > copies', 'copies > s', 's > g'],
    edgeFields: { 's > g': PUSHED },
  });
  const { trace } = run.sim;
  trace.messages = true;
  run.until(5000);
  const { values } = trace.rows.read(0);
  const writtenAt = new Map<number, number>();
  const waits: number[] = [];
  for (let at = 0; at < values.length; at += TRACE_ROW.size) {
    const [time, code, node, a] = values.subarray(at, at + TRACE_ROW.size);
    if (code === TRACE.entered && node === run.node('s')) writtenAt.set(a, time);
    if (code === TRACE.acknowledged && node === run.node('g')) waits.push(time - writtenAt.get(a)!);
  }
  expect([waits.length, Math.min(...waits)]).toEqual([100, 70_000]);
});
