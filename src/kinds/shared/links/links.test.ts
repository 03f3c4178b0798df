import { describe, expect, it } from 'vitest';
import type { Design, Json } from '../../../design/types.ts';
import { sketched } from '../../../gallery/sketch.ts';
import { compile } from '../../../simulation/compile.ts';
import type { LiveRun } from '../../../simulation/live-run.ts';
import { watchRun } from '../../../testing/laws/watch-run.ts';

type Fields = Record<string, Json>;
const constant = (mean: number): Json => ({ shape: 'constant', mean });
const EVEN = { arrivals: 'constant', rate: 100 };
const p = { kind: 'producer', at: [0, 0], fields: EVEN } as const;

/** A fault of an edge from the first to the second second of ten. */
function trouble(edge: string, fault: string, args: Fields = {}) {
  return { trouble: { atMs: 1000, forMs: 1000, edge, fault, args } };
}

/** The run of a design, every law asked after every event, up to a time. */
function until(design: Design, ms: number): LiveRun {
  const run = compile(design).run!;
  const watch = watchRun(run, design.scenario.faults);
  while (run.advance(ms, 1) === 1) {
    watch.check(true);
    run.drainMessages();
  }
  watch.checkEnd();
  return run;
}

function queueDesign(fault: ReturnType<typeof trouble>, group: Fields = {}): Design {
  return sketched({
    name: 'queue',
    nodes: {
      p: { ...p, fields: { ...EVEN, stopAfter: 400 } },
      q: { kind: 'queue', at: [100, 0] },
      g: { kind: 'consumer-group', at: [200, 0], fields: { serviceTime: constant(1), ...group } },
    },
    edges: ['p > q', 'q > g'],
    horizonMs: 10_000,
    faults: fault,
  });
}

describe('a slow network', () => {
  it('delays each message on its way to a queue and keeps the order', () => {
    const run = until(queueDesign(trouble('p-to-q', 'delay', { time: constant(300) })), 10_000);
    const { latency, totals, edges } = run.results();
    expect(totals).toMatchObject({ produced: 400, acknowledged: 400 });
    expect(latency.latencyMsP50).toBeLessThan(10);
    expect(Math.round(latency.latencyMsMax!)).toBe(301);
    // Those made in the 300 ms after it is healed still queue behind the late ones.
    expect(edges['p-to-q'].network).toMatchObject({ delayed: 129 });
  });

  it('delays what a consumer takes from a queue', () => {
    const run = until(queueDesign(trouble('q-to-g', 'delay', { time: constant(300) })), 10_000);
    expect(run.results().totals.acknowledged).toBe(400);
    expect(Math.round(run.results().latency.latencyMsMax!)).toBe(301);
  });
});

describe('a lossy network', () => {
  it('loses what a producer sends without waiting for an answer, and counts it at the producer', () => {
    const { totals, nodes, edges } = until(
      queueDesign(trouble('p-to-q', 'loss', { share: 1 })),
      10_000,
    ).results();
    expect(totals).toMatchObject({ produced: 400, dropped: 100, acknowledged: 300 });
    expect(nodes.p.dropped).toBe(100);
    expect(edges['p-to-q'].network).toMatchObject({ lost: 100 });
  });

  it('only delays what a broker sends: lost packets are sent again', () => {
    const { totals, edges, latency } = until(
      queueDesign(trouble('q-to-g', 'loss', { share: 0.2 })),
      10_000,
    ).results();
    expect(totals.acknowledged).toBe(400);
    expect(edges['q-to-g'].network!.resent).toBeGreaterThan(3);
    expect(latency.latencyMsMax).toBeGreaterThan(200);
  });
});

describe('a network that loses everything for a second', () => {
  // Sent again after 200 ms, then 400 ms, 800 ms …: what was lost at 1000 ms comes through at 2400 ms.
  const lost = trouble('g-to-next', 'loss', { share: 1 });
  const forwarding = (nodes: Record<string, { kind: string; fields?: Fields }>, edges: string[]) =>
    sketched({
      name: 'forwarding',
      nodes: {
        p: { ...p, fields: { ...EVEN, stopAfter: 400 } },
        ...Object.fromEntries(
          Object.entries(nodes).map(([id, node], place) => [id, { at: [100 + 100 * place, 0], ...node }]),
        ),
      } as never,
      edges,
      horizonMs: 30_000,
      faults: lost,
    });

  it('is as it was when the first packet is sent again after that', () => {
    const fields = { serviceTime: constant(1) };
    const run = until(
      forwarding(
        {
          q: { kind: 'queue' },
          g: { kind: 'consumer-group', fields },
          next: { kind: 'queue' },
          last: { kind: 'consumer-group', fields },
        },
        ['p > q', 'q > g', 'g > next', 'next > last'],
      ),
      4500,
    );
    const { totals, latency } = run.results();
    expect(totals.acknowledged).toBe(400);
    expect(latency.latencyMsMax).toBeGreaterThan(1300);
    expect(latency.latencyMsMax).toBeLessThan(1450);
  });

  it('lets a Kafka client that waits for no answer go on', () => {
    const fault = { trouble: { ...lost.trouble, edge: 'p-to-log' } };
    const kafka = { client: 'kafka', acks: 'none', linger: 0, idempotence: 'off' };
    const design = forwarding(
      { log: { kind: 'topic' }, g: { kind: 'consumer-group', fields: { serviceTime: constant(1) } } },
      ['p > log', 'log > g'],
    );
    const [producer, ...others] = design.nodes;
    const nodes = [{ ...producer, fields: { ...producer.fields, ...kafka } }, ...others];
    const faults = [{ id: 'trouble', ...fault.trouble }];
    const run = until({ ...design, nodes, scenario: { ...design.scenario, faults } }, 5000);
    expect(run.results().totals).toMatchObject({ produced: 400, acknowledged: 400, dropped: 0 });
    expect(run.results().latency.latencyMsMax).toBeLessThan(1600);
  });
});

describe('a partition', () => {
  it('holds senders back until it is healed', () => {
    const run = until(queueDesign(trouble('p-to-q', 'partition')), 10_000);
    const { totals, nodes, edges } = run.results();
    expect(totals.acknowledged).toBe(400);
    // The first message after the cut comes 10 ms later.
    expect(nodes.p.heldBackMs).toBeGreaterThan(980);
    expect(edges['p-to-q'].blockedMs).toBeGreaterThan(980);
  });

  it('keeps a queue from its consumers, whose acknowledgements wait', () => {
    const design = queueDesign(trouble('q-to-g', 'partition'), { serviceTime: constant(20) });
    const cut = until(design, 1999);
    expect(cut.results().nodes.q.held).toBeGreaterThan(90);
    expect(cut.results().nodes.g.held).toBe(0);
    expect(until(design, 10_000).results().totals.acknowledged).toBe(400);
  });
});

function callDesign(guards: Fields, fault: ReturnType<typeof trouble>): Design {
  return sketched({
    name: 'calls',
    nodes: {
      p: { ...p, fields: { ...EVEN, stopAfter: 300 } },
      q: { kind: 'queue', at: [100, 0] },
      g: { kind: 'consumer-group', at: [200, 0], fields: { serviceTime: constant(1), maxAttempts: 1 } },
      db: { kind: 'database', at: [300, 0], fields: { serviceTime: constant(2) } },
    },
    edges: ['p > q', 'q > g', ['g > db', guards]],
    horizonMs: 10_000,
    faults: fault,
  });
}

describe('calls over a network in trouble', () => {
  it('hang until the network is whole again where there is no timeout', () => {
    const design = callDesign({}, trouble('g-to-db', 'loss', { share: 1 }));
    const before = until(design, 1999).results();
    expect(before.nodes.g.held).toBe(3);
    const after = until(design, 10_000).results();
    expect(after.totals).toMatchObject({ acknowledged: 297, dropped: 3 });
  });

  it('fail at their timeout where there is one', () => {
    const design = callDesign({ timeout: 50 }, trouble('g-to-db', 'partition'));
    const { edges, totals } = until(design, 10_000).results();
    expect(edges['g-to-db'].guard!.timeouts).toBeGreaterThan(50);
    expect(totals.acknowledged + totals.dropped).toBe(300);
  });

  it('take the delay twice, there and back', () => {
    const design = callDesign({}, trouble('g-to-db', 'delay', { time: constant(5) }));
    const { latency } = until(design, 10_000).results();
    expect(Math.round(latency.latencyMsMax!)).toBeGreaterThanOrEqual(13);
  });
});

describe('messages sent twice or out of order', () => {
  it('come in twice, as often as was drawn', () => {
    const { totals, edges } = until(
      queueDesign(trouble('p-to-q', 'duplicate', { share: 1 })),
      10_000,
    ).results();
    expect(totals).toMatchObject({ produced: 400, copied: 100, acknowledged: 500 });
    expect(edges['p-to-q'].network!.duplicated).toBe(100);
  });

  it('are overtaken by the next', () => {
    const design = queueDesign(trouble('p-to-q', 'reorder', { share: 0.5 }), {
      guarantee: 'at-least-once',
      members: 1,
    });
    const keyed = {
      ...design,
      nodes: design.nodes.map((node) =>
        node.id === 'p' ? { ...node, fields: { ...node.fields, keys: 'uniform', keyCount: 1 } } : node,
      ),
    };
    const { edges, nodes } = until(keyed, 10_000).results();
    expect(edges['p-to-q'].network!.reordered).toBeGreaterThan(10);
    expect(nodes.g.delivery).toMatchObject({ lost: 0, duplicate: 0 });
  });
});

describe('a Kafka client over a network in trouble', () => {
  const client = { client: 'kafka', retries: 100, deliveryTimeout: 5000, requestTimeout: 500, linger: 0 };
  const kafka = (fields: Fields, fault: ReturnType<typeof trouble>): Design =>
    sketched({
      name: 'kafka',
      nodes: {
        p: { ...p, fields: { ...EVEN, stopAfter: 400, ...client, ...fields } },
        t: { kind: 'topic', at: [100, 0], fields: { partitions: 1 } },
        g: { kind: 'consumer-group', at: [200, 0], fields: { members: 1, serviceTime: constant(1) } },
      },
      edges: ['p > t', 't > g'],
      horizonMs: 10_000,
      faults: fault,
    });

  it('repeats what was not answered, and loses nothing in a short cut', () => {
    const { totals, nodes } = until(kafka({}, trouble('p-to-t', 'partition')), 10_000).results();
    expect(totals.acknowledged).toBe(400);
    expect(nodes.p.retries).toBeGreaterThan(0);
  });

  it('gives up what is older than its delivery timeout', () => {
    const fields = { deliveryTimeout: 600, requestTimeout: 500 };
    const { totals } = until(kafka(fields, trouble('p-to-t', 'partition')), 10_000).results();
    expect(totals.dropped).toBeGreaterThan(20);
    expect(totals.acknowledged + totals.dropped).toBe(400);
  });
});
