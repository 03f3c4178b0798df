import { describe, expect, it } from 'vitest';
import type { Design, Json, ScheduledFault } from '../design/types.ts';
import { sketched } from '../gallery/sketch.ts';
import { compile } from '../simulation/compile.ts';
import type { LiveRun } from '../simulation/live-run.ts';
import { PARTITION_STATE } from './shared/replication/partition-states.ts';

type Fields = Record<string, Json>;

/** A hundred keyed messages a second for a topic of three partitions, which has six from 10 s on. */
function growing(
  group: Fields,
  given: { producer?: Fields; topic?: Fields; faults?: Record<string, Omit<ScheduledFault, 'id'>> } = {},
): Design {
  const grow = { atMs: 10_000, node: 'orders', fault: 'add-partitions', args: { partitions: 6 } };
  return sketched({
    name: 'Growing',
    nodes: {
      shop: {
        kind: 'producer',
        at: [0, 0],
        fields: { arrivals: 'constant', rate: 100, keyCount: 1000, stopAfter: 4000, ...given.producer },
      },
      orders: { kind: 'topic', at: [240, 0], fields: { partitions: 3, ...given.topic } },
      billing: {
        kind: 'consumer-group',
        at: [480, 0],
        fields: { serviceTime: { shape: 'constant', mean: 5 }, metadataMaxAge: 7000, ...group },
      },
    },
    edges: ['shop > orders', 'orders > billing'],
    faults: given.faults ?? { grow },
    horizonMs: 60_000,
  });
}

function runOf(design: Design): LiveRun {
  const { run, problems } = compile(design);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return run!;
}

function ends(run: LiveRun): number[] {
  const { kinds, indexOf } = (run as unknown as { parts: LiveRunParts }).parts;
  const topic = indexOf.get('orders')!;
  return Array.from({ length: 6 }, (_, lane) => kinds.topics.logEnd(topic, lane));
}
type LiveRunParts = {
  kinds: {
    topics: { logEnd(topic: number, lane: number): number };
    replication: { states: { state: Uint8Array } } | null;
  };
  indexOf: ReadonlyMap<string, number>;
};

const statesOf = (run: LiveRun): number[] => {
  const { kinds } = (run as unknown as { parts: LiveRunParts }).parts;
  return [...kinds.replication!.states.state];
};

const sentences = (run: LiveRun, node: string): string[] =>
  run
    .drainTrace()
    .filter((row) => row.node === node)
    .map(({ atMs, text }) => `${atMs / 1000} s ${text}`);

describe('partitions that are added', () => {
  it('are empty and at the end, and a sender without a client writes to them at once', () => {
    const run = runOf(growing({}));
    run.advance(9999, Infinity);
    expect(ends(run).slice(3)).toEqual([0, 0, 0]);
    run.advance(11_000, Infinity);
    expect(Math.min(...ends(run))).toBeGreaterThan(0);
    run.advance(60_000, Infinity);
    const { totals, nodes } = run.results();
    expect(totals.acknowledged).toBe(4000);
    expect(nodes.orders.growth).toEqual({ from: 3, to: 6, keys: 1000, movedKeys: 482 });
  });

  it('are read once the leader of a classic group has refreshed its metadata', () => {
    const run = runOf(growing({}));
    run.advance(60_000, Infinity);
    const told = sentences(run, 'billing');
    expect(told[0]).toMatch(/^14 s billing, as its topic has more partitions: waits until/);
    expect(run.results().faults).toMatchObject([{ atMs: 10_000, healedMs: 14_000 }]);
  });

  it('are read at once by the consumer protocol, whose broker knows of them', () => {
    const run = runOf(growing({ protocol: 'consumer' }));
    run.advance(60_000, Infinity);
    expect(sentences(run, 'billing')[0]).toMatch(/^10 s billing, as its topic has more partitions/);
  });

  it('are written to by a Kafka client from its next refresh on', () => {
    const run = runOf(growing({}, { producer: { client: 'kafka', metadataMaxAge: 9000 } }));
    run.advance(17_999, Infinity);
    expect(ends(run).slice(3)).toEqual([0, 0, 0]);
    run.advance(19_000, Infinity);
    expect(Math.min(...ends(run))).toBeGreaterThan(0);
  });

  it('say how many keys move', () => {
    const run = runOf(growing({}));
    run.advance(20_000, Infinity);
    expect(sentences(run, 'orders')).toContain(
      '10 s orders has 6 partitions instead of 3: 482 of 1000 keys go to another one from now on, and lose their order here.',
    );
  });

  it.each([
    ['earliest', 0],
    ['latest', 342],
  ])(
    'lose what was written before the group noticed, unless it begins at the start: %s',
    (offsetReset, lost) => {
      const run = runOf(growing({ offsetReset }));
      run.advance(60_000, Infinity);
      const { nodes } = run.results();
      expect(nodes.orders.expired).toBe(lost);
      expect(nodes.billing.acknowledged).toBe(4000 - lost);
    },
  );

  it('are read from so long ago by by_duration', () => {
    const run = runOf(growing({ offsetReset: 'by-duration', offsetResetBack: 2000 }));
    run.advance(60_000, Infinity);
    const { expired } = run.results().nodes.orders;
    expect(expired).toBeGreaterThan(200);
    expect(expired).toBeLessThan(260);
  });

  it('end every member in turn by auto.offset.reset=none', () => {
    const run = runOf(growing({ offsetReset: 'none' }));
    run.advance(60_000, Infinity);
    const { nodes } = run.results();
    expect(nodes.billing.offsetFailures).toBe(3);
    expect(nodes.billing.acknowledged).toBeLessThan(2000);
    expect(sentences(run, 'billing')).toContainEqual(
      expect.stringMatching(/billing m1 ends: its offset in p3 of orders was never committed/),
    );
  });

  it('break the order of keys that move', () => {
    const promise = { guarantee: 'at-least-once', keyOrder: 'kept', metadataMaxAge: 1000, heartbeat: 100 };
    const slow = { serviceTime: { shape: 'constant', mean: 60 }, ...promise };
    const run = runOf(growing(slow, { producer: { keyCount: 20 } }));
    run.advance(60_000, Infinity);
    expect(run.results().nodes.billing.delivery!.reordered).toBeGreaterThan(0);
  });

  it('are known to all at once when somebody refreshes all clients', () => {
    const run = runOf(growing({ metadataMaxAge: 300_000 }));
    run.advance(20_000, Infinity);
    const [{ id }] = run.activeFaults();
    expect(run.heal(id)).toBeNull();
    run.advance(60_000, Infinity);
    expect(run.results().totals.acknowledged).toBe(4000);
  });

  it.each([
    [50, 'leaderless'],
    [500, 'offline'],
  ] as const)('have no leader either while their only broker is down, after %i ms', (afterMs, state) => {
    const faults = {
      lost: {
        atMs: 10_000 - afterMs,
        forMs: 5000,
        node: 'kafka',
        fault: 'lose-leader',
        args: { partition: 1 },
      },
      grow: { atMs: 10_000, node: 'orders', fault: 'add-partitions', args: { partitions: 6 } },
    };
    const design = growing({}, { topic: { replicationFactor: 1 }, faults });
    const fields = { brokers: 1, sessionTimeout: 100 };
    const edge = { id: 'kept', from: 'orders', fromPort: 'cluster', to: 'kafka', toPort: 'in' };
    const run = runOf({
      ...design,
      nodes: [...design.nodes, { id: 'kafka', kind: 'broker-cluster', name: 'kafka', fields }],
      edges: [...design.edges, edge],
    });
    run.advance(10_010, Infinity);
    expect(statesOf(run)).toEqual(Array.from({ length: 6 }, () => PARTITION_STATE[state]));
    run.advance(20_000, Infinity);
    expect(statesOf(run)).toEqual(Array.from({ length: 6 }, () => PARTITION_STATE.online));
    expect(Math.min(...ends(run))).toBeGreaterThan(0);
  });
});

describe('a number of partitions', () => {
  const asked = (partitions: number) => ({
    grow: { atMs: 10_000, node: 'orders', fault: 'add-partitions', args: { partitions } },
  });

  it.each([
    [2, 'orders: The topic orders currently has 3 partition(s); 2 would not be an increase.'],
    [3, 'orders: Topic already has 3 partition(s).'],
  ])('that is no increase is refused as Kafka does: %i', (partitions, message) => {
    const { run, problems } = compile(growing({}, { faults: asked(partitions) }));
    expect(run).toBeNull();
    expect(problems).toMatchObject([{ severity: 'error', code: 'no-increase', message, node: 'orders' }]);
  });

  it('can be raised by hand as far as the run has room', () => {
    const run = runOf(growing({}, { faults: {}, topic: { growsTo: 5 } }));
    run.advance(1000, Infinity);
    expect(run.inject('a', 'orders', 'add-partitions', { partitions: 6 })?.message).toMatch(/room for 5/);
    expect(run.inject('b', 'orders', 'add-partitions', { partitions: 5 })).toBeNull();
    expect(run.inject('c', 'orders', 'add-partitions', { partitions: 4 })?.message).toMatch(
      /currently has 5 partition\(s\); 4 would not be an increase/,
    );
  });
});
