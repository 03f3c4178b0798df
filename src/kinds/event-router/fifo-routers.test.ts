import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { TRACE, TRACE_ROW } from '../../engine/trace.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';

type Fields = Record<string, Json>;

/** A producer, a FIFO topic, a queue of SQS and a group that reads it. */
function topic(producer: Fields, fields: Fields = {}, queue: Fields = { profile: 'sqs-fifo' }): SmallRun {
  const run = smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', ...producer } },
      { id: 't', kind: 'event-router', fields: { profile: 'sns-fifo', ...fields } },
      { id: 'q', kind: 'cloud-broker', fields: queue },
      {
        id: 'g',
        kind: 'consumer-group',
        fields: { members: 5, serviceTime: { shape: 'constant', mean: 1 } },
      },
    ],
    edges: ['p > t', 't > q', 'q > g'],
  });
  run.sim.trace.messages = true;
  return run;
}

function until(run: SmallRun, seconds: number): SmallRun {
  run.until(seconds * 1000);
  new Invariants(run.sim, run.kinds).check();
  return run;
}

const count = (run: SmallRun, node: string, metric: keyof typeof METRIC) =>
  run.sim.metrics.of(run.node(node), METRIC[metric]);
const turnedAway = (run: SmallRun) => run.kinds.routers.fifoResults(run.node('t'));

/** Messages in the order in which they came to the queue, by the order in which they were made. */
function came({ sim, node }: SmallRun): number[] {
  const { values } = sim.trace.rows.read(0);
  const made = new Map<number, number>();
  const found: number[] = [];
  for (let row = 0; row < values.length; row += TRACE_ROW.size) {
    const [, step, where, serial] = values.subarray(row, row + TRACE_ROW.size);
    if (step === TRACE.produced) made.set(serial, made.size);
    if (step === TRACE.entered && where === node('q')) found.push(made.get(serial)!);
  }
  return found;
}

describe('a FIFO topic of SNS', () => {
  it('delivers in order per group what its queue did not take at first', () => {
    // The queue answers 300 calls a second: of 400 a second, a quarter is tried again.
    const one = { rate: 400, stopAfter: 600, keys: 'uniform', keyCount: 1 };
    const fifo = until(topic(one), 60);
    expect(count(fifo, 't', 'retries')).toBeGreaterThan(3);
    expect(came(fifo)).toEqual(Array.from({ length: 600 }, (_, at) => at));
    const standard = until(topic(one, { profile: 'sns' }), 60);
    expect(came(standard)).toHaveLength(600);
    expect(came(standard)).not.toEqual(came(fifo));
  });

  it('lets other groups go on while one is tried again', () => {
    const run = topic({ rate: 10, stopAfter: 40, keys: 'uniform', keyCount: 4 });
    run.kinds.links.inject(run.sim, run.edge('t > q'), 'partition', {});
    until(run, 5);
    expect([count(run, 'q', 'in'), run.kinds.routers.results(run.edge('t > q'))!.pending]).toEqual([0, 40]);
    run.kinds.links.heal(run.sim, run.edge('t > q'), 'partition');
    until(run, 200);
    // One of each group was tried while the others of it waited behind.
    expect(run.kinds.routers.results(run.edge('t > q'))).toMatchObject({
      failures: 4,
      delivered: 40,
      pending: 0,
    });
    expect(came(run)).not.toEqual(came(run).toSorted((a, b) => a - b));
  });

  it('takes 3,000 messages a second and refuses the rest until the next, unless it has high throughput', () => {
    const many = { arrivals: 'schedule', schedule: [{ atMs: 0, ratePerSecond: 1e7 }], stopAfter: 7000 };
    const queue = { profile: 'sqs' };
    const taken = (run: SmallRun) => [0.9, 1.9, 2.9].map((second) => count(until(run, second), 't', 'in'));
    const limited = topic(many, {}, queue);
    expect(taken(limited)).toEqual([3000, 6000, 7000]);
    expect(turnedAway(limited)!.refused).toBeGreaterThanOrEqual(2);
    expect(taken(topic(many, { fifoScope: 'message-group' }, queue))).toEqual([7000, 7000, 7000]);
  });

  it('drops a repetition within five minutes of the first', () => {
    const twice = (second: number) => {
      const at = (atMs: number) => ({
        arrivals: 'schedule',
        schedule:
          atMs > 0
            ? [
                { atMs: 0, ratePerSecond: 0 },
                { atMs, ratePerSecond: 1e7 },
              ]
            : [{ atMs, ratePerSecond: 1e7 }],
        stopAfter: 1,
        keys: 'uniform',
        keyCount: 1,
      });
      const run = smallRun({
        nodes: [
          { id: 'p', kind: 'producer', fields: at(0) },
          { id: 'o', kind: 'producer', fields: at(second * 1000) },
          { id: 't', kind: 'event-router', fields: { profile: 'sns-fifo', dedupId: 'key' } },
          { id: 'q', kind: 'cloud-broker' },
        ],
        edges: ['p > t', 'o > t', 't > q'],
      });
      until(run, 1000);
      return [count(run, 'q', 'in'), turnedAway(run)!.deduplicated];
    };
    expect([twice(299), twice(301)]).toEqual([
      [1, 1],
      [2, 0],
    ]);
  });
});
