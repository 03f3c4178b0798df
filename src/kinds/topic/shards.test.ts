import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { sketched } from '../../gallery/sketch.ts';
import { compile } from '../../simulation/compile.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';
import { shardOf } from './shards.ts';

type Fields = Record<string, Json>;

/** So many records at once, of one key, to a stream that a group reads. */
function burst(count: number, producer: Fields = {}, partitions = 1): SmallRun {
  const schedule = [{ atMs: 0, ratePerSecond: 1e7 }];
  const once = { arrivals: 'schedule', schedule, stopAfter: count, keyCount: 1 };
  return smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { ...once, size: { shape: 'constant', mean: 100 }, ...producer } },
      { id: 's', kind: 'topic', fields: { service: 'kinesis', partitions } },
      { id: 'g', kind: 'consumer-group', fields: { serviceTime: { shape: 'constant', mean: 0 } } },
    ],
    edges: ['p > s', 's > g'],
  });
}

function writtenBy(run: SmallRun, second: number): number {
  run.until(second * 1000);
  new Invariants(run.sim, run.kinds).check();
  return run.sim.metrics.of(run.node('s'), METRIC.in);
}

const refused = (run: SmallRun) => run.kinds.topics.shards!.refusedBy(run.node('s'));

describe('a shard of Kinesis', () => {
  it('takes 1,000 records in a second, and refuses the 1,001st until the next begins', () => {
    const run = burst(1001);
    expect([writtenBy(run, 0.999), refused(run)]).toEqual([1000, 1]);
    expect([writtenBy(run, 1), refused(run)]).toEqual([1001, 1]);
    expect(run.sim.transfers.heldTime(run.node('p'), run.sim.now)).toBeGreaterThan(990_000);
  });

  it('takes a mebibyte in a second, if that is less', () => {
    const run = burst(25, { size: { shape: 'constant', mean: 100_000 } });
    expect([writtenBy(run, 0.9), writtenBy(run, 1.9), writtenBy(run, 2.9)]).toEqual([10, 20, 25]);
  });

  it('is hot with a single key, while keys of many shards have room in all of them', () => {
    const hot = burst(8000, {}, 4);
    const spread = burst(8000, { keyCount: 100_000 }, 4);
    expect(writtenBy(hot, 1.9)).toBe(2000);
    // Evenly spread but for chance, so that one shard is full a little earlier than the rest.
    expect(writtenBy(spread, 1.9)).toBeGreaterThan(7200);
  });

  it('holds nobody back who writes to another', () => {
    const constant = (mean: number) => ({ shape: 'constant', mean });
    const once = { arrivals: 'schedule', schedule: [{ atMs: 0, ratePerSecond: 1e7 }], size: constant(100) };
    const run = smallRun({
      nodes: [
        { id: 'hot', kind: 'producer', fields: { ...once, stopAfter: 3000, keyCount: 1 } },
        {
          id: 'calm',
          kind: 'producer',
          fields: { arrivals: 'constant', rate: 100, keyCount: 1000, size: constant(100) },
        },
        { id: 's', kind: 'topic', fields: { service: 'kinesis', partitions: 64 } },
        { id: 'g', kind: 'consumer-group', fields: { serviceTime: constant(0) } },
      ],
      edges: ['hot > s', 'calm > s', 's > g'],
    });
    run.until(2900);
    // A few of 290 have the shard of the hot key, and their producer waits with those.
    expect(run.sim.metrics.of(run.node('s'), METRIC.in)).toBeGreaterThan(3000);
    expect(run.sim.metrics.of(run.node('calm'), METRIC.out)).toBeGreaterThan(200);
  });

  it('is that which has the MD5 of the key in its part of the range', () => {
    expect([0, 0x3fffffff, 0x40000000, 0xffffffff].map((hash) => shardOf(hash, 4))).toEqual([0, 0, 1, 3]);
    // MD5 of key-0, and 5 shards of 3333 3333 hex each.
    const run = burst(3, {}, 5);
    writtenBy(run, 0.1);
    const head = 0xb4428b7e;
    const lanes = [0, 1, 2, 3, 4].map((lane) => run.kinds.topics.logEnd(run.node('s'), lane));
    expect(lanes.indexOf(3)).toBe(Math.floor(head / 0x33333333));
  });
});

it('a design in which another kind of node has a stray field of streams has results, and no shards', () => {
  const { run } = compile(
    sketched({
      name: 'Stray',
      nodes: {
        p: { kind: 'producer', at: [0, 0] },
        q: { kind: 'queue', at: [200, 0], fields: { service: 'kinesis' } },
      },
      edges: ['p > q'],
      horizonMs: 1000,
    }),
  );
  expect(run!.results().nodes.q.throttled).toBeNull();
});
