import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallEdge, type SmallRun } from '../../testing/small-run.ts';
import { ALARM } from '../queue/alarm-states.ts';
import { CONNECTION } from './publishers.ts';

type Fields = Record<string, Json>;

/** A producer with a RabbitMQ client, a queue, an exchange without bindings, and a group that reads the queue. */
function publishing(producer: Fields, queue: Fields = {}, edges: SmallEdge[] = ['p > q']): SmallRun {
  return smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { client: 'rabbitmq', arrivals: 'constant', ...producer } },
      { id: 'q', kind: 'queue', fields: queue },
      { id: 'x', kind: 'exchange' },
      { id: 'g', kind: 'consumer-group', fields: { serviceTime: { shape: 'constant', mean: 1 } } },
      { id: 'dlq', kind: 'dead-letter-queue' },
    ],
    edges,
  });
}

const made = ({ sim }: SmallRun) => sim.metrics.produced;
const publishers = ({ kinds }: SmallRun) => kinds.producers.publishers!;

function until(run: SmallRun, ms: number): SmallRun {
  run.until(ms);
  new Invariants(run.sim, run.kinds).check();
  return run;
}

describe('a publisher that asks for confirms', () => {
  const confirming = { confirms: 'on', rate: 1000 };

  it('waits for each one if it may have one outstanding: 5 ms of a quorum queue are 200 a second', () => {
    const run = until(publishing({ ...confirming, maxOutstanding: 1 }, { queueType: 'quorum' }), 1000);
    expect(made(run)).toBeCloseTo(200, -1);
    expect(publishers(run).counts(0).confirmed).toBeGreaterThan(195);
    expect(run.sim.transfers.heldTime(0, run.sim.now)).toBeGreaterThan(700_000);
  });

  it('is faster with a classic queue, and with more of them outstanding', () => {
    expect(made(until(publishing({ ...confirming, maxOutstanding: 1 }), 1000))).toBeGreaterThan(450);
    const many = publishing({ ...confirming, maxOutstanding: 10 }, { queueType: 'quorum' });
    expect(made(until(many, 1000))).toBe(1000);
    expect(publishers(many).counts(0).outstanding).toBe(5);
  });

  // Recorded from RabbitMQ: limit 3, five messages: reject-publish refuses two, the -dlx kind also dead-letters them,
  // and drop-head confirms all five.
  it.each([
    ['drop-newest', 3, 2, 0],
    ['dead-letter-newest', 3, 2, 2],
    ['dead-letter', 5, 0, 2],
  ])('gets of five in a queue of three by %s: %d confirmed, %d refused, %d dead', (overflow, ...expected) => {
    const queue = { capacity: 3, overflow };
    const run = until(publishing({ ...confirming, stopAfter: 5 }, queue, ['p > q', 'q.dead > dlq']), 1000);
    const { confirmed, refused, outstanding } = publishers(run).counts(0);
    expect([confirmed, refused, run.sim.metrics.of(4, METRIC.deadLettered)]).toEqual(expected);
    expect(outstanding).toBe(0);
    expect(run.sim.metrics.of(0, METRIC.failures)).toBe(expected[1]);
  });

  // Recorded: what reaches no queue is confirmed, after it was returned to who asked for that.
  it.each([
    ['drop', 0],
    ['return', 5],
  ])(
    'gets what is unroutable confirmed; of five, where it is to %s, %d come back',
    (unroutable, returned) => {
      const run = until(publishing({ ...confirming, stopAfter: 5, unroutable }, {}, ['p > x']), 1000);
      expect(publishers(run).counts(0)).toEqual({ outstanding: 0, confirmed: 5, refused: 0, returned });
    },
  );

  it('stands in line before a queue that blocks, and is confirmed once it is in', () => {
    const run = publishing({ ...confirming, stopAfter: 10 }, { capacity: 2 }, ['p > q', 'q > g']);
    until(run, 5000);
    expect(publishers(run).counts(0)).toMatchObject({ outstanding: 0, confirmed: 10 });
  });
});

describe('credit flow', () => {
  // As RabbitMQ has it by {400, 200}: a queue that handles 100 a second and a publisher of 1000 a second.
  it('lets 400 messages through and then 200 at a time', () => {
    const run = publishing({ rate: 1000 }, { handlesPerSecond: 100 });
    const at = (ms: number) => [made(until(run, ms)), publishers(run).connection(0).state];
    expect(at(399)).toEqual([399, CONNECTION.running]);
    expect(at(500)).toEqual([401, CONNECTION.flow]);
    expect(at(1999)).toEqual([401, CONNECTION.flow]);
    expect(at(2100)).toEqual([500, CONNECTION.running]);
    expect(at(3900)).toEqual([601, CONNECTION.flow]);
    expect(at(20_000)[0]).toBeGreaterThan(2200);
    expect(made(run)).toBeLessThan(2500);
  });

  it('costs nothing where the queue keeps up', () => {
    const run = until(publishing({ rate: 1000 }, { handlesPerSecond: 2000 }), 2000);
    expect(made(run)).toBe(2000);
    expect(run.sim.metrics.of(1, METRIC.queued)).toBe(2000);
  });
});

const alarm = (run: SmallRun) => ALARM.states[run.kinds.queues.broker.alarm.state];

describe('a memory alarm', () => {
  const small = { memoryWatermark: 50_000 };

  it('blocks every publisher until messages have left, looked at every second', () => {
    const run = publishing({ rate: 100 }, small, ['p > q', 'q > g']);
    run.kinds.inject(run.sim, 3, 'slow', { factor: 1e4 });
    until(run, 999);
    expect(publishers(run).connection(0).state).toBe(CONNECTION.running);
    until(run, 5000);
    expect(made(run)).toBe(100);
    expect(publishers(run).connection(0)).toEqual({ state: CONNECTION.blocked, since: 1_000_000 });
    run.kinds.heal(run.sim, 3, 'slow', {});
    until(run, 30_000);
    expect(publishers(run).connection(0).state).toBe(CONNECTION.running);
    expect(made(run)).toBeGreaterThan(1000);
  });

  it('is over when what took the memory has expired', () => {
    const run = until(publishing({ rate: 100, stopAfter: 200 }, { ...small, ttl: 1500 }), 1001);
    expect([run.kinds.queues.broker.memory, alarm(run)]).toEqual([99_000, 'memory']);
    until(run, 10_000);
    expect([run.kinds.queues.broker.memory, alarm(run)]).toEqual([0, 'clear']);
    expect(made(run)).toBe(200);
  });

  it('says nothing to who has another client', () => {
    const run = until(publishing({ client: 'at-once', rate: 100 }, small), 5000);
    expect(made(run)).toBe(500);
  });
});

describe('a disk alarm', () => {
  const fill = (run: SmallRun) => run.kinds.inject(run.sim, run.node('q'), 'disk-full', {});
  const clean = (run: SmallRun) => run.kinds.heal(run.sim, run.node('q'), 'disk-full', {});

  it('blocks every publisher at once, and consumers drain on', () => {
    const run = until(publishing({ rate: 100 }, {}, ['p > q', 'q > g']), 1000);
    fill(run);
    until(run, 5000);
    expect([made(run), alarm(run)]).toEqual([101, 'disk']);
    expect(publishers(run).connection(0)).toEqual({ state: CONNECTION.blocked, since: 1_000_000 });
    expect(run.sim.metrics.of(run.node('q'), METRIC.queued)).toBe(0);
    clean(run);
    until(run, 6000);
    expect(made(run)).toBeGreaterThan(190);
    expect(alarm(run)).toBe('clear');
  });

  it('is over when there is room at every queue at which it was filled', () => {
    const publishes = { client: 'rabbitmq', arrivals: 'constant' };
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: publishes },
        { id: 'q', kind: 'queue' },
        { id: 'other', kind: 'queue' },
      ],
      edges: ['p > q'],
    });
    fill(run);
    run.kinds.inject(run.sim, run.node('other'), 'disk-full', {});
    clean(run);
    expect(alarm(run)).toBe('disk');
    run.kinds.heal(run.sim, run.node('other'), 'disk-full', {});
    expect(alarm(run)).toBe('clear');
  });

  it('and one of memory block until neither is left', () => {
    const run = publishing({ rate: 100, stopAfter: 200 }, { memoryWatermark: 50_000, ttl: 1500 });
    until(run, 1001);
    fill(run);
    expect(alarm(run)).toBe('both');
    until(run, 10_000);
    expect([alarm(run), publishers(run).connection(0).state]).toEqual(['disk', CONNECTION.blocked]);
    clean(run);
    until(run, 30_000);
    expect([alarm(run), made(run)]).toEqual(['clear', 200]);
  });
});
