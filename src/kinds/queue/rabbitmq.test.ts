import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { TRACE, TRACE_ROW } from '../../engine/trace.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallNode, type SmallRun } from '../../testing/small-run.ts';
import { DEATH } from '../shared/deaths.ts';

interface Sent {
  atMs: number;
  priority?: number;
  ttl?: number;
  size?: Json;
}

const SLOW = { shape: 'constant', mean: 1000 };

const constant = (mean: number): Json => ({ shape: 'constant', mean });

/** A producer of one message. */
function single(id: string, { atMs, ...fields }: Sent): SmallNode {
  const schedule = [
    { atMs: 0, ratePerSecond: 0 },
    { atMs, ratePerSecond: 1e7 },
  ];
  return { id, kind: 'producer', fields: { arrivals: 'schedule', schedule, stopAfter: 1, ...fields } };
}

/** One producer for each message, named in order from 0, a queue, and one consumer that is busy until a time. */
function sending(
  messages: readonly Sent[],
  queue: Record<string, Json>,
  group: Record<string, Json> = {},
): SmallRun {
  const run = smallRun({
    nodes: [
      ...messages.map((message, at) => single(`p${at}`, message)),
      { id: 'q', kind: 'queue', fields: queue },
      { id: 'g', kind: 'consumer-group', fields: { members: 1, serviceTime: SLOW, ...group } },
      { id: 'dlq', kind: 'dead-letter-queue' },
    ],
    edges: [...messages.map((_, at) => `p${at} > q` as const), 'q > g', 'q.dead > dlq'],
  });
  run.sim.trace.messages = true;
  return run;
}

/** Numbers of the producers whose messages went through a step, in order, at a node; with the third value of the row. */
function steps(
  { sim, node }: SmallRun,
  code: number,
  at: string,
): { who: number; ms: number; reason: number }[] {
  const { values } = sim.trace.rows.read(0);
  const producers = new Map<number, number>();
  const found = [];
  for (let row = 0; row < values.length; row += TRACE_ROW.size) {
    const [time, step, where, serial, reason] = values.subarray(row, row + TRACE_ROW.size);
    if (step === TRACE.produced) producers.set(serial, where);
    if (step === code && where === node(at))
      found.push({ who: producers.get(serial)!, ms: time / 1000, reason });
  }
  return found;
}

const started = (run: SmallRun) => steps(run, TRACE.started, 'g').map(({ who }) => who);
const died = (run: SmallRun) => steps(run, TRACE.deadLettered, 'q');

describe('a queue with priorities', () => {
  // Recorded from RabbitMQ 3.10.8: a0 b1 c5 d9 e1 f5 g0 are delivered as c d f b e a g. The first keeps the consumer busy.
  it('delivers the highest first, in order within one, and takes what is too high for the highest', () => {
    const priorities = [0, 0, 1, 5, 9, 1, 5, 0];
    const run = sending(
      priorities.map((priority, at) => ({ atMs: 1 + at, priority })),
      { maxPriority: 5 },
    );
    run.until(20_000);
    expect(started(run)).toEqual([0, 3, 4, 6, 2, 5, 1, 7]);
  });

  it('takes nothing from a consumer that is at work', () => {
    const run = sending([{ atMs: 1 }, { atMs: 500, priority: 5 }], { maxPriority: 5 });
    run.until(20_000);
    expect(started(run)).toEqual([0, 1]);
    expect(steps(run, TRACE.started, 'g')[1].ms).toBeCloseTo(1001, 0);
  });

  it('puts back what comes back to its place within its priority', () => {
    const run = sending(
      [
        { atMs: 1, priority: 1 },
        { atMs: 2, priority: 1 },
        { atMs: 3, priority: 2 },
      ],
      {
        maxPriority: 2,
      },
    );
    run.until(500);
    run.kinds.inject(run.sim, run.node('g'), 'crash', { member: 1 });
    run.kinds.heal(run.sim, run.node('g'), 'crash', { member: 1 });
    run.until(20_000);
    expect(started(run)).toEqual([0, 2, 0, 1]);
  });
});

describe('messages that expire', () => {
  // Recorded from RabbitMQ 3.10.8: slow (1500 ms) before fast (100 ms); at 700 ms none is dead, at 1900 ms both, in order.
  it('do so at the head alone', () => {
    const stopped = { serviceTime: { shape: 'constant', mean: 10_000 } };
    const run = sending([{ atMs: 1 }, { atMs: 2, ttl: 1500 }, { atMs: 3, ttl: 100 }], {}, stopped);
    run.until(700);
    expect(died(run)).toEqual([]);
    run.until(1900);
    expect(died(run).map(({ who, reason }) => [who, reason])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(died(run).map(({ ms }) => Math.round(ms))).toEqual([1502, 1502]);
  });

  it('go by the shorter of the two times: queue 300 ms, message 5000 ms', () => {
    const stopped = { serviceTime: { shape: 'constant', mean: 10_000 } };
    const run = sending([{ atMs: 1 }, { atMs: 2, ttl: 5000 }, { atMs: 3 }], { ttl: 300 }, stopped);
    run.until(301);
    expect(died(run)).toHaveLength(0);
    run.until(304);
    expect(died(run).map(({ who }) => who)).toEqual([1, 2]);
  });

  it('pass through if a consumer is free, and are gone at once if none is', () => {
    const run = sending(
      [
        { atMs: 1, ttl: 0.001 },
        { atMs: 2, ttl: 0.001 },
      ],
      {},
    );
    run.until(3);
    expect(started(run)).toEqual([0]);
    expect(died(run).map(({ who }) => who)).toEqual([1]);
  });

  it('are never delivered when they stand behind one that lives longer', () => {
    const run = sending([{ atMs: 1 }, { atMs: 2, ttl: 5000 }, { atMs: 3, ttl: 100 }], {});
    run.until(20_000);
    expect(started(run)).toEqual([0, 1]);
    expect(Math.round(died(run)[0].ms)).toBe(1001);
  });

  it('are counted as expired where nothing takes dead letters', () => {
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: 3 } },
        { id: 'q', kind: 'queue', fields: { ttl: 10 } },
      ],
      edges: ['p > q'],
    });
    run.until(100);
    expect(run.sim.metrics.of(1, METRIC.expired)).toBe(3);
    expect(run.kinds.queues.deaths(1)).toEqual({ rejected: 0, expired: 3, maxlen: 0, delivery_limit: 0 });
  });
});

describe('what comes to be the head when what was pushed out cannot leave', () => {
  /** A queue that pushes out into one that is full and blocks; when and why messages died, by their producers. */
  function stuck(messages: readonly Sent[], queue: Record<string, Json>) {
    const run = smallRun({
      nodes: [
        ...messages.map((message, at) => single(`p${at}`, message)),
        { id: 'q', kind: 'queue', fields: { overflow: 'dead-letter', ...queue } },
        single('other', { atMs: 0.1 }),
        { id: 'parked', kind: 'queue', fields: { capacity: 1, overflow: 'block' } },
      ],
      edges: [...messages.map((_, at) => `p${at} > q` as const), 'other > parked', 'q.dead > parked'],
    });
    run.sim.trace.messages = true;
    run.until(1000);
    new Invariants(run.sim, run.kinds).check();
    return { run, deaths: died(run).map(({ who, reason, ms }) => [who, reason, Math.round(ms)]) };
  }

  it('expires when its time is over, though a sender waits', () => {
    const { deaths } = stuck([{ atMs: 1 }, { atMs: 2, ttl: 20 }, { atMs: 4 }], { capacity: 2 });
    expect(deaths).toEqual([
      [0, DEATH.maxlen, 4],
      [1, DEATH.expired, 22],
    ]);
  });

  it('expires at once if its time is over', () => {
    const { deaths } = stuck([{ atMs: 1 }, { atMs: 2, ttl: 20 }, { atMs: 30 }], { capacity: 2 });
    expect(deaths).toEqual([
      [0, DEATH.maxlen, 30],
      [1, DEATH.expired, 30],
    ]);
  });

  it('lets the message in whose bytes fit when it has expired', () => {
    const sizes = [{ size: constant(50) }, { size: constant(50), ttl: 20 }, { size: constant(80) }];
    const { run, deaths } = stuck(
      sizes.map((message, at) => ({ ...message, atMs: [1, 2, 30][at] })),
      { capacityBytes: 100 },
    );
    expect(deaths).toHaveLength(2);
    expect(steps(run, TRACE.entered, 'q').map(({ who, ms }) => [who, Math.round(ms)])).toEqual([
      [0, 1],
      [1, 2],
      [2, 30],
    ]);
  });
});

describe('what comes back to a quorum queue', () => {
  /** Three messages in the hands of three members, one more waits; then members 2, 1, 3 crash and come back at once. */
  function returned(deliveryLimit: number): number[] {
    const messages = [1, 2, 3, 4].map((atMs) => ({ atMs }));
    const run = sending(messages, { queueType: 'quorum', deliveryLimit }, { members: 3 });
    run.until(500);
    for (const member of [2, 1, 3]) run.kinds.inject(run.sim, run.node('g'), 'crash', { member });
    run.kinds.heal(run.sim, run.node('g'), 'crash', { member: 1 });
    run.until(20_000);
    return started(run).slice(3);
  }

  it('goes before all others in order of return, with a delivery limit', () => {
    expect(returned(20)).toEqual([1, 0, 2, 3]);
  });

  it('goes to the end without one', () => {
    expect(returned(0)).toEqual([3, 1, 0, 2]);
  });

  // Recorded from RabbitMQ 3.10.8: limit 2, seen with counts 0, 1 and 2, then dead-lettered.
  it('is dead-lettered at one more than its delivery limit', () => {
    const run = sending([{ atMs: 1 }], { queueType: 'quorum', deliveryLimit: 2 });
    for (let crash = 1; crash <= 3; crash++) {
      run.until(crash * 100);
      run.kinds.inject(run.sim, run.node('g'), 'crash', { member: 1 });
      run.kinds.heal(run.sim, run.node('g'), 'crash', { member: 1 });
    }
    run.until(1000);
    expect(started(run)).toEqual([0, 0, 0]);
    expect(died(run)).toMatchObject([{ who: 0, reason: 3 }]);
  });
});

describe('dead letters', () => {
  const producer = (stopAfter: number) => ({
    id: 'p',
    kind: 'producer',
    fields: { arrivals: 'constant', rate: 1000, stopAfter },
  });

  it('of a refused message: m1 to m3 stay, m4 and m5 are dead', () => {
    const run = smallRun({
      nodes: [
        producer(5),
        { id: 'q', kind: 'queue', fields: { capacity: 3, overflow: 'dead-letter-newest' } },
        { id: 'dlq', kind: 'dead-letter-queue' },
      ],
      edges: ['p > q', 'q.dead > dlq'],
    });
    run.sim.trace.messages = true;
    run.until(100);
    expect(run.kinds.queues.deaths(1).maxlen).toBe(2);
    expect(run.sim.metrics.of(1, METRIC.queued)).toBe(3);
  });

  it('are what a group gives up that has none of its own, and it counts as rejected', () => {
    const run = smallRun({
      nodes: [
        producer(4),
        { id: 'q', kind: 'queue' },
        { id: 'g', kind: 'consumer-group', fields: { failureProbability: 1, maxAttempts: 1 } },
        { id: 'dlq', kind: 'dead-letter-queue' },
      ],
      edges: ['p > q', 'q > g', 'q.dead > dlq'],
    });
    run.until(10_000);
    expect(run.kinds.queues.deaths(1).rejected).toBe(4);
    expect(run.sim.metrics.of(3, METRIC.deadLettered)).toBe(4);
  });

  it('go round for ever if they are rejected on the way: work, wait, work', () => {
    const run = smallRun({
      nodes: [
        producer(1),
        { id: 'work', kind: 'queue' },
        { id: 'wait', kind: 'queue', fields: { ttl: 200 } },
        {
          id: 'g',
          kind: 'consumer-group',
          fields: { failureProbability: 1, maxAttempts: 1, serviceTime: { shape: 'constant', mean: 1 } },
        },
      ],
      edges: ['p > work', 'work > g', 'work.dead > wait', 'wait.dead > work'],
    });
    run.sim.trace.messages = true;
    run.until(1000);
    // Each round takes 201 ms; x-death counts both queues up.
    expect(run.kinds.queues.deaths(run.node('work')).rejected).toBe(5);
    expect(run.kinds.queues.deaths(run.node('wait')).expired).toBe(4);
    const counts = deadLetterCounts(run, 'work');
    expect(counts).toEqual([1, 2, 3, 4, 5]);
  });

  it('are dropped when they come back to where they expired', () => {
    const run = smallRun({
      nodes: [
        producer(3),
        { id: 'a', kind: 'queue', fields: { ttl: 20 } },
        { id: 'b', kind: 'queue', fields: { ttl: 30 } },
      ],
      edges: ['p > a', 'a.dead > b', 'b.dead > a'],
    });
    run.until(1000);
    expect(run.sim.metrics.of(run.node('a'), METRIC.dropped)).toBe(3);
    expect(run.kinds.queues.deaths(run.node('a')).expired).toBe(3);
  });
});

/** How often each dead letter of a queue had died there, as `x-death` counts it. */
function deadLetterCounts({ sim, node }: SmallRun, queue: string): number[] {
  const { values } = sim.trace.rows.read(0);
  const counts = [];
  for (let row = 0; row < values.length; row += TRACE_ROW.size) {
    const isOne = values[row + TRACE_ROW.code] === TRACE.deadLettered;
    if (isOne && values[row + TRACE_ROW.node] === node(queue)) counts.push(values[row + TRACE_ROW.c]);
  }
  return counts;
}
