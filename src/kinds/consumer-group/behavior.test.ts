import { METRIC } from '../../engine/metrics.ts';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { TRACE, TRACE_ROW } from '../../engine/trace.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallEdge, type SmallRun } from '../../testing/small-run.ts';
import { LETTER_REASON } from '../shared/letter-reasons.ts';
import { COORDINATOR, MEMBER } from './membership.ts';

const constant = (mean: number): Json => ({ shape: 'constant', mean });

interface Setup {
  producer?: Record<string, Json>;
  topic?: Record<string, Json>;
  group?: Record<string, Json>;
}

const G = 2;

/** Producer 0, topic 1, group 2, dead-letter queue 3. The group's edge from the topic is 1. */
function onTopic({ producer, topic, group }: Setup): SmallRun {
  return smallRun({
    nodes: [
      {
        id: 'p',
        kind: 'producer',
        fields: { arrivals: 'constant', rate: 1000, keys: 'none', ...producer },
      },
      { id: 't', kind: 'topic', fields: { partitions: 1, ...topic } },
      { id: 'g', kind: 'consumer-group', fields: { backoffJitter: 0, serviceTime: constant(1), ...group } },
      { id: 'dlq', kind: 'dead-letter-queue' },
    ],
    edges: ['p > t', 't > g', 'g.failed > dlq'],
  });
}

/** The same on a queue. */
function onQueue(
  group: Record<string, Json>,
  messages = 1,
  more: SmallEdge[] = ['g.failed > dlq'],
): SmallRun {
  return smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: messages } },
      { id: 'q', kind: 'queue' },
      { id: 'g', kind: 'consumer-group', fields: { backoffJitter: 0, serviceTime: constant(0), ...group } },
      { id: 'dlq', kind: 'dead-letter-queue' },
      { id: 'next', kind: 'queue' },
      { id: 'other', kind: 'queue' },
    ],
    edges: ['p > q', 'q > g', ...more],
  });
}

function states(run: SmallRun): number[] {
  return Array.from({ length: run.kinds.groups.members(G) }, (_, m) => run.kinds.groups.memberState(G, m));
}

function owners(run: SmallRun): number[] {
  return Array.from({ length: run.kinds.logs.partitions(1) }, (_, lane) =>
    run.kinds.groups.owner(G, 1, lane),
  );
}

/** Times in ms at which tries of node 2 began. */
function tries(run: SmallRun): number[] {
  const { values } = run.sim.trace.rows.read(0);
  const rows = Array.from({ length: values.length / TRACE_ROW.size }, (_, row) => row * TRACE_ROW.size);
  return rows
    .filter((at) => values[at + TRACE_ROW.code] === TRACE.started && values[at + TRACE_ROW.node] === G)
    .map((at) => values[at] / 1000);
}

describe('retries', () => {
  it.each(['hold', 'later'])('follow the back-off and end in the dead letters (%s)', (retryMode) => {
    const run = onQueue({ failureProbability: 1, maxAttempts: 6, backoff: 100, backoffMax: 1000, retryMode });
    run.sim.trace.messages = true;
    run.until(60_000);
    expect(tries(run)).toEqual([1, 101, 301, 701, 1501, 2501]);
    expect([run.sim.metrics.of(3, METRIC.deadLettered), run.sim.metrics.of(G, METRIC.retries)]).toEqual([
      1, 5,
    ]);
    // The dead-letter queue keeps it.
    expect(run.sim.messages.alive).toBe(1);
  });

  it('stay within the jitter and below the cap', () => {
    const run = onQueue({ failureProbability: 1, maxAttempts: 7, backoffJitter: 0.2, backoffMax: 1000 }, 300);
    run.sim.trace.messages = true;
    run.until(1);
    for (const [n, least, most] of [
      [1, 80, 120],
      [2, 160, 240],
      [4, 640, 960],
      [5, 800, 1000],
      [6, 800, 1000],
    ]) {
      for (let i = 0; i < 200; i++) {
        const delay = run.kinds.consumers.work.failing.backoff.delay(run.sim, G, n, 0) / 1000;
        expect(delay).toBeGreaterThanOrEqual(least);
        expect(delay).toBeLessThanOrEqual(most);
      }
    }
  });

  it('wait in retry topics, one for each delay, as long as each says and without jitter', () => {
    const run = onTopic({
      producer: { stopAfter: 1 },
      group: {
        failureProbability: 1,
        maxAttempts: 5,
        backoff: 1000,
        backoffMax: 3000,
        backoffJitter: 1,
        retryMode: 'topics',
        serviceTime: constant(0),
      },
    });
    run.sim.trace.messages = true;
    run.until(2500);
    const { stages } = run.kinds.consumers.work.failing;
    // 1000, 2000, 3000 and 3000 again, which shares its topic.
    expect(stages.of(G).map(({ suffix, waiting, came }) => [suffix, waiting, came])).toEqual([
      ['-retry-1000', 0, 1],
      ['-retry-2000', 1, 1],
      ['-retry-3000', 0, 0],
    ]);
    run.until(60_000);
    expect(tries(run)).toEqual([1, 1001, 3001, 6001, 9001]);
    expect(stages.of(G).map(({ waiting, came }) => [waiting, came])).toEqual([
      [0, 1],
      [0, 1],
      [0, 2],
    ]);
  });

  it('let later records of a partition pass while one waits in a retry topic', () => {
    const group = { members: 1, failureProbability: 1, maxAttempts: 2, backoff: 1000 };
    const run = onTopic({ producer: { stopAfter: 5 }, group: { ...group, retryMode: 'topics' } });
    run.until(500);
    expect(run.sim.metrics.of(G, METRIC.attempts)).toBe(5);
    expect(run.kinds.logs.logEnd(1, 0) - run.kinds.groups.committed(G, 1, 0)).toBe(0);
  });

  it('are not made of what fails for good', () => {
    const run = onQueue({ failureProbability: 1, maxAttempts: 4, backoff: 0, fatalShare: 1 }, 10);
    run.until(1000);
    expect([run.sim.metrics.of(G, METRIC.attempts), run.sim.metrics.of(3, METRIC.deadLettered)]).toEqual([
      10, 10,
    ]);
    const [letter] = run.kinds.deadLetters.newest(run.sim, 3, 1);
    expect(letter).toMatchObject({ reason: LETTER_REASON.fatal, tries: 1 });
  });

  it('come at equal distances if waits do not grow, and are spread as their jitter says', () => {
    const fields = { failureProbability: 1, maxAttempts: 4, backoff: 100, backoffGrowth: 'fixed' };
    const run = onQueue(fields);
    run.sim.trace.messages = true;
    run.until(60_000);
    expect(tries(run)).toEqual([1, 101, 201, 301]);
    const spread = onQueue({ ...fields, jitter: 'decorrelated', backoffMax: 1000 });
    spread.sim.trace.messages = true;
    spread.until(60_000);
    const times = tries(spread);
    const waits = times.slice(1).map((time, at) => time - times[at]);
    waits.forEach((wait, at) => {
      expect(wait).toBeGreaterThanOrEqual(100);
      expect(wait).toBeLessThanOrEqual(Math.min(1000, 3 * (waits[at - 1] ?? 100)) + 0.001);
    });
    expect(new Set(waits).size).toBe(3);
  });

  it('hold up the worker in one mode and let it go on in the other', () => {
    const fields = { members: 1, failureProbability: 1, maxAttempts: 2, backoff: 1000 };
    const hold = onQueue({ ...fields, retryMode: 'hold' }, 5);
    const later = onQueue({ ...fields, retryMode: 'later' }, 5);
    for (const run of [hold, later]) run.until(500);
    expect(hold.sim.metrics.of(G, METRIC.attempts)).toBe(1);
    expect(later.sim.metrics.of(G, METRIC.attempts)).toBe(5);
  });

  it('fail every time for a poison message', () => {
    const run = onQueue({ maxAttempts: 4, backoff: 0 }, 10);
    run.kinds.inject(run.sim, 0, 'poison', { share: 1 });
    run.until(1000);
    expect([run.sim.metrics.of(G, METRIC.attempts), run.sim.metrics.of(3, METRIC.deadLettered)]).toEqual([
      40, 10,
    ]);
  });

  it('drop what is out of tries where no edge leads on, and start anew where one leads to a queue', () => {
    const dropped = onQueue({ failureProbability: 1, maxAttempts: 1 }, 10, []);
    dropped.until(100);
    expect(dropped.sim.metrics.of(G, METRIC.dropped)).toBe(10);
    const parked = onQueue({ failureProbability: 1, maxAttempts: 1 }, 10, ['g.failed > next']);
    parked.until(100);
    expect(parked.kinds.held(parked.sim, 4)).toBe(10);
    expect(parked.sim.messages.attempts.slice(0, 10)).toEqual(new Uint8Array(10));
  });
});

describe('what is done', () => {
  it('goes along every edge with its birth time', () => {
    const run = onQueue({ members: 10, serviceTime: constant(5) }, 10, ['g > next', 'g > other']);
    run.until(1000);
    expect([run.kinds.held(run.sim, 4), run.kinds.held(run.sim, 5)]).toEqual([10, 10]);
    expect([run.sim.metrics.copied, run.sim.metrics.of(G, METRIC.acknowledged)]).toEqual([10, 0]);
    const { bornAt, enteredAt } = run.sim.messages;
    for (let slot = 0; slot < 20; slot++) expect(enteredAt[slot] - bornAt[slot]).toBe(5000);
  });

  it('waits for room, with the worker busy, and passes the pressure on', () => {
    const run = onQueue({ members: 1 }, 10, ['g > next']);
    run.kinds.setField(run.sim, 4, 'capacity', 2);
    run.until(1000);
    expect([run.kinds.held(run.sim, 4), run.kinds.held(run.sim, G), run.kinds.held(run.sim, 1)]).toEqual([
      2, 1, 7,
    ]);
    expect(run.sim.metrics.of(G, METRIC.busy)).toBe(1);
    expect(run.sim.transfers.heldTime(G, run.sim.now)).toBe(997_000);
    run.kinds.setField(run.sim, 4, 'capacity', 0);
    run.until(1000);
    expect(run.kinds.held(run.sim, 4)).toBe(10);
  });
});

describe('a member that dies on a topic', () => {
  const setup: Setup = {
    topic: { partitions: 4 },
    group: { members: 2 },
    producer: { rate: 100, stickyBytes: 1 } as Record<string, Json>,
  };

  it('is missed one session timeout after its last heartbeat, as in the recorded case', () => {
    const run = onTopic(setup);
    run.until(10_000);
    run.kinds.inject(run.sim, G, 'crash', { member: 1 });
    run.until(53_999);
    expect(states(run)).toEqual([MEMBER.crashed, MEMBER.reading]);
    run.until(54_000);
    expect(states(run)[0]).toBe(MEMBER.removed);
    expect(run.kinds.consumers.membership.coordinatorOf[G]).toBe(COORDINATOR['preparing-rebalance']);
    // The other member's beat is half an interval later; then it joins, and the sync takes a round trip.
    run.until(55_501);
    expect(states(run)[1]).toBe(MEMBER['awaiting-assignment']);
    run.until(55_502);
    expect(owners(run)).toEqual([1, 1, 1, 1]);
    expect(states(run)[1]).toBe(MEMBER.reading);
  });

  it('gets its share back when it returns', () => {
    const run = onTopic(setup);
    expect(owners(run)).toEqual([0, 0, 1, 1]);
    run.until(1000);
    run.kinds.inject(run.sim, G, 'crash', { member: 2 });
    run.until(60_000);
    expect(owners(run)).toEqual([0, 0, 0, 0]);
    run.kinds.heal(run.sim, G, 'crash', { member: 2 });
    run.until(70_000);
    expect(owners(run)).toEqual([0, 0, 1, 1]);
    expect(run.kinds.lags.behind(run.sim, G)).toBeLessThan(5);
    new Invariants(run.sim, run.kinds).check();
  });

  it('leaves what was done and not committed to be done again: committed 40, done to 47', () => {
    const run = onTopic({
      producer: { rate: 1000, stopAfter: 100 },
      group: {
        members: 1,
        serviceTime: constant(100),
        commit: 'interval',
        commitInterval: 4050,
        sessionTimeout: 100,
        heartbeat: 30,
      },
    });
    // A message is done at 101 ms, 201 ms, …: 40 of them by the commit at 4050 ms.
    run.until(4760);
    expect(run.kinds.groups.committed(G, 1, 0)).toBe(40);
    run.kinds.inject(run.sim, G, 'crash', { member: 1 });
    run.kinds.heal(run.sim, G, 'crash', { member: 1 });
    run.until(60_000);
    const { metrics } = run.sim;
    expect(metrics.of(G, METRIC.duplicates)).toBe(7);
    expect([metrics.copied, metrics.of(G, METRIC.acknowledged)]).toEqual([7, 107]);
    expect(run.kinds.groups.committed(G, 1, 0)).toBe(100);
  });

  it('commits each message by itself if told so: only work in hand is repeated, and is no duplicate', () => {
    const run = onTopic({ group: { members: 1, serviceTime: constant(100), sessionTimeout: 100 } });
    run.until(4760);
    run.kinds.inject(run.sim, G, 'crash', { member: 1 });
    run.kinds.heal(run.sim, G, 'crash', { member: 1 });
    run.until(60_000);
    expect([run.sim.metrics.of(G, METRIC.duplicates), run.sim.metrics.copied]).toEqual([0, 0]);
  });
});

describe('a rebalance', () => {
  it('stops the whole group and waits for the slowest', () => {
    const run = onTopic({
      topic: { partitions: 2 },
      producer: { keys: 'uniform' },
      group: { members: 2, heartbeat: 100, sessionTimeout: 200 },
    });
    run.until(1000);
    run.kinds.inject(run.sim, G, 'slow', { factor: 10_000 });
    run.until(1010);
    run.kinds.inject(run.sim, G, 'crash', { member: 2 });
    run.until(5000);
    expect(states(run)).toEqual([MEMBER['finishing-work'], MEMBER.removed]);
    run.kinds.heal(run.sim, G, 'slow', { factor: 10_000 });
    run.until(12_000);
    expect(states(run)[0]).toBe(MEMBER.reading);
  });

  it('strikes off who is later than the longest rebalance, and its work is done twice', () => {
    const run = onTopic({
      topic: { partitions: 2 },
      producer: { keys: 'uniform', stopAfter: 2000 },
      group: { members: 3, heartbeat: 100, sessionTimeout: 200, maxPollInterval: 500 },
    });
    run.until(1000);
    run.kinds.inject(run.sim, G, 'slow', { factor: 10_000 });
    run.until(1003);
    run.kinds.heal(run.sim, G, 'slow', { factor: 10_000 });
    run.kinds.inject(run.sim, G, 'crash', { member: 3 });
    run.until(2500);
    // Members 1 and 2 are at work for ten seconds; the standby died, so nobody has joined in time.
    expect(states(run)).toEqual([MEMBER.expelled, MEMBER.expelled, MEMBER.removed]);
    expect(run.kinds.consumers.membership.coordinatorOf[G]).toBe(COORDINATOR.empty);
    run.until(60_000);
    expect(states(run).slice(0, 2)).toEqual([MEMBER.reading, MEMBER.reading]);
    expect(run.sim.metrics.of(G, METRIC.duplicates)).toBe(2);
    expect(run.sim.metrics.of(G, METRIC.acknowledged)).toBe(2002);
    new Invariants(run.sim, run.kinds).check();
  });

  it('leaves members beyond the partitions standing by', () => {
    const run = onTopic({ topic: { partitions: 2 }, group: { members: 3 } });
    expect(states(run)).toEqual([MEMBER.reading, MEMBER.reading, MEMBER['standing-by']]);
  });
});

describe('several workers of a member on one partition', () => {
  it('commit only an unbroken beginning', () => {
    const run = onTopic({ group: { members: 1, concurrency: 4 } });
    run.kinds.inject(run.sim, G, 'slow', { factor: 1000 });
    run.until(1.5);
    run.kinds.heal(run.sim, G, 'slow', { factor: 1000 });
    run.until(900);
    // The first record takes a second; the others go on until the window is full.
    expect(run.sim.metrics.of(G, METRIC.acknowledged)).toBe(511);
    expect(run.kinds.groups.committed(G, 1, 0)).toBe(0);
    run.until(1200);
    expect(run.kinds.groups.committed(G, 1, 0)).toBeGreaterThan(512);
  });
});
