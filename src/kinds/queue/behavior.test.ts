import { METRIC } from '../../engine/metrics.ts';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { TRACE, TRACE_ROW } from '../../engine/trace.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';

/** Sends `messages` 1 ms apart into a queue that nobody reads, with a dead-letter queue if asked. */
function filled(fields: Record<string, Json>, messages: number, withDeadLetters = false): SmallRun {
  const run = smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: messages } },
      { id: 'q', kind: 'queue', fields },
      { id: 'dlq', kind: 'dead-letter-queue' },
    ],
    edges: withDeadLetters ? ['p > q', 'q.dead > dlq'] : ['p > q'],
  });
  run.sim.trace.messages = true;
  run.until(1000);
  new Invariants(run.sim, run.kinds).check();
  return run;
}

/** Serial numbers, from 0, of the messages that were dropped. */
function dropped({ sim }: SmallRun): number[] {
  const { values } = sim.trace.rows.read(0);
  const rows = Array.from({ length: values.length / TRACE_ROW.size }, (_, row) => row * TRACE_ROW.size);
  return rows
    .filter((at) => values[at + TRACE_ROW.code] === TRACE.dropped)
    .map((at) => values[at + TRACE_ROW.a]);
}

describe('a full queue', () => {
  it('holds the sender back when it blocks', () => {
    const run = filled({ capacity: 3 }, 5);
    expect(run.kinds.held(run.sim, 1)).toBe(3);
    expect(run.kinds.held(run.sim, 0)).toBe(1);
  });

  it('drops the oldest: of m1 to m5, m3 to m5 stay', () => {
    const run = filled({ capacity: 3, overflow: 'drop-oldest' }, 5);
    expect(run.sim.metrics.of(1, METRIC.dropped)).toBe(2);
    expect(run.kinds.held(run.sim, 1)).toBe(3);
    expect(dropped(run)).toEqual([0, 1]);
  });

  it('drops the newest: of m1 to m5, m1 to m3 stay', () => {
    const run = filled({ capacity: 3, overflow: 'drop-newest' }, 5);
    expect(run.sim.metrics.of(1, METRIC.dropped)).toBe(2);
    expect(dropped(run)).toEqual([3, 4]);
  });

  it('dead-letters the oldest, or drops it where no edge leads on', () => {
    const run = filled({ capacity: 3, overflow: 'dead-letter' }, 5, true);
    expect(run.sim.metrics.of(2, METRIC.deadLettered)).toBe(2);
    expect(run.sim.metrics.of(1, METRIC.dropped)).toBe(0);
    expect(filled({ capacity: 3, overflow: 'dead-letter' }, 5).sim.metrics.of(1, METRIC.dropped)).toBe(2);
  });

  it('passes backpressure on when its dead letters find their target full', () => {
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000 } },
        { id: 'q', kind: 'queue', fields: { capacity: 2, overflow: 'dead-letter' } },
        { id: 'parked', kind: 'queue', fields: { capacity: 1 } },
      ],
      edges: ['p > q', 'q.dead > parked'],
    });
    run.until(100);
    new Invariants(run.sim, run.kinds).check();
    // Two in the queue (one of them pushed out and waiting), one parked, one at the producer.
    expect(run.sim.metrics.produced).toBe(4);
    run.kinds.setField(run.sim, 2, 'capacity', 3);
    run.until(200);
    expect(run.sim.metrics.produced).toBe(6);
    expect(run.kinds.held(run.sim, 2)).toBe(3);
  });
});

describe('consumers that compete for a queue', () => {
  const twoGroups = (fields: Record<string, Json>, rate: number): SmallRun =>
    smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate, stopAfter: 60 } },
        { id: 'q', kind: 'queue' },
        { id: 'a', kind: 'consumer-group', fields },
        { id: 'b', kind: 'consumer-group', fields },
      ],
      edges: ['p > q', 'q > a', 'q > b'],
    });

  it('take turns, and each message goes to one of them', () => {
    const run = twoGroups({ members: 1, serviceTime: { shape: 'constant', mean: 1 } }, 100);
    run.until(10_000);
    expect([0, 1, 2, 3].map((node) => run.sim.metrics.of(node, METRIC.acknowledged))).toEqual([0, 0, 30, 30]);
  });

  it('leave the turn to another when they are busy', () => {
    const run = twoGroups({ members: 1, serviceTime: { shape: 'constant', mean: 1 } }, 100);
    run.kinds.inject(run.sim, 2, 'slow', { factor: 1000 });
    run.until(700);
    expect(run.sim.metrics.of(2, METRIC.attempts)).toBe(1);
    expect(run.sim.metrics.of(3, METRIC.acknowledged)).toBe(59);
  });

  it('take turns over the members of a group', () => {
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 100, stopAfter: 60 } },
        { id: 'q', kind: 'queue' },
        {
          id: 'a',
          kind: 'consumer-group',
          fields: { members: 40, serviceTime: { shape: 'constant', mean: 1 } },
        },
      ],
      edges: ['p > q', 'q > a'],
    });
    run.until(10_000);
    const done = Array.from({ length: 40 }, (_, member) => run.kinds.groups.memberDone(2, member));
    expect(done).toEqual(Array.from({ length: 40 }, (_, member) => (member < 20 ? 2 : 1)));
  });
});

describe('a queue whose consumer dies', () => {
  it('gets the message back at its place, marked as delivered before', () => {
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: 3 } },
        { id: 'q', kind: 'queue' },
        {
          id: 'g',
          kind: 'consumer-group',
          fields: { members: 1, serviceTime: { shape: 'constant', mean: 100 } },
        },
      ],
      edges: ['p > q', 'q > g'],
    });
    run.until(50);
    run.kinds.inject(run.sim, 2, 'crash', { member: 1 });
    expect(run.kinds.held(run.sim, 1)).toBe(3);
    expect(run.sim.messages.flags[0]).toBe(2);
    run.until(500);
    expect(run.sim.metrics.of(2, METRIC.acknowledged)).toBe(0);
    run.kinds.heal(run.sim, 2, 'crash', { member: 1 });
    run.until(599);
    expect(run.sim.metrics.of(2, METRIC.acknowledged)).toBe(0);
    run.until(600);
    expect(run.sim.metrics.of(2, METRIC.acknowledged)).toBe(1);
    expect(run.sim.metrics.histograms.max(run.sim.metrics.designHistogram)).toBe(599_000);
  });
});

it('counts the failures of a message anew when it was sent on to another queue', () => {
  const slow = { members: 1, serviceTime: { shape: 'constant', mean: 1000 } };
  const run = smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 10, stopAfter: 1 } },
      { id: 'a', kind: 'queue', fields: { queueType: 'quorum', deliveryLimit: 5 } },
      { id: 'g', kind: 'consumer-group', fields: slow },
      { id: 'b', kind: 'queue', fields: { queueType: 'quorum', deliveryLimit: 1 } },
      { id: 'h', kind: 'consumer-group', fields: slow },
    ],
    edges: ['p > a', 'a > g', 'g > b', 'b > h'],
  });
  const dies = (group: string) => {
    run.kinds.inject(run.sim, run.node(group), 'crash', { member: 1 });
    run.kinds.heal(run.sim, run.node(group), 'crash', { member: 1 });
  };
  for (const at of [200, 300]) {
    run.until(at);
    dies('g');
  }
  run.until(1500);
  dies('h');
  run.until(5000);
  expect(run.sim.metrics.of(run.node('h'), METRIC.acknowledged)).toBe(1);
});
