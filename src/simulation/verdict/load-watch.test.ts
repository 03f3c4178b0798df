import { hotKey } from '../../gallery/hot-key.ts';
import { orders } from '../../gallery/orders.ts';
import { hotShard } from '../../gallery/myths/hot-shard.ts';
import { slowRebalance } from '../../gallery/myths/slow-rebalance.ts';
import { ttlAtTheHead } from '../../gallery/myths/ttl-at-the-head.ts';
import { poisonAndRedrive } from '../../gallery/poison-and-redrive.ts';
import { visibility } from '../../gallery/visibility.ts';
import { rangeSkew } from '../../gallery/myths/range-skew.ts';
import { silentPartner } from '../../gallery/silent-partner.ts';
import { describe, expect, it } from 'vitest';
import type { Design, Json } from '../../design/types.ts';
import { designOf } from '../../testing/metamorphic/run-figures.ts';
import { compile } from '../compile.ts';
import { NODE } from '../frame/frame-layout.ts';
import type { LiveRun } from '../live-run.ts';
import { LOAD_STATES } from './verdict.ts';

interface Asked {
  producer?: Record<string, Json>;
  queue?: Record<string, Json>;
  group?: Record<string, Json>;
  databaseMs?: number;
  seed?: number;
  observe?: boolean;
}

const exponential = (mean: number) => ({ shape: 'exponential', mean });

function start(
  { producer = {}, queue = {}, group = {}, databaseMs, seed = 1, observe = false }: Asked,
  warmUpMs = 0,
): LiveRun {
  const withDatabase = databaseMs !== undefined;
  const design: Design = {
    version: 1,
    name: 'load',
    messageTypes: [],
    nodes: [
      { id: 'p', kind: 'producer', name: 'p', fields: producer as never },
      { id: 'q', kind: 'queue', name: 'q', fields: queue as never },
      {
        id: 'g',
        kind: 'consumer-group',
        name: 'g',
        fields: { members: 1, serviceTime: exponential(10), ...group } as never,
      },
      ...(withDatabase
        ? [
            {
              id: 'db',
              kind: 'database',
              name: 'db',
              fields: { connections: 1, serviceTime: exponential(databaseMs) as never },
            },
          ]
        : []),
    ],
    edges: [
      { id: 'pq', from: 'p', fromPort: 'out', to: 'q', toPort: 'in' },
      { id: 'qg', from: 'q', fromPort: 'out', to: 'g', toPort: 'in' },
      ...(withDatabase ? [{ id: 'gd', from: 'g', fromPort: 'out', to: 'db', toPort: 'in' }] : []),
    ],
    groups: [],
    scenario: { seed, horizonMs: 200_000, warmUpMs, faults: [] },
    goals: [],
    layout: { nodes: [] },
  };
  const { run, problems } = compile(design, { observe });
  if (!run) throw new Error(JSON.stringify(problems));
  return run;
}

function verdictsAt(run: LiveRun, ms: number) {
  run.advance(ms, Infinity);
  const { nodes, verdict } = run.results();
  return {
    whole: verdict,
    p: nodes.p.verdict,
    q: nodes.q.verdict,
    g: nodes.g.verdict,
    db: nodes.db?.verdict,
  };
}

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('load against capacity', () => {
  it('says before the run what the fields make certain', () => {
    const run = start({ producer: { rate: 150 }, queue: { capacity: 3000 } });
    const { q, g, whole } = verdictsAt(run, 0);
    expect(q).toMatchObject({
      state: 'filling',
      offeredPerSecond: 150,
      capacityPerSecond: 100,
      inMs: 60_000,
    });
    expect(g).toMatchObject({ isSaturated: true, sinceMs: null });
    expect(whole.text).toBe('g is saturated (150/s offered, it can do 100/s); q is full in 1 min.');
  });

  it('foretells when a queue is full as the simulation then shows, before and during the run', () => {
    const fullAt: number[] = [];
    const foretold: number[] = [];
    for (const seed of SEEDS) {
      const run = start({
        producer: { rate: 150 },
        queue: { capacity: 3000, overflow: 'drop-newest' },
        seed,
      });
      foretold.push(20_000 + verdictsAt(run, 20_000).q.inMs!);
      while (run.results().nodes.q.dropped === 0) run.advance(run.nowMs + 200, Infinity);
      fullAt.push(run.nowMs);
    }
    // A difference of two Poisson streams: sd of one run √(250 × 60) / 50 = 2.4 s, of one forecast about 4.5 s.
    expect(Math.abs(mean(fullAt) - 60_000)).toBeLessThan(2500);
    expect(Math.abs(mean(foretold) - mean(fullAt))).toBeLessThan(5000);
  });

  it('foretells when a queue is full by a limit in bytes', () => {
    const size = { shape: 'constant', mean: 1000 };
    const run = start({ producer: { rate: 120, size }, queue: { capacityBytes: 1_000_000 } });
    const { q } = verdictsAt(run, 10_000);
    expect(q.state).toBe('filling');
    // A thousand have room, twenty more a second stay.
    expect(Math.abs(10_000 + q.inMs! - 50_000)).toBeLessThan(25_000);
    expect(verdictsAt(run, 100_000).q.state).toBe('full');
  });

  it('says how long a burst takes to drain, and that all is well afterwards', () => {
    const schedule = [
      { atMs: 0, ratePerSecond: 300 },
      { atMs: 10_000, ratePerSecond: 60 },
    ];
    const drained: number[] = [];
    for (const seed of SEEDS) {
      const run = start({ producer: { arrivals: 'schedule', schedule: schedule as never }, seed });
      const { q, g } = verdictsAt(run, 25_000);
      expect(q.state).toBe('draining');
      expect(g.isSaturated).toBe(true);
      drained.push(25_000 + q.inMs!);
      expect(verdictsAt(run, 120_000).whole).toMatchObject({ state: 'stable', inMs: null });
    }
    // 2000 behind after ten seconds, 40 a second fewer each second: gone after 60.
    expect(Math.abs(mean(drained) - 60_000)).toBeLessThan(4000);
  });

  it('names the database that is the reason, and who waits for it since when', () => {
    const run = start({
      producer: { rate: 60 },
      queue: { capacity: 4000 },
      group: { members: 4 },
      databaseMs: 25,
    });
    const { whole, q, g, db } = verdictsAt(run, 60_000);
    expect(db).toMatchObject({ state: 'saturated', isSaturated: true, waitsFor: null });
    expect(db.capacityPerSecond).toBeCloseTo(40, -1);
    expect(db.sinceMs).toBeLessThan(20_000);
    expect(g).toMatchObject({ state: 'waiting', isSaturated: false, waitsFor: 'db' });
    expect(q.state).toBe('filling');
    expect(whole).toMatchObject({ node: 'q', cause: 'db' });
    expect(whole.text).toMatch(/^db is saturated since the start \(.*\); q is full in [\d.]+ min\.$/);
  });

  it('names the target that lets a sender go on right now and holds it back otherwise', () => {
    const { run } = compile(hotShard);
    run!.advance(5000, Infinity);
    // Its readers call each second, and what gathers meanwhile is no backlog that grows.
    expect(run!.results().verdict.text).toMatch(/^shops waits for clicks/);
    // A shard takes records again as each second begins.
    for (const ms of [20_001, 20_500, 20_999]) {
      run!.advance(ms, Infinity);
      expect(run!.results().verdict.text, `at ${ms}`).toMatch(/^shops waits for clicks/);
    }
  });

  it('says of a sender that is let go each second what its target takes, not since when it waits', () => {
    const { run } = compile(
      designOf(
        {
          p: ['producer', { rate: 1000 }],
          q: ['cloud-broker', { profile: 'sqs-fifo' }],
          g: ['consumer-group', { members: 9 }],
        },
        ['p > q', 'q > g'],
      ),
    );
    run!.advance(30_500, Infinity);
    expect(run!.results().verdict.text).toMatch(/^p waits for q again and again \(it takes [23]\d\d\/s\)\.$/);
  });

  it('says of a group that its log keeps back what it gets, not what it could do', () => {
    const constant = (value: number) => ({ shape: 'constant', mean: value });
    const { run } = compile(
      designOf(
        {
          p: ['producer', { rate: 100, size: constant(1000) }],
          t: ['topic', { partitions: 2 }],
          k: ['broker-cluster', { consumerByteRate: 50_000, brokers: 1 }],
          g: ['consumer-group', { members: 2, serviceTime: constant(1), polling: 'single' }],
        },
        ['p > t', 't.cluster > k', 't > g'],
      ),
      { untilMs: 200_000 },
    );
    run!.advance(Infinity, Infinity);
    const { verdict } = run!.results().nodes.g;
    expect(verdict).toMatchObject({ state: 'growing', isSaturated: false });
    expect(verdict.offeredPerSecond).toBeGreaterThan(80);
    // Half of what comes, in turns; without a quota it could do 2,000.
    expect(verdict.capacityPerSecond).toBeLessThan(80);
  });

  it('sees a backlog that grows too slowly for a short look, as behind a hot key', () => {
    const { run } = compile(hotKey, { observe: false });
    // In the short look it would seem stable for most of this time.
    const states = new Set<string>();
    for (let ms = 150_000; ms <= 200_000; ms += 5000) {
      run!.advance(ms, Infinity);
      states.add(run!.results().nodes.sessions.verdict.state);
    }
    expect([...states]).toEqual(['growing']);
    const { verdict, nodes } = run!.results();
    expect(nodes.sessions.verdict).toMatchObject({ state: 'growing', isSaturated: false });
    const { offeredPerSecond: offered, capacityPerSecond: can } = nodes.sessions.verdict;
    expect(offered! - can!, 'a partition takes 100/s, and 109/s have its key').toBeGreaterThan(3);
    expect(offered! - can!).toBeLessThan(18);
    expect(verdict.text).toMatch(/^sessions falls behind without bound/);
  });

  it('does not take for growth without bound what was handed over at once', () => {
    const { run } = compile(poisonAndRedrive, { observe: false });
    // At 02:00 hundreds of letters go back to the queue, whose printers are busy four tenths of the time.
    const states = new Set<string>();
    for (let ms = 124_000; ms <= 150_000; ms += 1000) {
      run!.advance(ms, Infinity);
      states.add(run!.results().nodes['to-print'].verdict.state);
    }
    expect(states).not.toContain('growing');
  });

  it('says of a group that is kept from its partitions for a while what keeps it, until it catches up', () => {
    const crash = { atMs: 7000, forMs: 5000, node: 'billing', fault: 'crash', args: { member: 2 } };
    const scenario = { ...orders.scenario, faults: [{ id: 'f', ...crash }] };
    const { run } = compile({ ...orders, scenario }, { observe: false });
    const said = (ms: number) => {
      run!.advance(ms, Infinity);
      return run!.results().verdict.text;
    };
    expect(said(11_000)).toMatch(/^billing falls behind while a silent member holds partitions \(/);
    // The group waits for the process that died, whose session is over ten seconds after its last heartbeat.
    expect(said(15_000)).toMatch(/^billing falls behind while it rebalances \(/);
    expect(run!.results().nodes.billing.verdict).toMatchObject({ state: 'growing', hindrance: 'rebalance' });
    // From the first reading on that has fewer before it than the one before that.
    for (let ms = 20_000; ms <= 40_000; ms += 1000) expect(said(ms), `${ms}`).not.toMatch(/falls behind/);
  });

  it('takes a managed queue for full of nothing while consumers have messages of it', () => {
    const { run } = compile(visibility, { observe: false });
    run!.advance(70_000, Infinity);
    expect(run!.results().nodes.videos.verdict.state).toBe('stable');
  });

  it('says what workers can do whose work takes longer than it looks back', () => {
    const { run } = compile(ttlAtTheHead, { observe: false });
    run!.advance(100_000, Infinity);
    expect(run!.results().nodes.printer.verdict).toMatchObject({ isSaturated: true });
    expect(run!.results().nodes.printer.verdict.capacityPerSecond).toBeCloseTo(1 / 30, 3);
  });

  it('says so from the first look on, when they are not yet busy for all of it', () => {
    const { run } = compile(slowRebalance, { observe: false });
    run!.advance(12_800, Infinity);
    expect(run!.results().verdict.text).toMatch(/it can do 0\.075\/s/);
  });

  it('does not call a queue unbounded in which messages expire, and counts them as offered to its reader', () => {
    const run = start({
      producer: { rate: 90 },
      queue: { ttl: 2000 },
      group: { serviceTime: { shape: 'constant', mean: 100 } },
    });
    for (const ms of [900, 3000, 60_000]) {
      run.advance(ms, Infinity);
      expect(run.results().verdict.text).toMatch(
        /^g is saturated since the start \(\d+\/s offered, it can do/,
      );
    }
    expect(run.results().nodes.g.verdict.offeredPerSecond).toBeGreaterThan(80);
    expect(run.results().problems.map(({ message }) => message)).toEqual([
      'Too much: 90/s arrive at g, it can do 10/s, and the rest expires.',
    ]);
  });

  it('stays calm at four fifths of the capacity, for every seed and at all times', () => {
    for (const seed of SEEDS) {
      const run = start({ producer: { rate: 80 }, seed });
      for (let ms = 0; ms <= 100_000; ms += 10_000) {
        expect(verdictsAt(run, ms).whole.state, `seed ${seed} at ${ms}`).toBe('stable');
      }
    }
  });

  it('does not notice the end of the warm-up', () => {
    const asked = { producer: { rate: 150 }, queue: { capacity: 3000 } };
    const [with20, without] = [start(asked, 20_000), start(asked)].map((run) => {
      return [20_000, 21_500, 25_000].map((ms) => verdictsAt(run, ms));
    });
    expect(with20).toEqual(without);
  });

  it('is the same however the run is cut and shown, and is what frames carry', () => {
    const asked = { producer: { rate: 150 }, queue: { capacity: 3000 } };
    const once = start(asked);
    const often = start({ ...asked, observe: true });
    for (let ms = 0; ms <= 30_000; ms += 777) often.advance(ms, Infinity);
    const whole = verdictsAt(once, 30_000);
    expect(verdictsAt(often, 30_000)).toEqual(whole);
    const frame = new Float64Array(often.frameSize());
    often.writeFrame(frame);
    const q = often.layout.node(often.shape.nodes.findIndex(({ id }) => id === 'q'));
    expect(LOAD_STATES[frame[q + NODE.loadState]]).toBe('filling');
    expect(frame[q + NODE.fullOrDrainedInMs]).toBe(whole.q.inMs);
  });

  it('counts no member without a partition: what one reader cannot do the others cannot either', () => {
    const { run } = compile(rangeSkew, { observe: false });
    run!.advance(60_000, Infinity);
    const { ledger } = run!.results().nodes;
    expect(ledger.verdict).toMatchObject({ state: 'growing', isSaturated: true });
    expect(ledger.verdict.capacityPerSecond).toBeCloseTo(66.7, 0);
  });

  it('says of workers that hang on a stopped node that they can do nothing, and names that node', () => {
    const { run } = compile(silentPartner, { observe: false });
    run!.advance(80_000, Infinity);
    const { nodes, verdict } = run!.results();
    expect(nodes.patient.verdict).toMatchObject({ isSaturated: true, capacityPerSecond: 0 });
    expect(nodes.shipping.verdict.state).toBe('stopped');
    expect(verdict.text).toMatch(
      /^mail and shipping are stopped; patient is saturated and falls behind without bound \(.*, it can do 0\/s\)\.$/,
    );
  });
});
