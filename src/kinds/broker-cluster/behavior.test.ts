import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';
import { PARTITION_STATE } from '../shared/replication/partition-states.ts';

interface Setup {
  producer?: Record<string, Json>;
  topic?: Record<string, Json>;
  cluster?: Record<string, Json>;
  group?: Record<string, Json>;
}

const constant = (mean: number): Json => ({ shape: 'constant', mean });

/** A producer, a topic `t` of one partition on three brokers, and a group that reads it. */
function cluster({ producer, topic, cluster: fields, group }: Setup = {}): SmallRun {
  return smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 10, ...producer } },
      { id: 't', kind: 'topic', fields: { partitions: 1, replicationFactor: 3, minInsync: 2, ...topic } },
      { id: 'g', kind: 'consumer-group', fields: { members: 1, serviceTime: constant(0), ...group } },
      { id: 'k', kind: 'broker-cluster', fields },
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

/** What is known of partition 0. */
function partition(run: SmallRun) {
  const { table, states } = run.kinds.replication!;
  const state = Object.entries(PARTITION_STATE).find(([, index]) => index === states.state[0])![0];
  return {
    state,
    leader: table.leaderNumber(0),
    inSync: table.inSyncNumbers(0),
    highWatermark: table.highWatermark[0],
    end: table.end[0],
  };
}

describe('a replicated topic', () => {
  it('shows a record once all replicas in sync have it, a round trip after it was written', () => {
    const run = cluster({ cluster: { roundTrip: 10 }, producer: { rate: 1 } });
    run.until(1009.9);
    expect(partition(run)).toMatchObject({ end: 1, highWatermark: 0 });
    expect(run.sim.metrics.of(2, METRIC.in)).toBe(0);
    run.until(1010);
    expect(partition(run)).toMatchObject({ end: 1, highWatermark: 1, state: 'online' });
    expect(run.sim.metrics.of(2, METRIC.acknowledged)).toBe(1);
  });

  it('holds back the high watermark for a replica that is behind, until it falls out of sync by time', () => {
    const run = cluster();
    run.until(14_900);
    inject(run, 'slow-follower', { broker: 3, delay: 1_000_000 });
    run.until(44_999);
    // Stuck for less than 30 seconds: still in sync, so nobody reads on.
    expect(partition(run)).toMatchObject({ inSync: [1, 2, 3], highWatermark: 149, end: 449 });
    run.until(45_000);
    expect(partition(run)).toMatchObject({ inSync: [1, 2], highWatermark: 449, state: 'under-replicated' });
    heal(run, 'slow-follower', { broker: 3, delay: 1_000_000 });
    run.until(45_100);
    expect(partition(run)).toMatchObject({ inSync: [1, 2, 3], state: 'online' });
    new Invariants(run.sim, run.kinds).check();
  });

  it('has no leader until the session of a lost broker times out, then the next replica in sync', () => {
    const run = cluster();
    run.until(10_000);
    inject(run, 'lose-broker', { broker: 1 });
    expect(partition(run)).toMatchObject({ state: 'leaderless', leader: 1 });
    run.until(18_999);
    const read = run.sim.metrics.of(2, METRIC.acknowledged);
    expect(read).toBe(99);
    run.until(19_000);
    expect(partition(run)).toMatchObject({ state: 'under-replicated', leader: 2, inSync: [2, 3] });
    run.until(20_000);
    // Nothing that had been written is lost, and the producer that waited goes on.
    expect(run.sim.metrics.of(1, METRIC.dropped)).toBe(0);
    expect(run.sim.metrics.of(2, METRIC.acknowledged)).toBeGreaterThan(read);
    heal(run, 'lose-broker', { broker: 1 });
    run.until(21_000);
    expect(partition(run)).toMatchObject({ state: 'online', leader: 2, inSync: [1, 2, 3] });
    run.until(300_000);
    expect(partition(run).leader).toBe(1);
    new Invariants(run.sim, run.kinds).check();
  });
});

describe('a partition without a replica in sync', () => {
  const alone = { topic: { minInsync: 1 }, producer: { rate: 10 } };

  /** Only the first broker is in sync and has 600 records; the others stand at none. */
  function onlyFirst(fields: Record<string, Json>, group: Record<string, Json> = {}): SmallRun {
    const run = cluster({ ...alone, cluster: fields, group });
    for (const broker of [2, 3]) inject(run, 'slow-follower', { broker, delay: 10_000_000 });
    run.until(60_050);
    expect(partition(run)).toMatchObject({ inSync: [1], end: 600, highWatermark: 600 });
    inject(run, 'lose-broker', { broker: 1 });
    return run;
  }

  it('stays offline until that one is back, and has lost nothing', () => {
    const run = onlyFirst({ uncleanElection: 'off' });
    run.until(100_000);
    expect(partition(run)).toMatchObject({ state: 'offline', leader: 0, inSync: [1], end: 600 });
    heal(run, 'lose-broker', { broker: 1 });
    run.until(101_000);
    expect(partition(run)).toMatchObject({ state: 'under-replicated', leader: 1 });
    expect(run.sim.metrics.of(2, METRIC.acknowledged)).toBe(partition(run).end);
    expect(run.sim.metrics.of(1, METRIC.dropped)).toBe(0);
    new Invariants(run.sim, run.kinds).check();
  });

  it('loses by an unclean election what the new leader lacks, and readers go on from where its log ends', () => {
    const run = onlyFirst({ uncleanElection: 'on' }, { serviceTime: constant(200) });
    const read = run.kinds.topics.position(1, 0);
    expect(read).toBe(76);
    run.until(69_050);
    // Of 600 records 524 were unread; the one in hand is done all the same. The record that waited for a leader is first now.
    expect(partition(run)).toMatchObject({ leader: 2, inSync: [2], end: 1 });
    expect([run.sim.metrics.of(1, METRIC.dropped), run.kinds.topics.position(1, 0)]).toEqual([524, 1]);
    new Invariants(run.sim, run.kinds).check();
    run.until(80_000);
    expect(run.sim.metrics.of(2, METRIC.acknowledged)).toBeGreaterThan(120);
    new Invariants(run.sim, run.kinds).check();
    heal(run, 'lose-broker', { broker: 1 });
    run.until(80_100);
    // The old leader cut its log off before it pulled what it lacked.
    expect(partition(run).inSync).toEqual([1, 2]);
  });

  it.each(['earliest', 'latest', 'by-duration'])(
    'lets a reader go on from where the logs differ, not from where %s would begin',
    (offsetReset) => {
      const run = onlyFirst({ uncleanElection: 'on' }, { serviceTime: constant(100), offsetReset });
      heal(run, 'slow-follower', { broker: 2, delay: 10_000_000 });
      run.until(69_100);
      expect(partition(run)).toMatchObject({ leader: 2 });
      const [from, done] = [partition(run).end, run.sim.metrics.of(2, METRIC.acknowledged)];
      run.until(75_000);
      const { topics } = run.kinds;
      expect(topics.position(1, 0)).toBeGreaterThan(from);
      expect(run.sim.metrics.of(2, METRIC.acknowledged)).toBeLessThan(done + 62);
      expect(run.sim.metrics.of(2, METRIC.duplicates)).toBe(0);
    },
  );

  it('ends by auto.offset.reset=none every reader of what the new leader lacks, one after the other', () => {
    const strict = { members: 3, assignor: 'cooperative-sticky', offsetReset: 'none' };
    const run = onlyFirst({ uncleanElection: 'on' }, strict);
    run.until(69_049);
    expect(run.kinds.consumers.starts!.failures(2)).toBe(0);
    run.until(69_050);
    expect(run.kinds.consumers.starts!.failures(2)).toBe(1);
    run.until(120_000);
    expect(run.kinds.consumers.starts!.failures(2)).toBe(3);
    // Nobody has read on, though the log has grown beyond the old offset.
    expect(run.kinds.topics.position(1, 0)).toBe(0);
    expect(partition(run).end).toBeGreaterThan(500);
    new Invariants(run.sim, run.kinds).check();
  });

  it('ends by auto.offset.reset=none only the first reader, where nothing was committed of what is lost', () => {
    const late = { commit: 'interval', commitInterval: 100_000, guarantee: 'at-least-once' };
    const strict = { members: 3, offsetReset: 'none', ...late };
    const run = onlyFirst({ uncleanElection: 'on' }, strict);
    run.until(120_000);
    expect(run.kinds.consumers.starts!.failures(2)).toBe(1);
    expect(run.kinds.topics.position(1, 0)).toBe(partition(run).highWatermark);
    new Invariants(run.sim, run.kinds).check();
  });
});

it('kills the leader that a partition has at that time, and gives it back', () => {
  const run = cluster();
  run.until(1000);
  inject(run, 'lose-leader', { partition: 0 });
  run.until(11_000);
  expect(partition(run).leader).toBe(2);
  heal(run, 'lose-leader', { partition: 0 });
  run.until(12_000);
  expect(partition(run).inSync).toEqual([1, 2, 3]);
});

it('counts the partitions of all topics of a cluster to find the leader to kill', () => {
  const topic = { partitions: 2, replicationFactor: 3, minInsync: 2 };
  const run = smallRun({
    nodes: [
      { id: 'a', kind: 'topic', fields: topic },
      { id: 'b', kind: 'topic', fields: topic },
      { id: 'k', kind: 'broker-cluster' },
    ],
    edges: ['a.cluster > k', 'b.cluster > k'],
  });
  run.until(1000);
  // The fourth is the second of b, which the second broker leads.
  inject(run, 'lose-leader', { partition: 3 });
  expect(run.kinds.clusters.brokersDown(run.node('k'))).toBe(0b010);
  heal(run, 'lose-leader', { partition: 3 });
  inject(run, 'lose-leader', { partition: 4 });
  expect(run.kinds.clusters.brokersDown(run.node('k'))).toBe(0);
});

it('keeps by a clean election what the slowest replica in sync lacks, and shows it once that one is out', () => {
  const run = cluster({ producer: { stopAfter: 100 } });
  run.until(9750);
  inject(run, 'slow-follower', { broker: 3, delay: 1_000_000 });
  run.until(10_500);
  // Ends of 100, 100 and 97: consumers see up to 96.
  expect(partition(run)).toMatchObject({ end: 100, highWatermark: 97, inSync: [1, 2, 3] });
  expect(run.sim.metrics.of(2, METRIC.acknowledged)).toBe(97);
  inject(run, 'lose-broker', { broker: 1 });
  run.until(19_600);
  expect(partition(run)).toMatchObject({ leader: 2, end: 100, highWatermark: 97, inSync: [2, 3] });
  run.until(60_000);
  expect(partition(run)).toMatchObject({ highWatermark: 100, inSync: [2], state: 'under-min-isr' });
  expect(run.sim.metrics.of(2, METRIC.acknowledged)).toBe(100);
});
