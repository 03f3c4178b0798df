import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';
import { deathsOf } from '../shared/deaths.ts';
import { QUEUE_STATE } from './queue-states.ts';

type Fields = Record<string, Json>;

const REJECTING = { failureProbability: 1, onFailure: 'reject', serviceTime: { shape: 'constant', mean: 1 } };

/** Three messages with the key `order`, rejected by who reads `work`, whose dead letters go to a direct exchange. */
function rejected(work: Fields, producer: Fields = {}): SmallRun {
  const run = smallRun({
    nodes: [
      {
        id: 'p',
        kind: 'producer',
        fields: { arrivals: 'constant', rate: 1000, stopAfter: 3, routingKey: 'order', ...producer },
      },
      { id: 'work', kind: 'queue', fields: work },
      { id: 'g', kind: 'consumer-group', fields: REJECTING },
      { id: 'dlx', kind: 'exchange', fields: { type: 'direct' } },
      { id: 'orders', kind: 'queue' },
      { id: 'parked', kind: 'queue' },
    ],
    edges: ['p > work', 'work > g', 'work.dead > dlx', 'dlx > orders', 'dlx > parked'],
    edgeFields: { 'dlx > orders': { bindingKey: 'order' }, 'dlx > parked': { bindingKey: 'dead.work' } },
  });
  run.until(1000);
  new Invariants(run.sim, run.kinds).check();
  return run;
}

const held = (run: SmallRun, ...ids: string[]) => ids.map((id) => run.kinds.held(run.sim, run.node(id)));

describe('a dead-letter exchange', () => {
  it('routes a dead letter by its own key', () => {
    expect(held(rejected({}), 'orders', 'parked')).toEqual([3, 0]);
  });

  it('routes it by the key that its queue gives it, where it gives one', () => {
    expect(held(rejected({ deadLetterRoutingKey: 'dead.work' }), 'orders', 'parked')).toEqual([0, 3]);
  });

  it('loses what no binding takes without a word, even if its producer wanted it back', () => {
    const run = rejected({ deadLetterRoutingKey: 'nobody' }, { unroutable: 'return' });
    expect(held(run, 'orders', 'parked', 'dlx')).toEqual([0, 0, 0]);
    expect(run.sim.metrics.of(run.node('dlx'), METRIC.dropped)).toBe(3);
    expect(run.kinds.exchanges.returnedBy(run.node('dlx'))).toBe(0);
  });
});

/** Messages that expire in `wait` after 200 ms and then come by way of an exchange to `work` and back to `wait`. */
function goingRound(work: Fields, reads: boolean): SmallRun {
  const run = smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: 3 } },
      { id: 'work', kind: 'queue', fields: work },
      { id: 'wait', kind: 'queue', fields: { ttl: 200 } },
      { id: 'again', kind: 'exchange', fields: { type: 'fanout' } },
      { id: 'g', kind: 'consumer-group', fields: REJECTING },
    ],
    edges: [
      'p > work',
      'work.dead > wait',
      'wait.dead > again',
      'again > work',
      ...(reads ? (['work > g'] as const) : []),
    ],
  });
  run.until(10_000);
  new Invariants(run.sim, run.kinds).check();
  return run;
}

describe('x-death', () => {
  // Recorded over two hops: [q2 maxlen 1, q1 expired 1].
  it('names the queues that a letter died in, the latest first', () => {
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: 2 } },
        { id: 'q1', kind: 'queue', fields: { ttl: 10 } },
        { id: 'x', kind: 'exchange', fields: { type: 'fanout' } },
        { id: 'q2', kind: 'queue', fields: { capacity: 1, overflow: 'dead-letter' } },
        { id: 'dlq', kind: 'dead-letter-queue' },
      ],
      edges: ['p > q1', 'q1.dead > x', 'x > q2', 'q2.dead > dlq'],
    });
    run.until(100);
    const [letter] = run.kinds.deadLetters.newest(run.sim, run.node('dlq'), 5);
    expect(letter.deaths).toEqual([
      { queue: run.node('q2'), reason: 'maxlen', times: 1 },
      { queue: run.node('q1'), reason: 'expired', times: 1 },
    ]);
  });
});

describe('a dead letter that comes back to the queue in which it died', () => {
  // Recorded: a queue that dead-letters into itself by a time to live drops what comes back.
  it('is dropped if it only ever expired', () => {
    const run = goingRound({ ttl: 100 }, false);
    expect(run.sim.metrics.of(run.node('work'), METRIC.dropped)).toBe(3);
    expect(run.kinds.queues.deaths(run.node('wait')).expired).toBe(3);
  });

  it('leaves the room for which it was called to the next in line', () => {
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: 5 } },
        { id: 'a', kind: 'queue', fields: { capacity: 1, overflow: 'block', ttl: 20 } },
        { id: 'b', kind: 'queue', fields: { ttl: 10 } },
      ],
      edges: ['p > a', 'a.dead > b', 'b.dead > a'],
    });
    run.until(10_000);
    new Invariants(run.sim, run.kinds).check();
    expect(held(run, 'p', 'a', 'b')).toEqual([0, 0, 0]);
    expect(run.sim.metrics.of(run.node('a'), METRIC.dropped)).toBe(5);
    expect(run.kinds.queues.states.state[run.node('a')]).toBe(QUEUE_STATE.open);
  });

  it('is taken like any other if somebody redrove it', () => {
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: 3 } },
        { id: 'a', kind: 'queue', fields: { ttl: 10 } },
        { id: 'b', kind: 'queue', fields: { ttl: 10 } },
        { id: 'dlq', kind: 'dead-letter-queue' },
      ],
      edges: ['p > a', 'a.dead > b', 'b.dead > dlq', 'dlq > b'],
    });
    run.until(100);
    const args = { count: 0, rate: 0, to: 'source', messages: 'as-they-are' };
    run.kinds.inject(run.sim, run.node('dlq'), 'redrive', args);
    run.until(200);
    expect(run.kinds.queues.deaths(run.node('b')).expired).toBe(6);
    expect(run.sim.metrics.of(run.node('b'), METRIC.dropped)).toBe(0);
    const [letter] = run.kinds.deadLetters.newest(run.sim, run.node('dlq'), 1);
    expect(letter.deaths).toEqual([{ queue: run.node('b'), reason: 'expired', times: 1 }]);
  });

  it('is taken like any other if a consumer published it anew', () => {
    const quick = { shape: 'constant', mean: 1 };
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: 1 } },
        { id: 'work', kind: 'queue' },
        { id: 'g', kind: 'consumer-group', fields: { serviceTime: quick } },
        { id: 'wait', kind: 'queue', fields: { ttl: 10 } },
        { id: 'more', kind: 'queue', fields: { ttl: 10 } },
      ],
      edges: ['p > work', 'work > g', 'g > wait', 'wait.dead > more', 'more.dead > work'],
    });
    run.until(1000);
    expect(run.kinds.queues.deaths(run.node('more')).expired).toBeGreaterThan(40);
    expect(run.sim.metrics.of(run.node('more'), METRIC.dropped)).toBe(0);
  });

  it('has died nowhere when it comes out of a topic, whoever gave it up on the way', () => {
    const quick = { shape: 'constant', mean: 1 };
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: 1 } },
        { id: 'q', kind: 'queue' },
        { id: 'g', kind: 'consumer-group', fields: { ...REJECTING, onFailure: 'retry', maxAttempts: 1 } },
        { id: 't', kind: 'topic' },
        { id: 'copies', kind: 'consumer-group', fields: { serviceTime: quick } },
        { id: 'gives-up', kind: 'consumer-group', fields: { ...REJECTING, maxAttempts: 1 } },
        { id: 'end', kind: 'queue' },
        { id: 'rest', kind: 'queue' },
      ],
      edges: [
        'p > q',
        'q > g',
        'g.failed > t',
        't > copies',
        'copies > q',
        't > gives-up',
        'gives-up.failed > end',
        'q.dead > rest',
      ],
    });
    run.until(100);
    const { messages, metrics } = run.sim;
    expect(metrics.of(run.node('q'), METRIC.in)).toBeGreaterThan(20);
    const deaths = Array.from({ length: 3 }, (_, message) => deathsOf(messages, message));
    expect(deaths.flat().filter(({ queue, times }) => queue !== run.node('q') || times > 1)).toEqual([]);
    const letter = run.kinds.queues.head(run.node('end'));
    expect(deathsOf(messages, letter)).toEqual([]);
  });

  // Recorded: work (reject) → wait (time to live 200) → work goes on for ever.
  it('goes on for ever if somebody rejected it on the way', () => {
    const run = goingRound({}, true);
    expect(run.sim.metrics.of(run.node('work'), METRIC.dropped)).toBe(0);
    expect(run.kinds.queues.deaths(run.node('work')).rejected).toBeGreaterThan(120);
  });
});
