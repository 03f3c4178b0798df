import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC, type Metric } from '../../engine/metrics.ts';
import { TRACE, TRACE_ROW } from '../../engine/trace.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';

type Fields = Record<string, Json>;

const constant = (mean: number): Json => ({ shape: 'constant', mean });
const DELAYS = {
  queueType: 'quorum',
  delayedRetryType: 'all',
  delayedRetryMin: 1000,
  delayedRetryMax: 30_000,
};

/** Messages that come at once every millisecond, and a consumer that fails at everything after 10 ms. */
function failing(queue: Fields, group: Fields = {}, messages = 1): SmallRun {
  const serviceTime = constant(10);
  const run = smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: messages } },
      { id: 'q', kind: 'queue', fields: { ...DELAYS, ...queue } },
      {
        id: 'g',
        kind: 'consumer-group',
        fields: { members: 1, serviceTime, failureProbability: 1, onFailure: 'requeue', ...group },
      },
      { id: 'dlq', kind: 'dead-letter-queue' },
    ],
    edges: ['p > q', 'q > g', 'q.dead > dlq'],
  });
  run.sim.trace.messages = true;
  return run;
}

/** When the consumer began with each message, in whole milliseconds, and with which: 0 for the first that it had. */
function begun({ sim, node }: SmallRun): { ms: number; who: number }[] {
  const { values } = sim.trace.rows.read(0);
  const found: { ms: number; serial: number }[] = [];
  for (let row = 0; row < values.length; row += TRACE_ROW.size) {
    const [time, code, where, serial] = values.subarray(row, row + TRACE_ROW.size);
    if (code === TRACE.started && where === node('g')) found.push({ ms: Math.round(time / 1000), serial });
  }
  return found.map(({ ms, serial }) => ({ ms, who: serial - found[0].serial }));
}

/** How long the one message was away between its tries, the 10 ms of each try taken off. */
function delays(run: SmallRun, untilMs: number): number[] {
  run.until(untilMs);
  const times = begun(run).map(({ ms }) => ms);
  return times.slice(1).map((ms, at) => ms - times[at] - 10);
}

const delayed = ({ kinds, node }: SmallRun) => kinds.queues.delayedIn(node('q'));
const figure = (run: SmallRun, metric: Metric) => run.sim.metrics.of(run.node('q'), metric);
const check = ({ sim, kinds }: SmallRun) => new Invariants(sim, kinds).check();

describe('delayed retries of a quorum queue', () => {
  // RabbitMQ 4.3, docs/quorum-queues, "Delayed Retry": min(min_delay * delivery_count, max_delay), 1000 and 30000.
  it('grow by the shortest delay with each failure', () => {
    expect(delays(failing({}), 12_000)).toEqual([1000, 2000, 3000, 4000]);
  });

  it('are not longer than the longest', () => {
    expect(delays(failing({ delayedRetryMax: 2500 }), 9000)).toEqual([1000, 2000, 2500, 2500]);
  });

  it('grow in a queue without a delivery limit too', () => {
    expect(delays(failing({ deliveryLimit: 0 }), 12_000)).toEqual([1000, 2000, 3000, 4000]);
  });

  // The same page: the count grows with failures only, so what is let go of waits for no longer than the shortest delay.
  it('do not grow with what is only let go of', () => {
    expect(delays(failing({}, { onFailure: 'nack' }), 3100)).toEqual([1000, 1000, 1000]);
  });

  it.each([
    ['failed', 'requeue', 1000],
    ['failed', 'nack', 0],
    ['returned', 'nack', 1000],
    ['returned', 'requeue', 0],
    ['disabled', 'requeue', 0],
  ])('of type %s: what comes back by %s waits for %i ms', (delayedRetryType, onFailure, first) => {
    expect(delays(failing({ delayedRetryType }, { onFailure }), 1500)[0]).toBe(first);
  });

  it('are for quorum queues alone', () => {
    expect(delays(failing({ queueType: 'classic' }), 100)[0]).toBe(0);
  });

  it('are for what a consumer had that crashed', () => {
    const run = failing({}, { serviceTime: constant(500), failureProbability: 0 });
    run.until(100);
    run.kinds.inject(run.sim, run.node('g'), 'crash', { member: 1 });
    run.kinds.heal(run.sim, run.node('g'), 'crash', { member: 1 });
    expect([delayed(run), figure(run, METRIC.queued)]).toEqual([1, 0]);
    run.until(5000);
    expect(begun(run).map(({ ms }) => ms)).toEqual([1, 1100]);
    check(run);
  });

  it('are not for what is over its delivery limit', () => {
    const run = failing({ deliveryLimit: 1 });
    run.until(1050);
    expect([delayed(run), run.kinds.queues.deaths(run.node('q')).delivery_limit]).toEqual([0, 1]);
  });

  it('keep the message in the queue, not ready, until they are due', () => {
    const run = failing({});
    run.until(500);
    expect([delayed(run), figure(run, METRIC.queued), run.kinds.held(run.sim, run.node('q'))]).toEqual([
      1, 0, 1,
    ]);
    check(run);
  });
});

describe('a message that waits for its retry', () => {
  it('goes before those that came meanwhile, in order of return', () => {
    const run = failing({ delayedRetryMin: 15 }, {}, 4);
    run.until(62);
    expect(begun(run).map(({ who }) => who)).toEqual([0, 1, 2, 0, 1, 2, 3]);
  });

  it('lets others be delivered meanwhile', () => {
    const run = failing({}, {}, 3);
    run.until(100);
    expect(begun(run).map(({ who }) => who)).toEqual([0, 1, 2]);
    expect(delayed(run)).toBe(3);
  });

  it('counts towards the limit in messages, which refuses new ones', () => {
    const run = failing({ capacity: 2, overflow: 'drop-newest' }, {}, 40);
    run.until(900);
    expect([delayed(run), figure(run, METRIC.queued)]).toEqual([3, 0]);
    expect(figure(run, METRIC.dropped)).toBe(37);
    check(run);
  });

  it('counts towards the limit in bytes', () => {
    const run = failing({ capacityBytes: 2000, overflow: 'drop-newest' }, {}, 40);
    run.until(900);
    const { bytes } = run.kinds.queues.limits.bytes(run.node('q'))!;
    expect(bytes).toBe(delayed(run) * 1000);
    expect(figure(run, METRIC.dropped)).toBeGreaterThan(30);
    check(run);
  });

  it('is not pushed out: a new message that nobody takes is', () => {
    const run = failing({ capacity: 1, overflow: 'drop-oldest' }, {}, 40);
    run.until(900);
    expect(figure(run, METRIC.queued)).toBe(0);
    expect(delayed(run)).toBeGreaterThan(1);
    check(run);
  });

  it('lets a sender in when it is done at last', () => {
    const run = failing({ capacity: 1, deliveryLimit: 1 }, {}, 8);
    run.until(60_000);
    expect(run.kinds.queues.deaths(run.node('q')).delivery_limit).toBe(8);
    expect(run.kinds.held(run.sim, run.node('q'))).toBe(0);
    check(run);
  });

  it('expires when it is due, not before', () => {
    const run = failing({ ttl: 300 });
    run.until(1000);
    expect([delayed(run), run.kinds.queues.deaths(run.node('q')).expired]).toEqual([1, 0]);
    run.until(1020);
    expect([delayed(run), run.kinds.queues.deaths(run.node('q')).expired]).toEqual([0, 1]);
    expect(begun(run)).toHaveLength(1);
    check(run);
  });

  it('goes to the member that is active then, where only one gets messages', () => {
    const run = failing({ consumers: 'one' }, { members: 2 });
    run.until(500);
    run.kinds.inject(run.sim, run.node('g'), 'crash', { member: 1 });
    run.until(2000);
    expect(begun(run)).toHaveLength(2);
    check(run);
  });

  it('counts its failures anew in the queue that it goes on to', () => {
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: 1 } },
        { id: 'a', kind: 'queue', fields: { queueType: 'quorum' } },
        { id: 'b', kind: 'consumer-group', fields: { members: 1, serviceTime: constant(100) } },
        { id: 'q', kind: 'queue', fields: DELAYS },
        {
          id: 'g',
          kind: 'consumer-group',
          fields: { serviceTime: constant(10), failureProbability: 1, onFailure: 'requeue' },
        },
      ],
      edges: ['p > a', 'a > b', 'b > q', 'q > g'],
    });
    run.sim.trace.messages = true;
    run.until(50);
    run.kinds.inject(run.sim, run.node('b'), 'crash', { member: 1 });
    run.kinds.heal(run.sim, run.node('b'), 'crash', { member: 1 });
    expect(delays(run, 1900)).toEqual([1000]);
  });

  it('is there again after going back to a snapshot', () => {
    const run = failing({}, {}, 100);
    run.until(800);
    const snapshot = run.sim.snapshot();
    run.until(9000);
    const hash = run.sim.hash.hex();
    run.sim.restore(snapshot);
    expect(delayed(run)).toBe(79);
    run.until(9000);
    expect(run.sim.hash.hex()).toBe(hash);
    check(run);
  });
});
