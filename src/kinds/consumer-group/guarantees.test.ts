import { describe, expect, it } from 'vitest';
import type { DesignNode, Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { Columns } from '../../lib/columns.ts';
import { compile } from '../../simulation/compile.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';
import { DeliveryMemory, MEMORY_MOST } from './delivery-memory.ts';
import { MEMBER } from './membership.ts';

const constant = (mean: number) => ({ shape: 'constant', mean });

/** Ten messages a second, from 0.1 s on; each takes 400 ms, so that a crash finds one in work. */
function group(source: 'topic' | 'queue', fields: Record<string, Json>): SmallRun {
  return smallRun({
    nodes: [
      {
        id: 'p',
        kind: 'producer',
        fields: { arrivals: 'constant', rate: 10, keys: 'uniform', keyCount: 1, stopAfter: 20 },
      },
      { id: 's', kind: source, fields: source === 'topic' ? { partitions: 1 } : {} },
      {
        id: 'g',
        kind: 'consumer-group',
        fields: { members: 1, serviceTime: constant(400), sessionTimeout: 1000, heartbeat: 100, ...fields },
      },
    ],
    edges: ['p > s', 's > g'],
  });
}

function delivery(run: SmallRun) {
  const { guarantees } = run.kinds.consumers.work;
  const node = run.node('g');
  const count = (what: 'duplicate' | 'lost' | 'reordered' | 'skipped') => guarantees.count(node, what);
  return {
    duplicate: count('duplicate'),
    lost: count('lost'),
    reordered: count('reordered'),
    skipped: count('skipped'),
    first: guarantees.firstViolation(node),
  };
}

function crashAt(run: SmallRun, ms: number, backMs: number): void {
  run.until(ms);
  run.kinds.inject(run.sim, run.node('g'), 'crash', { member: 1 });
  run.until(backMs);
  run.kinds.heal(run.sim, run.node('g'), 'crash', { member: 1 });
}

describe.each(['topic', 'queue'] as const)('on a %s, a crash with one message in work', (source) => {
  it('loses it at most once, and that breaks no promise', () => {
    const run = group(source, { guarantee: 'at-most-once' });
    crashAt(run, 1000, 2000);
    run.until(60_000);
    expect(delivery(run)).toEqual({ duplicate: 0, lost: 1, reordered: 0, skipped: 0, first: null });
    expect(run.sim.metrics.of(run.node('g'), 12)).toBe(19);
  });

  it('loses nothing at least once', () => {
    const run = group(source, { guarantee: 'at-least-once' });
    crashAt(run, 1000, 2000);
    run.until(60_000);
    expect(delivery(run)).toEqual({ duplicate: 0, lost: 0, reordered: 0, skipped: 0, first: null });
  });

  it('is not even looked at where nothing is promised', () => {
    const run = group(source, {});
    crashAt(run, 1000, 2000);
    run.until(60_000);
    expect(run.kinds.consumers.work.guarantees.of[run.node('g')]).toBe(0);
    expect(delivery(run)).toEqual({ duplicate: 0, lost: 0, reordered: 0, skipped: 0, first: null });
  });
});

describe('a commit every five seconds and a crash', () => {
  const commits = { commit: 'interval', commitInterval: 5000 };

  it('does everything since the last commit again: at least once', () => {
    const run = group('topic', { ...commits, guarantee: 'at-least-once' });
    // Done at 0.5, 0.9, … 3.7: nine messages, none committed.
    crashAt(run, 4000, 4500);
    run.until(60_000);
    expect(delivery(run)).toMatchObject({ duplicate: 9, lost: 0, skipped: 0, first: null });
  });

  it('is seen and skipped by an idempotent consumer that remembers enough', () => {
    const run = group('topic', { ...commits, guarantee: 'effectively-once', dedupWindow: 9 });
    crashAt(run, 4000, 4500);
    run.until(60_000);
    expect(delivery(run)).toMatchObject({ duplicate: 0, skipped: 9, lost: 0, first: null });
    expect(run.sim.metrics.of(run.node('g'), 15), 'nothing was done twice').toBe(0);
  });

  it('gets past one that remembers too little, and the guilty message is named', () => {
    const run = group('topic', { ...commits, guarantee: 'effectively-once', dedupWindow: 4 });
    crashAt(run, 4000, 4500);
    run.until(60_000);
    const { duplicate, skipped, first } = delivery(run);
    expect([duplicate, skipped]).toEqual([5, 4]);
    expect(first).toMatchObject({ mishap: 'duplicate', message: 0, key: 0 });
  });

  it('means nothing to a group that commits first: there is nothing to do again', () => {
    const run = group('topic', { ...commits, guarantee: 'at-most-once' });
    crashAt(run, 4000, 4500);
    run.until(60_000);
    expect(delivery(run)).toMatchObject({ duplicate: 0, lost: 1 });
  });
});

describe('a copy of a message of a managed broker that is seen and skipped', () => {
  it('is not done twice, though the network is cut and its acknowledgement comes later', () => {
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 10, stopAfter: 1 } },
        { id: 'b', kind: 'cloud-broker', fields: { profile: 'sqs', duplicateShare: 1 } },
        {
          id: 'g',
          kind: 'consumer-group',
          fields: {
            members: 1,
            serviceTime: constant(400),
            guarantee: 'effectively-once',
            prefetchMode: 'count',
            prefetch: 2,
          },
        },
      ],
      edges: ['p > b', 'b > g'],
    });
    const edge = run.edge('b > g');
    run.until(300);
    run.kinds.links.inject(run.sim, edge, 'partition', {});
    run.until(1000);
    expect(delivery(run).skipped).toBe(1);
    run.kinds.links.heal(run.sim, edge, 'partition');
    run.until(2000);
    expect(run.kinds.held(run.sim, run.node('b')), 'all is acknowledged').toBe(0);
    expect(run.sim.metrics.of(run.node('g'), METRIC.duplicates)).toBe(0);
  });
});

it('asks for records when it gets one that it knows, as for any other: it is not overdue', () => {
  const run = smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 10, stopAfter: 1 } },
      ...['a', 'b'].map((id) => ({ id, kind: 'topic', fields: { partitions: 1 } })),
      {
        id: 'g',
        kind: 'consumer-group',
        fields: {
          members: 1,
          serviceTime: constant(1),
          guarantee: 'effectively-once',
          maxPollInterval: 1000,
          pileUp: 'block',
        },
      },
    ],
    edges: ['p > a', 'p > b', 'a > g', 'b > g'],
  });
  // The copy that comes over a slow network is there just when the member is looked at for the second time.
  run.kinds.links.inject(run.sim, run.edge('p > b'), 'delay', { time: constant(1900.001) });
  run.until(1999);
  expect(delivery(run).skipped).toBe(0);
  run.until(2000);
  expect(delivery(run).skipped).toBe(1);
  expect(run.kinds.groups.memberState(run.node('g'), 0)).toBe(MEMBER.reading);
});

describe('order per key', () => {
  it('is lost for a message that comes back later, and kept by one that holds its place', () => {
    for (const [retryMode, reordered] of [
      ['later', true],
      ['hold', false],
    ] as const) {
      const run = group('queue', {
        guarantee: 'at-least-once',
        keyOrder: 'kept',
        retryMode,
        failureProbability: 0.3,
        serviceTime: constant(10),
        backoff: 500,
        maxAttempts: 50,
      });
      run.until(60_000);
      const { reordered: count, first } = delivery(run);
      expect(count > 0, retryMode).toBe(reordered);
      expect(first?.mishap).toBe(reordered ? 'reordered' : undefined);
    }
  });

  it('is lost by two workers on one queue', () => {
    const serviceTime = { shape: 'uniform', min: 10, max: 500 };
    const run = group('queue', { guarantee: 'at-least-once', members: 2, serviceTime });
    run.until(60_000);
    expect(delivery(run).reordered).toBeGreaterThan(0);
    expect(delivery(run).first).toBeNull();
  });
});

describe('a message that is given up', () => {
  it('is lost where no dead-letter queue takes it', () => {
    const run = group('queue', {
      guarantee: 'at-least-once',
      failureProbability: 1,
      maxAttempts: 2,
      backoff: 1,
    });
    run.until(60_000);
    expect(delivery(run)).toMatchObject({ lost: 20, first: { mishap: 'lost', message: 0, key: 0 } });
  });
});

it('stops the run at the guilty message, and names it with its key and the time', () => {
  const nodes: DesignNode[] = [
    {
      id: 'p',
      kind: 'producer',
      name: 'orders',
      fields: { arrivals: 'constant', rate: 10, keys: 'uniform', keyCount: 1 },
    },
    { id: 'q', kind: 'queue', name: 'q', fields: {} },
    {
      id: 'g',
      kind: 'consumer-group',
      name: 'billing',
      fields: {
        members: 1,
        serviceTime: constant(10),
        failureProbability: 1,
        maxAttempts: 1,
        guarantee: 'at-least-once',
        onViolation: 'stop',
      },
    },
  ];
  const edge = (from: string, to: string) => ({ id: from + to, from, fromPort: 'out', to, toPort: 'in' });
  const { run } = compile({
    version: 1,
    name: 'x',
    messageTypes: [],
    nodes,
    edges: [edge('p', 'q'), edge('q', 'g')],
    groups: [],
    scenario: { seed: 1, horizonMs: 60_000, warmUpMs: 0, faults: [] },
    goals: [],
    layout: { nodes: [] },
  });
  run!.advance(60_000, Infinity);
  expect(run!.stoppedBy?.message).toBe(
    'The run stopped at 110 ms: message 0 (key 0) was lost at billing, and its guarantee is at least once.',
  );
  expect(run!.stoppedBy).toMatchObject({ code: 'violation', node: 'g' });
  const { totals, nodes: figures } = run!.results();
  expect(figures.g.delivery).toMatchObject({
    lost: 1,
    forbidden: ['lost'],
    firstViolation: { atMs: expect.closeTo(110, 1) },
  });
  expect(totals.produced).toBe(totals.dropped + totals.inFlight);
});

describe('the memory of a group', () => {
  it('knows the last 65,536 births, however they come', () => {
    const memory = new DeliveryMemory(new Columns(1e9));
    for (let serial = 0; serial < MEMORY_MOST; serial++) memory.remember(serial);
    expect(memory.age(MEMORY_MOST - 1)).toBe(1);
    expect(memory.age(0)).toBe(MEMORY_MOST);
    memory.remember(MEMORY_MOST);
    expect(memory.age(0)).toBe(Infinity);
    expect(memory.age(1)).toBe(MEMORY_MOST);
  });

  it('knows births that share the end of their number', () => {
    const memory = new DeliveryMemory(new Columns(1e9));
    for (let i = 0; i < 8; i++) memory.remember(i * 256);
    expect([0, 1, 7].map((i) => memory.age(i * 256))).toEqual([8, 7, 1]);
    expect(memory.age(8 * 256)).toBe(Infinity);
  });

  it('tells the late from the early by key', () => {
    const memory = new DeliveryMemory(new Columns(1e9));
    for (let key = 0; key < 3000; key += 256) expect(memory.isLate(key, 5)).toBe(false);
    expect(memory.isLate(256, 4)).toBe(true);
    expect(memory.isLate(256, 5)).toBe(false);
    expect(memory.isLate(256, 9)).toBe(false);
    expect(memory.isLate(0, 8)).toBe(false);
  });
});
