import { METRIC } from '../../engine/metrics.ts';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallDesign, type SmallEdge, type SmallNode } from '../../testing/small-run.ts';

type Fields = Record<string, Json>;

const producer = (fields: Fields): SmallNode => ({
  id: 'p',
  kind: 'producer',
  fields: { arrivals: 'constant', rate: 1000, stopAfter: 100, ...fields },
});
const exchange = (id: string, type: string): SmallNode => ({ id, kind: 'exchange', fields: { type } });
const queue = (id: string, fields: Fields = {}): SmallNode => ({ id, kind: 'queue', fields });

function run(design: SmallDesign, untilMs = 1000) {
  const made = smallRun(design);
  const invariants = new Invariants(made.sim, made.kinds);
  for (let ms = 0; ms <= untilMs; ms += untilMs / 50) {
    made.until(ms);
    invariants.check();
  }
  return {
    ...made,
    waiting: (id: string) => made.sim.metrics.of(made.node(id), METRIC.queued),
    passed: (edge: SmallEdge) => made.sim.transfers.passed[made.edge(edge)],
    of: (id: string) => {
      const node = made.node(id);
      const { metrics } = made.sim;
      return {
        in: metrics.of(node, METRIC.in),
        out: metrics.of(node, METRIC.out),
        dropped: metrics.of(node, METRIC.dropped),
      };
    },
    returned: (id: string) => made.kinds.exchanges.returnedBy(made.node(id)),
  };
}

describe('an exchange', () => {
  it('routes by pattern: each queue gets its share, those bound twice one copy', () => {
    const result = run({
      nodes: [
        producer({ routingKey: 'app.info: 3, app.error: 1' }),
        exchange('x', 'topic'),
        queue('errors'),
        queue('all'),
      ],
      edges: ['p > x', 'x > errors', 'x > all'],
      edgeFields: { 'x > errors': { bindingKey: '*.error' }, 'x > all': { bindingKey: '#' } },
    });
    expect(result.waiting('all')).toBe(100);
    expect(result.waiting('errors')).toBeGreaterThan(10);
    expect(result.waiting('errors')).toBeLessThan(45);
    expect(result.of('x')).toEqual({ in: 100, out: 100 + result.waiting('errors'), dropped: 0 });
    expect(result.sim.metrics.copied).toBe(result.waiting('errors'));
  });

  it('of type fanout gives every queue a copy, also by way of another exchange', () => {
    const result = run({
      nodes: [producer({}), exchange('x', 'fanout'), exchange('y', 'fanout'), queue('a'), queue('b')],
      edges: ['p > x', 'x > y', 'x > a', 'y > a', 'y > b'],
    });
    expect([result.waiting('a'), result.waiting('b')]).toEqual([100, 100]);
    expect([result.passed('x > y'), result.passed('y > a'), result.passed('y > b')]).toEqual([100, 0, 100]);
    expect(result.of('x')).toEqual({ in: 100, out: 200, dropped: 0 });
    expect(result.of('y')).toEqual({ in: 100, out: 100, dropped: 0 });
  });

  it('routes by headers', () => {
    const result = run({
      nodes: [
        producer({ headers: { format: 'pdf', pages: 3 } }),
        exchange('x', 'headers'),
        queue('pdfs'),
        queue('long'),
      ],
      edges: ['p > x', 'x > pdfs', 'x > long'],
      edgeFields: {
        'x > pdfs': { headers: { format: 'pdf' } },
        'x > long': { headers: { format: 'pdf', pages: 300 } },
      },
    });
    expect([result.waiting('pdfs'), result.waiting('long')]).toEqual([100, 0]);
  });

  it.each([
    { unroutable: 'drop', returned: 0 },
    { unroutable: 'return', returned: 100 },
  ])('ends what no binding matches: $unroutable', ({ unroutable, returned }) => {
    const result = run({
      nodes: [producer({ routingKey: 'b', unroutable }), exchange('x', 'direct'), queue('a')],
      edges: ['p > x', 'x > a'],
      edgeFields: { 'x > a': { bindingKey: 'a' } },
    });
    expect(result.of('x')).toEqual({ in: 100, out: 0, dropped: 100 });
    expect(result.returned('x')).toBe(returned);
  });

  it('sends what no binding matches to its alternate exchange, and nothing is returned', () => {
    const result = run({
      nodes: [
        producer({ routingKey: 'a, b', unroutable: 'return' }),
        exchange('x', 'direct'),
        exchange('rest', 'fanout'),
        queue('a'),
        queue('unknown'),
      ],
      edges: ['p > x', 'x > a', 'x.alternate > rest', 'rest > unknown'],
      edgeFields: { 'x > a': { bindingKey: 'a' } },
    });
    expect(result.waiting('a') + result.waiting('unknown')).toBe(100);
    expect(result.waiting('unknown')).toBe(result.passed('x.alternate > rest'));
    expect(result.waiting('unknown')).toBeGreaterThan(20);
    expect(result.returned('x')).toBe(0);
  });

  it('is held back by a queue that is full and blocks, and loses and doubles nothing', () => {
    const result = run({
      nodes: [
        producer({ stopAfter: 0 }),
        { id: 'p2', kind: 'producer', fields: { rate: 50 } },
        exchange('x', 'fanout'),
        exchange('y', 'fanout'),
        queue('slow', { capacity: 3 }),
        queue('fast'),
        { id: 'g', kind: 'consumer-group', fields: { serviceTime: { shape: 'constant', mean: 10 } } },
      ],
      edges: ['p > x', 'p2 > x', 'x > y', 'y > slow', 'x > fast', 'slow > g'],
    });
    const handled = result.of('slow').in;
    expect(handled).toBeGreaterThan(90);
    expect(handled).toBeLessThan(320);
    // The last message may be on its way to the second of them.
    expect(Math.abs(result.waiting('fast') - handled)).toBeLessThanOrEqual(1);
    expect(result.sim.transfers.heldTime(result.node('p'), 1e6)).toBeGreaterThan(500_000);
    expect(result.sim.transfers.waiting[result.edge('y > slow')]).toBe(1);
  });

  it('lets the next sender in when the last copy is through', () => {
    const result = run({
      nodes: [
        producer({ stopAfter: 3 }),
        { id: 'p2', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: 3 } },
        exchange('x', 'fanout'),
        queue('q', { capacity: 1 }),
        { id: 'g', kind: 'consumer-group', fields: { serviceTime: { shape: 'constant', mean: 20 } } },
      ],
      edges: ['p > x', 'p2 > x', 'x > q', 'q > g'],
    });
    expect(result.of('x')).toEqual({ in: 6, out: 6, dropped: 0 });
    expect(result.sim.messages.alive).toBe(0);
  });

  it('takes what a consumer group sends on, with the routing key that the message came with', () => {
    const result = run({
      nodes: [
        producer({ routingKey: 'eu.created' }),
        queue('in'),
        { id: 'g', kind: 'consumer-group', fields: { serviceTime: { shape: 'constant', mean: 1 } } },
        exchange('x', 'topic'),
        queue('eu'),
        queue('us'),
      ],
      edges: ['p > in', 'in > g', 'g > x', 'x > eu', 'x > us'],
      edgeFields: { 'x > eu': { bindingKey: 'eu.#' }, 'x > us': { bindingKey: 'us.#' } },
    });
    expect([result.waiting('eu'), result.waiting('us')]).toEqual([100, 0]);
  });

  it('gives copies the address of their original, however many messages there are', () => {
    const result = run(
      {
        nodes: [
          producer({ stopAfter: 3000, routingKey: 'a, b', rate: 2000 }),
          exchange('first', 'fanout'),
          queue('one'),
          queue('two'),
          { id: 'g', kind: 'consumer-group', fields: { serviceTime: { shape: 'constant', mean: 0.1 } } },
          exchange('second', 'direct'),
          queue('a'),
          queue('b'),
        ],
        edges: [
          'p > first',
          'first > one',
          'first > two',
          'one > g',
          'g > second',
          'second > a',
          'second > b',
        ],
        edgeFields: { 'second > a': { bindingKey: 'a' }, 'second > b': { bindingKey: 'b' } },
      },
      5000,
    );
    expect(result.waiting('two')).toBe(3000);
    expect(result.waiting('a') + result.waiting('b')).toBe(3000);
    expect(Math.abs(result.waiting('a') - result.waiting('b'))).toBeLessThan(300);
    expect(result.of('second').dropped).toBe(0);
  });

  it('goes on from a snapshot, while a copy stands in line, as if it had never stopped', () => {
    const design: SmallDesign = {
      nodes: [
        producer({ stopAfter: 0, routingKey: 'a: 2, b' }),
        exchange('x', 'topic'),
        queue('one', { capacity: 2 }),
        queue('all'),
        { id: 'g', kind: 'consumer-group' },
      ],
      edges: ['p > x', 'x > one', 'x > all', 'one > g'],
      edgeFields: { 'x > one': { bindingKey: 'a' }, 'x > all': { bindingKey: '#' } },
    };
    const [through, stopped] = [smallRun(design), smallRun(design)];
    through.until(300);
    stopped.until(150);
    const snapshot = stopped.sim.snapshot();
    stopped.until(200);
    stopped.sim.restore(snapshot);
    stopped.until(300);
    expect(stopped.sim.hash.hex()).toBe(through.sim.hash.hex());
    expect(stopped.sim.metrics.total(METRIC.in)).toBe(through.sim.metrics.total(METRIC.in));
  });
});

it('a run without an exchange keeps no addresses', () => {
  const made = smallRun({ nodes: [producer({}), queue('q')], edges: ['p > q'] });
  made.until(50);
  expect(made.sim.messages.address.length).toBe(0);
});
