import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';

interface Setup {
  producer?: Record<string, Json>;
  topic?: Record<string, Json>;
  cluster?: Record<string, Json>;
}

const constant = (mean: number): Json => ({ shape: 'constant', mean });

/** A Kafka client, a topic of one partition on three brokers, and a group that reads it; round trips of 10 ms. */
function cluster({ producer, topic, cluster: fields }: Setup = {}): SmallRun {
  const usual = { arrivals: 'constant', rate: 10, client: 'kafka', linger: 0, requestLatency: constant(10) };
  return smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { ...usual, ...producer } },
      { id: 't', kind: 'topic', fields: { partitions: 1, replicationFactor: 3, minInsync: 2, ...topic } },
      { id: 'g', kind: 'consumer-group', fields: { members: 1, serviceTime: constant(0) } },
      { id: 'k', kind: 'broker-cluster', fields: { roundTrip: 10, ...fields } },
    ],
    edges: ['p > t', 't > g', 't.cluster > k'],
  });
}

function inject(run: SmallRun, fault: string, args: Record<string, Json>): void {
  run.kinds.inject(run.sim, run.node('k'), fault, args);
}

function heal(run: SmallRun, fault: string, args: Record<string, Json>): void {
  run.kinds.heal(run.sim, run.node('k'), fault, args);
}

function check(run: SmallRun): void {
  new Invariants(run.sim, run.kinds).check();
}

const inFlight = (run: SmallRun) => run.kinds.producers.clients!.reservedBytes(0) / 16_384;
const read = (run: SmallRun) => run.sim.metrics.of(2, METRIC.acknowledged);
const end = (run: SmallRun) => run.kinds.logs.logEnd(1, 0);

describe('acknowledgements of a cluster', () => {
  it.each([
    // Half the way there, for all the replicas to pull and ask again, half the way back.
    ['all', 120],
    ['leader', 110],
    ['none', 100],
  ])('with acks=%s come when they should: after %i ms', (acks, answered) => {
    const run = cluster({ producer: { acks, stopAfter: 1 } });
    run.until(answered - 0.1);
    expect(inFlight(run)).toBe(acks === 'none' ? 0 : 1);
    run.until(answered);
    expect(inFlight(run)).toBe(0);
    check(run);
  });

  it('with acks=all wait for every replica in sync, not for min.insync.replicas of them', () => {
    const run = cluster({ producer: { stopAfter: 1 } });
    inject(run, 'slow-follower', { broker: 3, delay: 5000 });
    run.until(5000);
    expect([end(run), inFlight(run), read(run)]).toEqual([1, 1, 0]);
    run.until(5120);
    expect([end(run), inFlight(run), read(run)]).toEqual([1, 0, 1]);
  });

  it('are refused before anything is written when too few replicas are in sync', () => {
    const run = cluster({ producer: { rate: 1 } });
    inject(run, 'lose-broker', { broker: 2 });
    inject(run, 'lose-broker', { broker: 3 });
    run.until(9000);
    run.until(10_000);
    const written = end(run);
    run.until(20_000);
    expect(end(run)).toBe(written);
    expect(run.sim.metrics.of(0, METRIC.retries)).toBeGreaterThan(0);
    check(run);
    heal(run, 'lose-broker', { broker: 2 });
    run.until(25_000);
    expect(end(run)).toBeGreaterThanOrEqual(24);
    expect(run.sim.metrics.of(0, METRIC.dropped)).toBe(0);
    check(run);
  });

  it('with acks=leader come although one replica alone is left, and are lost with it', () => {
    const run = cluster({ producer: { acks: 'leader', rate: 1 }, cluster: { uncleanElection: 'on' } });
    inject(run, 'slow-follower', { broker: 2, delay: 1_000_000 });
    inject(run, 'slow-follower', { broker: 3, delay: 1_000_000 });
    run.until(60_000);
    expect([end(run), inFlight(run)]).toEqual([59, 1]);
    expect(run.kinds.replication!.table.inSyncNumbers(0)).toEqual([1]);
    inject(run, 'lose-broker', { broker: 1 });
    run.until(69_000);
    // The second broker had nothing at all, and the group goes on from where the log ends now.
    expect(run.kinds.replication!.table.leaderNumber(0)).toBe(2);
    expect([end(run), run.kinds.topics.position(1, 0), run.sim.metrics.of(1, METRIC.dropped)]).toEqual([
      0, 0, 0,
    ]);
    run.until(75_000);
    expect([end(run), run.kinds.topics.position(1, 0)]).toEqual([end(run), end(run)]);
    expect(end(run)).toBeGreaterThan(5);
    check(run);
  });
});

describe('a producer whose partition', () => {
  it('is offline tries until its delivery timeout, and its consumers stand still', () => {
    const run = cluster({
      topic: { replicationFactor: 1, minInsync: 1 },
      producer: { rate: 1, deliveryTimeout: 30_001 },
    });
    run.until(5500);
    const before = read(run);
    inject(run, 'lose-broker', { broker: 1 });
    run.until(34_000);
    expect([run.sim.metrics.of(0, METRIC.failures), read(run)]).toEqual([0, before]);
    // A batch that cannot leave takes more messages until it is full; its time counts from the first of them.
    run.until(36_001);
    expect([run.sim.metrics.of(0, METRIC.failures), run.sim.metrics.of(0, METRIC.dropped)]).toEqual([16, 16]);
    heal(run, 'lose-broker', { broker: 1 });
    run.until(45_000);
    expect(read(run)).toBe(44 - 16);
    expect(run.sim.metrics.of(0, METRIC.dropped)).toBe(16);
    check(run);
  });

  it('gets another leader writes again what that one does not have, and nothing twice', () => {
    const run = cluster({ producer: { rate: 100 }, cluster: { roundTrip: 50 } });
    run.until(10_000);
    inject(run, 'lose-broker', { broker: 1 });
    run.until(60_000);
    const { metrics } = run.sim;
    const ended = metrics.of(2, METRIC.acknowledged);
    expect(run.kinds.replication!.table.leaderNumber(0)).toBe(2);
    expect(metrics.of(0, METRIC.duplicates)).toBe(0);
    // Whatever was cut off had not been read by anybody, and came again.
    expect(metrics.produced - ended).toBeLessThan(40);
    check(run);
  });
});

it.each(['default', 'round-robin'])(
  'sends messages without a key past a partition that has no leader (%s partitioner)',
  (partitioner) => {
    const run = cluster({
      producer: { keys: 'none', batchSize: 0, partitioner },
      topic: { partitions: 3, replicationFactor: 1, minInsync: 1 },
    });
    inject(run, 'lose-broker', { broker: 2 });
    run.until(20_000);
    const ends = [0, 1, 2].map((lane) => run.kinds.logs.logEnd(1, lane));
    expect(ends[1]).toBe(0);
    expect(ends[0] + ends[2]).toBe(199);
    check(run);
  },
);

it.each([
  ['on', 1],
  ['off', 2],
])(
  'says that too few replicas have a record that is in the log all the same (idempotence %s: written %i times)',
  (idempotence, written) => {
    const run = cluster({ producer: { stopAfter: 1, idempotence }, cluster: { replicaLagTime: 1000 } });
    for (const broker of [2, 3]) inject(run, 'slow-follower', { broker, delay: 60_000 });
    run.until(1499);
    expect([end(run), read(run), run.sim.metrics.of(0, METRIC.retries)]).toEqual([1, 0, 0]);
    // Both fall out of sync: what the leader has may be read, and the client hears NOT_ENOUGH_REPLICAS_AFTER_APPEND.
    run.until(2000);
    expect([end(run), read(run)]).toEqual([1, 1]);
    expect(run.sim.metrics.of(0, METRIC.retries)).toBeGreaterThan(0);
    for (const broker of [2, 3]) heal(run, 'slow-follower', { broker });
    run.until(10_000);
    expect([end(run), read(run), run.sim.metrics.of(0, METRIC.duplicates)]).toEqual([
      written,
      written,
      written - 1,
    ]);
    expect(inFlight(run)).toBe(0);
    check(run);
  },
);
