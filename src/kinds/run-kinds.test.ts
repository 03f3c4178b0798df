import { METRIC } from '../engine/metrics.ts';
import { fc, test as property } from '../testing/property.ts';
import { describe, expect, it } from 'vitest';
import type { Json } from '../design/types.ts';
import { Invariants } from '../testing/invariants.ts';
import {
  smallRun,
  type SmallDesign,
  type SmallEdge,
  type SmallNode,
  type SmallRun,
} from '../testing/small-run.ts';

type Fields = Record<string, Json>;

const exponential = (mean: number): Json => ({ shape: 'exponential', mean });

const producerFields: fc.Arbitrary<Fields> = fc.record({
  arrivals: fc.constantFrom('poisson', 'constant', 'burst', 'ramp', 'schedule'),
  rate: fc.constantFrom(20, 200, 900),
  onFor: fc.constant(50),
  offFor: fc.constantFrom(0, 80),
  rampOver: fc.constant(400),
  schedule: fc.constant([
    { atMs: 0, ratePerSecond: 300 },
    { atMs: 200, ratePerSecond: 0 },
    { atMs: 300, ratePerSecond: 500 },
  ] as Json),
  keys: fc.constantFrom('uniform', 'zipf', 'none'),
  keyCount: fc.constantFrom(1, 7),
  stopAfter: fc.constantFrom(0, 60),
});

const queueFields: fc.Arbitrary<Fields> = fc.record({
  capacity: fc.constantFrom(0, 1, 3),
  overflow: fc.constantFrom('block', 'drop-oldest', 'drop-newest', 'dead-letter'),
});

const topicFields: fc.Arbitrary<Fields> = fc.record({
  partitions: fc.constantFrom(1, 3, 4),
  retention: fc.constantFrom(1, 604_800_000),
  stickyBytes: fc.constant(3000),
});

const groupFields: fc.Arbitrary<Fields> = fc.record({
  members: fc.constantFrom(1, 2, 5),
  concurrency: fc.constantFrom(1, 3),
  serviceTime: fc.constantFrom(exponential(2), exponential(15), { shape: 'constant', mean: 0 } as Json),
  failureProbability: fc.constantFrom(0, 0.2, 0.9),
  maxAttempts: fc.constantFrom(1, 3),
  retryMode: fc.constantFrom('hold', 'later'),
  backoff: fc.constantFrom(0, 5),
  backoffJitter: fc.constantFrom(0, 0.5),
  commit: fc.constantFrom('each', 'interval'),
  commitInterval: fc.constant(40),
  assignor: fc.constantFrom('range', 'roundrobin'),
  sessionTimeout: fc.constantFrom(20, 60),
  heartbeat: fc.constantFrom(5, 15),
  maxPollInterval: fc.constantFrom(5, 100),
});

const databaseFields: fc.Arbitrary<Fields> = fc.record({
  connections: fc.constantFrom(1, 3),
  serviceTime: fc.constantFrom(exponential(1), exponential(10)),
  failureProbability: fc.constantFrom(0, 0.3),
});

/** Every way in which kinds may be joined, each present or not. */
const ways: readonly SmallEdge[] = [
  'p1 > q1',
  'p1 > t1',
  'p2 > q1',
  'p2 > t1',
  'p2 > db',
  'q1 > g1',
  'q1 > g2',
  't1 > g1',
  't1 > g2',
  'q2 > g2',
  't2 > g2',
  'g1 > db',
  'g1 > q2',
  'g1 > t2',
  'g2 > db',
  'q1.dead > dlq',
  'q2.dead > t2',
  'g1.failed > q2',
  'g2.failed > dlq',
];

const designs: fc.Arbitrary<SmallDesign> = fc
  .record({
    nodes: fc.tuple(
      producerFields,
      producerFields,
      queueFields,
      queueFields,
      topicFields,
      topicFields,
      groupFields,
      groupFields,
      databaseFields,
    ),
    edges: fc.subarray([...ways], { minLength: 8 }),
    seed: fc.nat(1000),
  })
  .map(({ nodes, edges, seed }) => {
    const ids = ['p1', 'p2', 'q1', 'q2', 't1', 't2', 'g1', 'g2', 'db'];
    const kinds = ['producer', 'queue', 'topic', 'consumer-group', 'database'];
    const kindOf = (id: string): string => kinds['pqtgd'.indexOf(id[0])];
    const built: SmallNode[] = ids.map((id, at) => ({ id, kind: kindOf(id), fields: nodes[at] }));
    return { nodes: [...built, { id: 'dlq', kind: 'dead-letter-queue' }], edges, seed };
  });

/** Something done to a run from outside. */
interface Deed {
  afterEvents: number;
  does: (run: SmallRun) => void;
}

const faults: readonly ((run: SmallRun) => void)[] = [
  ...[1, 2, 5, 9].flatMap((member) =>
    ['g1', 'g2'].flatMap((group) => [
      (run: SmallRun) => run.kinds.inject(run.sim, run.node(group), 'crash', { member }),
      (run: SmallRun) => run.kinds.heal(run.sim, run.node(group), 'crash', { member }),
    ]),
  ),
  // Time passes: long enough for a retention check, if the producers come to their end.
  (run) => void run.sim.runUntil(run.sim.now + 301e6, 2000),
  (run) => run.kinds.inject(run.sim, run.node('g1'), 'slow', { factor: 8 }),
  (run) => run.kinds.heal(run.sim, run.node('g1'), 'slow', { factor: 8 }),
  (run) => run.kinds.inject(run.sim, run.node('db'), 'stop', {}),
  (run) => run.kinds.heal(run.sim, run.node('db'), 'stop', {}),
  (run) => run.kinds.inject(run.sim, run.node('p1'), 'burst', { factor: 3 }),
  (run) => run.kinds.heal(run.sim, run.node('p1'), 'burst', {}),
  (run) => run.kinds.inject(run.sim, run.node('p1'), 'poison', { share: 0.3 }),
  (run) => run.kinds.setField(run.sim, run.node('p1'), 'rate', 0),
  (run) => run.kinds.setField(run.sim, run.node('p1'), 'rate', 700),
  (run) => run.kinds.setField(run.sim, run.node('p2'), 'stopAfter', 20),
  (run) => run.kinds.setField(run.sim, run.node('q1'), 'overflow', 'drop-oldest'),
  (run) => run.kinds.setField(run.sim, run.node('q1'), 'capacity', 2),
  (run) => run.kinds.setField(run.sim, run.node('db'), 'connections', 2),
];

const deeds: fc.Arbitrary<Deed[]> = fc.array(
  fc.record({ afterEvents: fc.nat(120), does: fc.constantFrom(...faults) }),
  { maxLength: 12 },
);

describe('a random small design under faults', () => {
  property.prop([designs, deeds], { seed: 20, numRuns: 100 })(
    'breaks no invariant after any event',
    (design, todo) => {
      const run = smallRun(design);
      const invariants = new Invariants(run.sim, run.kinds);
      invariants.check();
      for (const { afterEvents, does } of todo) {
        for (let i = 0; i < afterEvents; i++) {
          run.sim.runUntil(1e12, 1);
          invariants.check();
        }
        does(run);
        invariants.check();
      }
      for (let i = 0; i < 400; i++) {
        run.sim.runUntil(1e12, 1);
        invariants.check();
      }
    },
  );

  property.prop([designs, deeds], { seed: 21, numRuns: 25 })(
    'goes on from a snapshot as if it had never stopped',
    (design, todo) => {
      const [through, stopped] = [smallRun(design), smallRun(design)];
      for (const { afterEvents, does } of todo) {
        for (const run of [through, stopped]) {
          run.sim.runUntil(1e12, afterEvents);
          does(run);
        }
        const snapshot = stopped.sim.snapshot();
        stopped.sim.runUntil(1e12, 200);
        stopped.sim.restore(snapshot);
      }
      for (const run of [through, stopped]) run.sim.runUntil(1e12, 300);
      expect(stopped.sim.hash.hex()).toBe(through.sim.hash.hex());
      expect(stopped.sim.now).toBe(through.sim.now);
      for (const metric of Object.values(METRIC)) {
        expect(stopped.sim.metrics.total(metric)).toBe(through.sim.metrics.total(metric));
      }
    },
  );
});

describe('a run', () => {
  it('is the same however it is cut into calls', () => {
    const design: SmallDesign = {
      nodes: [
        { id: 'p', kind: 'producer', fields: { rate: 500 } },
        { id: 't', kind: 'topic' },
        { id: 'g', kind: 'consumer-group', fields: { failureProbability: 0.1, retryMode: 'later' } },
      ],
      edges: ['p > t', 't > g'],
    };
    const whole = smallRun(design);
    whole.until(5000);
    const cut = smallRun(design);
    for (let ms = 7; ms < 5000; ms += 7) cut.until(ms);
    cut.until(5000);
    expect(cut.sim.hash.hex()).toBe(whole.sim.hash.hex());
  });
});
