import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';
import { QUEUE_STATE } from './queue-states.ts';

type Fields = Record<string, Json>;

/** One message of so many bytes a millisecond from each producer, in order, into a queue that nobody reads. */
function holding(sizes: readonly number[], queue: Fields): SmallRun {
  const run = smallRun({
    nodes: [
      ...sizes.map((size, index) => ({
        id: `p${index}`,
        kind: 'producer',
        fields: { arrivals: 'constant', rate: 1000 / (index + 1), stopAfter: 1, size: constant(size) },
      })),
      { id: 'q', kind: 'queue', fields: queue },
      { id: 'dlq', kind: 'dead-letter-queue' },
    ],
    edges: [...sizes.map((_, index) => `p${index} > q` as const), 'q.dead > dlq'],
  });
  run.until(100);
  new Invariants(run.sim, run.kinds).check();
  return run;
}

const constant = (mean: number): Json => ({ shape: 'constant', mean });
const ready = (run: SmallRun): number => run.sim.metrics.of(run.node('q'), METRIC.queued);
const bytes = (run: SmallRun): number | undefined => run.kinds.queues.limits.bytes(run.node('q'))?.bytes;
const letters = (run: SmallRun): number => run.kinds.deadLetters.stored(run.sim, run.node('dlq'));
const level = (run: SmallRun): number => run.kinds.queues.limits.level(run.node('q'));

describe('a queue with a limit in bytes', () => {
  // Recorded: 4 + 4 + 4 + 2 bytes into a queue of 10 leave the last three.
  it('pushes out its oldest until the bytes fit', () => {
    const run = holding([4, 4, 4, 2], { capacityBytes: 10, overflow: 'dead-letter' });
    expect([ready(run), bytes(run), letters(run)]).toEqual([3, 10, 1]);
    expect(level(run)).toBe(1);
  });

  // Recorded: one message of 4 bytes into a queue of 3 leaves it empty.
  it('pushes out a message that is larger than the limit, and all before it', () => {
    expect(
      [4, 1].map((size) => ready(holding([1, 1, size], { capacityBytes: 3, overflow: 'drop-oldest' }))),
    ).toEqual([0, 3]);
    expect(letters(holding([1, 1, 4], { capacityBytes: 3, overflow: 'dead-letter' }))).toBe(3);
  });

  it('refuses what does not fit, and takes a smaller one after it', () => {
    const run = holding([4, 4, 4, 2], { capacityBytes: 10, overflow: 'drop-newest' });
    expect([ready(run), bytes(run), letters(run)]).toEqual([3, 10, 0]);
    expect(run.sim.metrics.of(run.node('q'), METRIC.dropped)).toBe(1);
    expect(run.kinds.queues.states.state[run.node('q')]).toBe(QUEUE_STATE.refusing);
  });

  it('goes by whichever limit is reached first', () => {
    const both = { overflow: 'drop-newest', capacity: 2, capacityBytes: 10 };
    expect(ready(holding([1, 1, 1], both))).toBe(2);
    expect(ready(holding([8, 8], both))).toBe(1);
  });

  it('hands a message that is larger than the limit to a consumer that waits for one', () => {
    const run = smallRun({
      nodes: [
        {
          id: 'p',
          kind: 'producer',
          fields: { arrivals: 'constant', rate: 10, stopAfter: 3, size: constant(9) },
        },
        { id: 'q', kind: 'queue', fields: { capacityBytes: 3, overflow: 'drop-oldest' } },
        { id: 'g', kind: 'consumer-group', fields: { serviceTime: constant(1) } },
      ],
      edges: ['p > q', 'q > g'],
    });
    run.until(1000);
    expect(run.sim.metrics.of(run.node('g'), METRIC.acknowledged)).toBe(3);
  });

  it('is open again when a message that is larger than the limit has gone as it came', () => {
    const run = holding([1, 1, 1, 1, 9], { overflow: 'drop-oldest', capacityBytes: 3 });
    expect(ready(run)).toBe(0);
    expect(run.kinds.queues.states.state[run.node('q')]).toBe(QUEUE_STATE.open);
  });

  it('lets blocked senders in as soon as their bytes fit', () => {
    const run = smallRun({
      nodes: [
        {
          id: 'p',
          kind: 'producer',
          fields: { arrivals: 'constant', rate: 1000, stopAfter: 9, size: constant(40) },
        },
        {
          id: 'big',
          kind: 'producer',
          fields: { arrivals: 'constant', rate: 300, stopAfter: 1, size: constant(500) },
        },
        { id: 'q', kind: 'queue', fields: { capacityBytes: 100, overflow: 'block' } },
        { id: 'g', kind: 'consumer-group', fields: { members: 1, serviceTime: constant(10) } },
      ],
      edges: ['p > q', 'big > q', 'q > g'],
    });
    run.until(9);
    expect(bytes(run)).toBe(80);
    expect(run.kinds.queues.states.state[run.node('q')]).toBe(QUEUE_STATE.blocking);
    new Invariants(run.sim, run.kinds).check();
    run.until(1000);
    expect(run.sim.metrics.of(run.node('g'), METRIC.acknowledged)).toBe(10);
    expect(run.kinds.queues.states.state[run.node('q')]).toBe(QUEUE_STATE.open);
    new Invariants(run.sim, run.kinds).check();
  });
});

it('a queue that could push out nothing while a dead letter waited comes down to its limit when it has left', () => {
  const run = smallRun({
    nodes: [
      {
        id: 'p',
        kind: 'producer',
        fields: { arrivals: 'constant', rate: 1000, stopAfter: 8, size: constant(100) },
      },
      { id: 'q', kind: 'queue', fields: { capacityBytes: 200, overflow: 'dead-letter' } },
      {
        id: 'g',
        kind: 'consumer-group',
        fields: { members: 1, concurrency: 3, serviceTime: constant(3_600_000) },
      },
      { id: 'dead', kind: 'queue', fields: { capacity: 1, overflow: 'block' } },
      { id: 'slow', kind: 'consumer-group', fields: { members: 1, serviceTime: constant(50) } },
    ],
    edges: ['p > q', 'q > g', 'q.dead > dead', 'dead > slow'],
  });
  run.until(20);
  expect([ready(run), run.kinds.queues.lettersWaiting(run.node('q'))]).toEqual([2, 1]);
  run.kinds.inject(run.sim, run.node('g'), 'crash', { member: 1 });
  run.until(50);
  expect(ready(run), 'nothing can leave').toBe(5);
  run.until(1000);
  expect(ready(run)).toBe(2);
});
