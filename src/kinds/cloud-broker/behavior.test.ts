import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { TRACE, TRACE_ROW } from '../../engine/trace.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallNode, type SmallRun } from '../../testing/small-run.ts';
import type { CloudCount } from './cloud-counts.ts';

const constant = (seconds: number): Json => ({ shape: 'constant', mean: seconds * 1000 });
const never = { failureProbability: 1, maxAttempts: 1 };

/** A producer of some messages at a second, all of one key. */
function sender(id: string, second: number, count = 1, fields: Record<string, Json> = {}): SmallNode {
  const schedule = [
    { atMs: 0, ratePerSecond: 0 },
    { atMs: second * 1000, ratePerSecond: 1e7 },
  ].slice(second > 0 ? 0 : 1);
  const once = { arrivals: 'schedule', schedule, stopAfter: count };
  return { id, kind: 'producer', fields: { ...once, keys: 'uniform', keyCount: 1, ...fields } };
}

/** One producer for each second named, a broker, its consumers and its dead letters. */
function sent(
  seconds: readonly number[],
  broker: Record<string, Json>,
  groups: readonly Record<string, Json>[],
): SmallRun {
  const senders = seconds.map((at, place) => sender(`p${place}`, at));
  const readers = groups.map((fields, place) => ({
    id: `g${place}`,
    kind: 'consumer-group',
    fields: { members: 1, serviceTime: constant(1), ...fields },
  }));
  const run = smallRun({
    nodes: [
      ...senders,
      { id: 'b', kind: 'cloud-broker', fields: broker },
      ...readers,
      { id: 'dlq', kind: 'dead-letter-queue' },
    ],
    edges: [
      ...senders.map(({ id }) => `${id} > b` as const),
      ...readers.map(({ id }) => `b > ${id}` as const),
      'b.dead > dlq',
    ],
  });
  run.sim.trace.messages = true;
  return run;
}

/** Seconds, rounded, at which a step happened at a node, with the producers that the messages are of. */
function steps({ sim, node }: SmallRun, code: number, at: string): [second: number, producer: number][] {
  const { values } = sim.trace.rows.read(0);
  const makers = new Map<number, number>();
  const found: [number, number][] = [];
  for (let row = 0; row < values.length; row += TRACE_ROW.size) {
    const [time, step, where, serial] = values.subarray(row, row + TRACE_ROW.size);
    if (step === TRACE.produced) makers.set(serial, where);
    if (step === code && where === node(at)) found.push([Math.round(time / 1e6), makers.get(serial)!]);
  }
  return found;
}

const started = (run: SmallRun, group = 'g0') => steps(run, TRACE.started, group).map(([second]) => second);
const died = (run: SmallRun) => steps(run, TRACE.deadLettered, 'b').map(([second]) => second);
const counted = (run: SmallRun, what: CloudCount) => run.kinds.clouds.counts.of(run.node('b'), what);

function until(run: SmallRun, seconds: number): SmallRun {
  run.until(seconds * 1000);
  new Invariants(run.sim, run.kinds).check();
  return run;
}

describe('SQS standard', () => {
  it('shows a message three times, at 0, 30 and 60 s, and at 90 s it is a dead letter', () => {
    const run = until(sent([0], { maxReceiveCount: 3 }, [never]), 89);
    expect([started(run), died(run)]).toEqual([[0, 30, 60], []]);
    until(run, 1000);
    expect([started(run), died(run)]).toEqual([[0, 30, 60], [90]]);
    expect(run.sim.metrics.of(run.node('dlq'), METRIC.deadLettered)).toBe(1);
  });

  it('gives work of 40 s to a second consumer after 30 s, and both succeed', () => {
    const run = until(sent([0], {}, [{ serviceTime: constant(40) }, { serviceTime: constant(20) }]), 1000);
    expect([started(run, 'g0'), started(run, 'g1')]).toEqual([[0], [30]]);
    expect(run.sim.metrics.total(METRIC.acknowledged)).toBe(2);
    expect(run.sim.metrics.total(METRIC.duplicates)).toBe(1);
    // The first to be done has an old receipt; the second deletes the message.
    expect([counted(run, 'tooLate'), counted(run, 'acknowledged')]).toEqual([1, 1]);
    expect(run.kinds.clouds.stored(run.sim, run.node('b'))).toBe(0);
  });

  it('goes round for ever where all work takes longer than its timeout', () => {
    const run = until(sent([0], {}, [{ members: 2, serviceTime: constant(40) }]), 300);
    expect(started(run)).toEqual([0, 30, 60, 90, 120, 150, 180, 210, 240, 270, 300]);
    expect(counted(run, 'acknowledged')).toBe(0);
  });

  it('lets who is late delete what nobody has received again', () => {
    const run = until(sent([0], {}, [{ serviceTime: constant(40) }]), 1000);
    expect(started(run)).toEqual([0]);
    expect([counted(run, 'timedOut'), counted(run, 'withdrawn'), counted(run, 'acknowledged')]).toEqual([
      1, 1, 1,
    ]);
    expect(run.sim.metrics.copied).toBe(0);
  });

  it('shows again at once what a consumer asks for again, and after the timeout what it lost', () => {
    const asks = until(sent([0], { maxReceiveCount: 3 }, [{ ...never, onFailure: 'nack' }]), 1000);
    expect([started(asks), died(asks)]).toEqual([[0, 1, 2], [3]]);
    const dies = sent([0], {}, [{ serviceTime: constant(10) }]);
    until(dies, 5);
    dies.kinds.inject(dies.sim, dies.node('g0'), 'crash', { member: 1 });
    dies.kinds.heal(dies.sim, dies.node('g0'), 'crash', { member: 1 });
    until(dies, 1000);
    expect(started(dies)).toEqual([0, 30]);
  });

  it('hides a new message for its delay, and deletes what it has kept for too long', () => {
    expect(started(until(sent([0], { delaySeconds: 5000 }, [{}]), 100))).toEqual([5]);
    const unread = until(sent([0, 10], { retentionPeriod: 60_000 }, []), 65);
    expect(unread.sim.metrics.of(unread.node('b'), METRIC.expired)).toBe(1);
    until(unread, 75);
    expect(unread.sim.metrics.of(unread.node('b'), METRIC.expired)).toBe(2);
  });

  it('gives nothing out while the limit of messages in flight is reached', () => {
    const group = { members: 3, serviceTime: constant(10) };
    expect(started(until(sent([0, 0, 0], { inFlightLimit: 2 }, [group]), 1000))).toEqual([0, 0, 10]);
  });

  it('delivers some messages twice, if asked to', () => {
    const run = until(sent([0, 1], { duplicateShare: 1, maxReceiveCount: 2 }, [{ members: 4 }]), 1000);
    expect(started(run)).toEqual([0, 0, 1, 1]);
    expect(run.sim.metrics.of(run.node('g0'), METRIC.duplicates)).toBe(2);
  });
});

describe('SQS FIFO', () => {
  it('hides the next of a key while one is out, and no other key', () => {
    const run = smallRun({
      nodes: [
        sender('a', 0, 3),
        sender('c', 2, 1, { keys: 'none' }),
        { id: 'b', kind: 'cloud-broker', fields: { profile: 'sqs-fifo' } },
        { id: 'g0', kind: 'consumer-group', fields: { members: 5, serviceTime: constant(10) } },
      ],
      edges: ['a > b', 'c > b', 'b > g0'],
    });
    run.sim.trace.messages = true;
    until(run, 1000);
    expect(steps(run, TRACE.started, 'g0')).toEqual([
      [0, 0],
      [2, 1],
      [10, 0],
      [20, 0],
    ]);
  });

  it('keeps the order of a key when its first message comes back', () => {
    const run = sent([0, 1, 2], { profile: 'sqs-fifo', visibilityTimeout: 20_000 }, [
      { serviceTime: constant(5) },
    ]);
    until(run, 2.5);
    run.kinds.inject(run.sim, run.node('g0'), 'crash', { member: 1 });
    run.kinds.heal(run.sim, run.node('g0'), 'crash', { member: 1 });
    until(run, 1000);
    expect(steps(run, TRACE.started, 'g0')).toEqual([
      [0, 0],
      [20, 0],
      [25, 1],
      [30, 2],
    ]);
  });

  it('takes the same id once within five minutes: 0 and 299 s are one message, 301 s is another', () => {
    const fields = { profile: 'sqs-fifo', dedupId: 'key' };
    expect(started(until(sent([0, 299], fields, [{}]), 1000))).toEqual([0]);
    expect(started(until(sent([0, 301], fields, [{}]), 1000))).toEqual([0, 301]);
    // What is not renewed by a repetition is over five minutes after the first.
    expect(started(until(sent([0, 200, 301], fields, [{}]), 1000))).toEqual([0, 301]);
  });

  it('deletes nothing for a receipt that is too old', () => {
    const run = until(sent([0], { profile: 'sqs-fifo' }, [{ serviceTime: constant(40) }]), 100);
    // 40 s of work is never in time: it is done again and again, until a redrive policy ends it.
    expect(started(run)).toEqual([0, 40, 80]);
    expect(counted(run, 'tooLate')).toBe(2);
  });
});

describe('NATS JetStream', () => {
  it('delivers three times with MaxDeliver 3, at 0, 30 and 60 s, and then never again', () => {
    const run = until(sent([0], { profile: 'jetstream', maxDeliver: 3 }, [never]), 1000);
    expect([started(run), died(run)]).toEqual([[0, 30, 60], [90]]);
    expect(counted(run, 'exhausted')).toBe(1);
  });

  it('waits as BackOff says: 1, 5 and 10 s with MaxDeliver 4 are deliveries at 0, 1, 6 and 16 s', () => {
    const fields = { profile: 'jetstream', maxDeliver: 4, backOff: '1, 5, 10' };
    expect(started(until(sent([0], fields, [{ ...never, serviceTime: constant(0.1) }]), 1000))).toEqual([
      0, 1, 6, 16,
    ]);
  });

  it('stores an id once within two minutes: 119 s is a repetition, 121 s is not', () => {
    const fields = { profile: 'jetstream', dedupId: 'key' };
    expect(started(until(sent([0, 119], fields, [{}]), 1000))).toEqual([0]);
    expect(started(until(sent([0, 121], fields, [{}]), 1000))).toEqual([0, 121]);
  });

  it('gives every message to every group, and each its own redeliveries', () => {
    const run = until(sent([0], { profile: 'jetstream', maxDeliver: 2 }, [{}, never]), 1000);
    expect([started(run, 'g0'), started(run, 'g1')]).toEqual([[0], [0, 30]]);
    expect(died(run)).toEqual([60]);
  });

  it('keeps a strict order with one unacknowledged message at a time', () => {
    const fields = { profile: 'jetstream', maxAckPending: 1 };
    expect(started(until(sent([0, 0, 0], fields, [{ members: 3 }]), 1000))).toEqual([0, 1, 2]);
  });

  it('gives out the next at once when one becomes a dead letter that another broker stores', () => {
    const run = smallRun({
      nodes: [
        sender('p', 0, 2),
        { id: 'b', kind: 'cloud-broker', fields: { profile: 'jetstream', maxDeliver: 1, maxAckPending: 1 } },
        { id: 'g0', kind: 'consumer-group', fields: { serviceTime: constant(1), ...never } },
        { id: 'letters', kind: 'cloud-broker', fields: { profile: 'sqs' } },
      ],
      edges: ['p > b', 'b > g0', 'b.dead > letters'],
    });
    run.sim.trace.messages = true;
    // The letter takes the place of the message in the store before the broker looks for the next.
    expect(started(until(run, 100))).toEqual([0, 30]);
  });

  it('takes an acknowledgement that comes late', () => {
    const groups = [{ members: 2, serviceTime: constant(40) }];
    const run = until(sent([0], { profile: 'jetstream' }, groups), 1000);
    expect(started(run)).toEqual([0, 30]);
    expect([counted(run, 'acknowledged'), counted(run, 'tooLate')]).toEqual([1, 1]);
    expect(run.sim.metrics.total(METRIC.duplicates)).toBe(1);
  });
});

describe('Pulsar', () => {
  it('delivers once more than maxRedeliverCount, a minute after each negative acknowledgement', () => {
    const run = until(sent([0], { profile: 'pulsar', maxRedeliverCount: 2 }, [never]), 1000);
    expect(started(run)).toEqual([0, 61, 122]);
    expect(died(run)).toEqual([183]);
  });

  it('redelivers what a dead consumer had at once, and nothing that was acknowledged', () => {
    const group = { members: 1, serviceTime: constant(10) };
    const run = sent([0, 1, 2], { profile: 'pulsar' }, [group]);
    until(run, 15);
    run.kinds.inject(run.sim, run.node('g0'), 'crash', { member: 1 });
    run.kinds.heal(run.sim, run.node('g0'), 'crash', { member: 1 });
    until(run, 1000);
    expect(steps(run, TRACE.started, 'g0').map(([, producer]) => producer)).toEqual([0, 1, 1, 2]);
    expect(run.sim.metrics.of(run.node('g0'), METRIC.duplicates)).toBe(0);
  });

  it('has one of a key out at a time with Key_Shared, and any number with Shared', () => {
    const group = [{ members: 3 }];
    const keyed = { profile: 'pulsar', subscription: 'key-shared' };
    expect(started(until(sent([0, 0, 0], keyed, group), 1000))).toEqual([0, 1, 2]);
    expect(started(until(sent([0, 0, 0], { profile: 'pulsar' }, group), 1000))).toEqual([0, 0, 0]);
  });
});
