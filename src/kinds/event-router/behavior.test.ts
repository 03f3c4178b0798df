import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallDesign, type SmallEdge, type SmallRun } from '../../testing/small-run.ts';

type Fields = Record<string, Json>;

const instant: Json = { shape: 'constant', mean: 0 };

/** So many events at once, at the start of the run. */
function sender(count: number, fields: Fields = {}) {
  const schedule = [{ atMs: 0, ratePerSecond: 1e7 }];
  return {
    id: 'p',
    kind: 'producer',
    fields: { arrivals: 'schedule', schedule, stopAfter: count, ...fields },
  };
}

const queue = (id: string) => ({ id, kind: 'cloud-broker' });
const service = (id: string, fields: Fields = {}) => ({
  id,
  kind: 'service',
  fields: { serviceTime: instant, refusalTime: 0, ...fields },
});

function run(design: SmallDesign): SmallRun {
  const made = smallRun(design);
  made.sim.trace.messages = true;
  return made;
}

/** A router with one service that is down from the start on, and its dead letters. */
function down(profile: string, fields: Fields, answers = 'refused', count = 1): SmallRun {
  const made = run({
    nodes: [
      sender(count),
      { id: 'r', kind: 'event-router', fields: { profile } },
      service('s'),
      { id: 'dlq', kind: 'dead-letter-queue' },
    ],
    edges: ['p > r', 'r > s', 'r.dead > dlq'],
    edgeFields: { 'r > s': fields },
  });
  made.kinds.inject(made.sim, made.node('s'), 'outage', { answers });
  return made;
}

function until(made: SmallRun, seconds: number): SmallRun {
  made.until(seconds * 1000);
  new Invariants(made.sim, made.kinds).check();
  return made;
}

const of = (made: SmallRun, edge: SmallEdge) => made.kinds.routers.results(made.edge(edge))!;

/** Attempts made up to each of these seconds. */
function attemptsBy(made: SmallRun, seconds: readonly number[]): number[] {
  return seconds.map((second) => until(made, second).sim.metrics.of(made.node('r'), METRIC.attempts));
}

describe('an event router', () => {
  it('pushes a copy to each subscriber whose filter takes the event, and drops what none takes', () => {
    const made = until(
      run({
        nodes: [
          sender(1000, { routingKey: 'order.placed, order.paid, ping', headers: { total: 120 } }),
          { id: 'r', kind: 'event-router' },
          queue('all-orders'),
          queue('paid'),
          queue('small'),
        ],
        edges: ['p > r', 'r > all-orders', 'r > paid', 'r > small'],
        edgeFields: {
          'r > all-orders': { filterPolicy: '{"type": [{"prefix": "order."}]}' },
          'r > paid': { filterPolicy: '{"type": ["order.paid"], "total": [{"numeric": [">", 100]}]}' },
          'r > small': { filterPolicy: '{"total": [{"numeric": ["<=", 100]}]}' },
        },
      }),
      5,
    );
    const [orders, paid] = [of(made, 'r > all-orders').delivered, of(made, 'r > paid').delivered];
    const unmatched = made.kinds.routers.counts.unmatchedBy(made.node('r'));
    expect(orders + unmatched).toBe(1000);
    expect(orders).toBeGreaterThan(550);
    expect(paid).toBeGreaterThan(250);
    expect(paid).toBeLessThan(orders);
    expect(of(made, 'r > small').delivered).toBe(0);
    expect(made.kinds.held(made.sim, made.node('paid'))).toBe(paid);
  });

  it('delivers to one subscriber as if another were not down', () => {
    const made = run({
      nodes: [sender(50), { id: 'r', kind: 'event-router' }, queue('q'), service('s')],
      edges: ['p > r', 'r > s', 'r > q'],
    });
    made.kinds.inject(made.sim, made.node('s'), 'outage', { answers: 'silence' });
    until(made, 1);
    expect(of(made, 'r > q')).toMatchObject({ matched: 50, delivered: 50, failures: 0 });
    expect(of(made, 'r > s')).toMatchObject({ matched: 50, delivered: 0, pending: 50 });
  });

  it('waits out a partition of the network with retries, and loses nothing', () => {
    const made = run({
      nodes: [sender(20), { id: 'r', kind: 'event-router' }, queue('q')],
      edges: ['p > r', 'r > q'],
    });
    made.kinds.links.inject(made.sim, made.edge('r > q'), 'partition', {});
    until(made, 14);
    expect(of(made, 'r > q')).toMatchObject({ delivered: 0, pending: 20 });
    made.kinds.links.heal(made.sim, made.edge('r > q'), 'partition');
    until(made, 20);
    expect(of(made, 'r > q')).toMatchObject({ delivered: 20, timeouts: 20, retries: 20, pending: 0 });
  });
});

describe('SNS', () => {
  it('tries again for an AWS endpoint 3 times at once, 2 a second apart, then from 1 s to 20 s', () => {
    const made = down('sns', { endpoint: 'aws' });
    // 1 + 3 at once; then at 1 and 2 s; the back-off begins with 1 s and ends 20 s apart.
    expect(attemptsBy(made, [0, 0.9, 1, 2, 3, 4])).toEqual([4, 4, 5, 6, 7, 7]);
    // 1 s × 20^(i / 9) for i = 0 … 9 is 68.1 s in all, so the tenth comes at 70.1 s, and the next every 20 s.
    expect(attemptsBy(made, [49, 51, 69, 71, 91, 111])).toEqual([14, 15, 15, 16, 17, 18]);
    expect(of(made, 'r > s').pending).toBe(1);
  });

  it('gives HTTP three retries 20 s apart, then the message is a dead letter', () => {
    const made = down('sns', { endpoint: 'http' });
    expect(attemptsBy(made, [0, 19, 20, 40, 59])).toEqual([1, 1, 2, 3, 3]);
    expect(of(made, 'r > s')).toMatchObject({ deadLettered: 0, pending: 1 });
    until(made, 60);
    expect(of(made, 'r > s')).toMatchObject({ failures: 4, retries: 3, deadLettered: 1, pending: 0 });
    expect(made.sim.metrics.of(made.node('dlq'), METRIC.deadLettered)).toBe(1);
  });

  it('follows the four phases of a delivery policy', () => {
    const made = down('sns', {
      endpoint: 'http',
      numRetries: 9,
      numNoDelayRetries: 1,
      numMinDelayRetries: 2,
      numMaxDelayRetries: 2,
      minDelayTarget: 1000,
      maxDelayTarget: 10_000,
    });
    // At once; 1, 2; then waits of 1, 4, 7, 10 s; then 10 s twice.
    expect(attemptsBy(made, [0, 1, 2, 3, 7, 14, 24, 34, 44, 100])).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 10]);
  });

  it('waits 15 s for an answer, and delivers again what was answered too late', () => {
    const made = run({
      nodes: [
        sender(1),
        { id: 'r', kind: 'event-router' },
        service('s', { serviceTime: { shape: 'constant', mean: 16_000 } }),
      ],
      edges: ['p > r', 'r > s'],
      edgeFields: { 'r > s': { endpoint: 'http' } },
    });
    until(made, 17);
    expect(of(made, 'r > s')).toMatchObject({ timeouts: 1, late: 1, delivered: 0, pending: 1 });
    until(made, 1000);
    expect(of(made, 'r > s')).toMatchObject({ timeouts: 4, late: 4, delivered: 0, dropped: 1 });
  });

  it('drops what it gives up where the subscription has no dead-letter queue', () => {
    const made = down('sns', { endpoint: 'http', deadLetters: 'drop' });
    until(made, 100);
    expect(of(made, 'r > s')).toMatchObject({ deadLettered: 0, dropped: 1 });
    expect(made.sim.metrics.of(made.node('r'), METRIC.dropped)).toBe(1);
  });
});

describe('EventBridge', () => {
  it('tries 186 times in less than a day, then the event is a dead letter', () => {
    const made = down('eventbridge', {});
    until(made, 86_400);
    expect(made.sim.metrics.of(made.node('r'), METRIC.attempts)).toBe(186);
    expect(of(made, 'r > s')).toMatchObject({ retries: 185, deadLettered: 1 });
  });

  it('gives up an event that is older than its age', () => {
    const made = down('eventbridge', { maximumEventAge: 60_000 });
    until(made, 60);
    const { retries, deadLettered } = of(made, 'r > s');
    expect(deadLettered).toBe(1);
    expect(retries).toBeGreaterThan(2);
    expect(retries).toBeLessThan(60);
  });

  it('matches its patterns against type, source and detail', () => {
    const made = until(
      run({
        nodes: [
          sender(10, { routingKey: 'order.placed', headers: { source: 'shop', total: 7 } }),
          { id: 'r', kind: 'event-router', fields: { profile: 'eventbridge' } },
          queue('yes'),
          queue('no'),
        ],
        edges: ['p > r', 'r > yes', 'r > no'],
        edgeFields: {
          'r > yes': { eventPattern: '{"source": ["shop"], "detail-type": [{"wildcard": "order.*"}]}' },
          'r > no': { eventPattern: '{"detail": {"total": [{"numeric": [">=", 8]}]}}' },
        },
      }),
      1,
    );
    expect([of(made, 'r > yes').delivered, of(made, 'r > no').delivered]).toEqual([10, 0]);
  });
});
