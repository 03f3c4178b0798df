import { describe, expect, it } from 'vitest';
import { compile } from '../../simulation/compile.ts';
import { GUARD, MEMBER, PARTITION } from '../../simulation/frame/frame-layout.ts';
import type { LiveRun } from '../../simulation/live-run.ts';
import type { RunResults } from '../../simulation/results/results.ts';
import { galleryEntry } from '../gallery.ts';

// Every myth is looked at by figures here, so that no change of a kind makes the gallery teach another one.

function start(name: string): LiveRun {
  const { run, problems } = compile(galleryEntry(`myth-${name}`)!.design);
  if (!run) throw new Error(JSON.stringify(problems));
  return run;
}

function at(run: LiveRun, ms: number): RunResults {
  run.advance(ms, Infinity);
  return run.results();
}

function atEnd(name: string): RunResults {
  const run = start(name);
  return at(run, run.horizonMs);
}

function frameOf(run: LiveRun): Float64Array {
  const frame = new Float64Array(run.frameSize());
  run.writeFrame(frame);
  return frame;
}

/** When the coordinator of a group entered states after a time, in order. */
function rebalance(run: LiveRun, afterMs: number, group: string) {
  run.advance(run.horizonMs, Infinity);
  return run
    .drainTrace()
    .filter((row) => row.code === 'machine' && row.node === group && row.atMs >= afterMs)
    .map(({ atMs, state, member }) => ({ atMs, state, member }));
}

describe('the truth behind', () => {
  it('more partitions: half of the keys move, and many records are done out of order', () => {
    const run = start('more-partitions');
    const { delivery: before } = at(run, 61_000).nodes.billing;
    const { orders, billing } = at(run, 120_000).nodes;
    expect(before!.reordered).toBe(0);
    expect(orders.growth).toEqual({ from: 3, to: 6, keys: 200, movedKeys: 96 });
    expect(billing.delivery!.reordered).toBeGreaterThan(60);
  });

  it('null keys: the first sixteen records are all in one of four partitions', () => {
    const run = start('null-keys');
    const perPartition = (ms: number) => {
      run.advance(ms, Infinity);
      const frame = frameOf(run);
      return [0, 1, 2, 3].map((lane) => frame[run.layout.partition(0, lane) + PARTITION.logEnd]);
    };
    expect(perPartition(4100).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 16]);
    expect(perPartition(60_000).reduce((sum, count) => sum + count)).toBe(run.results().totals.produced);
  });

  it('acks=all: two of three replicas have a record, and nobody sees it until the third is out', () => {
    const run = start('acks-all');
    const shows = (ms: number) => {
      const { nodes } = at(run, ms);
      const [partition] = nodes.orders.partitions!;
      return [partition.inSync.length, partition.logEnd, nodes.billing.in];
    };
    // The client has one connection to the leader, on which the next requests stand behind the one that waits.
    expect(shows(59_900)).toEqual([3, 400, 399]);
    expect(run.results().nodes.orders.partitions![0].highWatermark).toBe(399);
    expect(shows(70_000)).toEqual([2, 1399, 1399]);
    expect(shows(120_000)).toEqual([3, 2399, 2399]);
    expect(run.results().totals.dropped).toBe(0);
  });

  it('one commit number: a single failing record has hundreds done again', () => {
    const { delivery } = atEnd('one-number').nodes.billing;
    expect(delivery).toMatchObject({ lost: 0, forbidden: ['lost'] });
    expect(delivery!.duplicate).toBeGreaterThan(250);
  });

  it('eager: members that are well stop reading, too', () => {
    const rows = rebalance(start('eager-rebalance'), 30_000, 'counters');
    const stopped = rows.filter(({ member, state }) => (member ?? 1) > 1 && state !== 'reading');
    expect(new Set(stopped.map(({ member }) => member))).toEqual(new Set([2, 3]));
  });

  it('a slow member: the group stands still for far more than the session timeout', () => {
    const rows = rebalance(start('slow-rebalance'), 50_000, 'encoders').filter(
      ({ member }) => member === undefined,
    );
    const began = rows.findIndex(({ state }) => state === 'preparing-rebalance');
    expect(rows[began + 1].atMs - rows[began].atMs).toBeGreaterThan(12_000);
  });

  it('range: the first member reads all three topics, the others nothing', () => {
    const run = start('range-skew');
    run.advance(10_000, Infinity);
    const frame = frameOf(run);
    const partitions = [0, 1, 2].map((member) => frame[run.layout.member(0, member) + MEMBER.partitions]);
    expect(partitions).toEqual([3, 0, 0]);
    const { utilization, lag } = at(run, run.horizonMs).nodes.ledger;
    expect(utilization).toBeCloseTo(1 / 3, 1);
    expect(lag).toBeGreaterThan(1000);
  });

  it('retention: after twenty minutes nothing is gone at a retention of one minute', () => {
    const { nodes } = atEnd('retention');
    expect(nodes.readings).toMatchObject({ in: 6000, expired: 0 });
  });

  it('unroutable: one in ten is gone, and the publisher is none the wiser', () => {
    const { nodes } = atEnd('unroutable');
    expect(nodes.events.dropped / nodes.events.in).toBeCloseTo(0.1, 1);
    expect(nodes.services).toMatchObject({ heldBackMs: 0, out: nodes.events.in });
    expect(nodes.events.returned).toBe(0);
    const { confirmed, outstanding, refused } = nodes.services.publisher!;
    expect([confirmed + outstanding, refused]).toEqual([nodes.events.in, 0]);
  });

  it('a time to live: dozens of dead messages lie behind a living one', () => {
    const run = start('ttl-at-the-head');
    const { nodes } = at(run, 39_000);
    expect(nodes.mail.held, 'a second of quotes is five').toBeGreaterThan(80);
  });

  it('a delivery limit of two: dead after the third return, not after the second', () => {
    const run = start('delivery-limit');
    const deadAt = (ms: number) => at(run, ms).nodes.images.deaths?.delivery_limit;
    expect(deadAt(29_900)).toBe(0);
    expect(at(run, 29_900).nodes.resizer.in).toBe(3);
    expect(deadAt(31_000)).toBe(1);
    expect(run.results().nodes['images.dlq'].in).toBe(1);
  });

  it('given back: a classic queue stands still, a limit ends it, and without one it goes to the end', () => {
    const run = start('given-back');
    const done = (ms: number) => {
      const { nodes } = at(run, ms);
      return [1, 2, 3].map((worker) => nodes[`worker-${worker}`].acknowledged);
    };
    const before = done(10_000);
    const [classic, limited, unlimited] = done(60_000);
    expect(classic - before[0]).toBeLessThan(5);
    expect(limited).toBeGreaterThan(1150);
    expect(unlimited).toBeGreaterThan(1150);
    const { nodes } = run.results();
    expect(nodes.limited.deaths!.delivery_limit).toBe(1);
    expect(nodes.limited.queue!.redelivered).toBe(21);
    expect(nodes.classic.queue!.redelivered).toBeGreaterThan(2000);
    expect(nodes.unlimited.queue!.redelivered).toBeGreaterThan(500);
  });

  it('round and gone: what was rejected goes round for ever, what expired is dropped', () => {
    const { nodes } = atEnd('round-and-gone');
    expect(nodes.orders.dropped).toBe(0);
    expect(nodes.orders.deaths!.rejected).toBeGreaterThan(150);
    expect(nodes.offers).toMatchObject({ dropped: 19, deaths: { expired: 19 } });
    expect(nodes.shelf.deaths!.expired).toBe(19);
  });

  it('reject-publish: thousands are lost, the dead-letter queue is empty', () => {
    const { nodes } = atEnd('reject-publish');
    expect(nodes.readings.dropped).toBeGreaterThan(2500);
    expect(nodes['readings.dlq'].in).toBe(0);
  });

  it('a breaker: a hundred failed calls before it opens', () => {
    const run = start('late-breaker');
    const calls = (ms: number) => {
      run.advance(ms, Infinity);
      return frameOf(run)[run.layout.guard(0) + GUARD.attempts];
    };
    expect(calls(95_000)).toBeGreaterThanOrEqual(94);
    expect(calls(150_000)).toBe(100);
  });

  it('idle members: eight do what four can', () => {
    const { packers } = atEnd('idle-members').nodes;
    expect(packers.throughputPerSecond).toBeCloseTo(100, -1);
    expect(packers.utilization).toBeCloseTo(0.5, 1);
    expect(packers.lag).toBeGreaterThan(4000);
  });

  it('a retry aside: hundreds of records are done after a later one of their key', () => {
    const { delivery } = atEnd('retry-and-order').nodes.ledger;
    expect(delivery!.reordered).toBeGreaterThan(150);
    expect(delivery).toMatchObject({
      forbidden: ['lost', 'reordered'],
      firstViolation: { mishap: 'reordered' },
    });
  });

  it('a commit every five seconds: only who remembers does nothing twice', () => {
    const { billing, archive } = atEnd('exactly-once').nodes;
    expect(billing.delivery!.duplicate).toBeGreaterThan(50);
    expect(archive.delivery).toMatchObject({ duplicate: 0, lost: 0, firstViolation: null });
    expect(archive.delivery!.skipped).toBeGreaterThan(50);
  });

  it('a commit before the work: what is in hand is lost', () => {
    expect(atEnd('commit-first').nodes.billing.delivery).toMatchObject({ lost: 9, duplicate: 0 });
  });

  it('twice the limit: fixed cycles let two limits through at their border, a bucket does not', () => {
    const run = start('twice-the-limit');
    const { nodes, edges } = at(run, 4000);
    expect(edges['shop-a-to-by-cycles'].guard!.attempts).toBe(100);
    expect(nodes['by-cycles'].refusals!.overloaded).toBe(30);
    expect(edges['shop-b-to-by-bucket'].guard!.attempts).toBeLessThan(70);
    expect(nodes['by-bucket'].refusals!.overloaded).toBe(0);
  });

  it('commits in poll(): the crash repeats far more than five seconds of work', () => {
    const { billing } = atEnd('commits-in-poll').nodes;
    expect(billing.delivery!.duplicate).toBeGreaterThan(200);
    expect(billing.polling!.recordsPerPoll).toBeGreaterThan(10);
  });

  it('memory by the batch: send() blocks most of the time, with one part in a hundred of the memory in use', () => {
    const { sensors } = atEnd('memory-by-the-batch').nodes;
    expect(sensors.heldBackMs).toBeGreaterThan(30_000);
    expect(sensors.throughputPerSecond).toBeLessThan(100);
  });

  it('idempotence: off with acks=1, with a warning here, and messages are written and billed twice', () => {
    const { nodes, problems } = atEnd('silently-off');
    expect(nodes['shop with all'].duplicates).toBe(0);
    expect(nodes['billing a'].delivery!.duplicate).toBe(0);
    expect(nodes['shop with one'].duplicates).toBeGreaterThan(100);
    expect(nodes['billing b'].delivery!.duplicate).toBeGreaterThan(100);
    expect(problems.map(({ code }) => code)).toContain('idempotence-off');
  });

  it('an open transaction: who reads committed records reads nothing for a minute', () => {
    const run = start('held-back');
    const { billing, search } = at(run, 69_000).nodes;
    expect(search.lag).toBeLessThan(10);
    expect(billing.heldByTransactions).toBeGreaterThan(1000);
    expect(at(run, 120_000).nodes.billing.heldByTransactions).toBe(0);
  });

  it('a hot shard: one of eight is full, and the producer waits though the stream has room for all', () => {
    const { nodes } = atEnd('hot-shard');
    const { shops, clicks, counters } = nodes;
    expect(clicks.throughputPerSecond).toBeGreaterThan(1300);
    expect(clicks.throughputPerSecond).toBeLessThan(1600);
    expect(clicks.throttled).toBeGreaterThanOrEqual(55);
    expect(shops.heldBackMs).toBeGreaterThan(10_000);
    expect(counters.utilization).toBeLessThan(0.3);
  });
});
