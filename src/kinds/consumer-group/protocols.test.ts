import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { TRACE, TRACE_ROW } from '../../engine/trace.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';
import { MACHINE } from '../shared/machine-rows.ts';
import { causeOf, COORDINATOR, MEMBER } from './membership.ts';

const constant = (mean: number): Json => ({ shape: 'constant', mean });
const G = 2;

interface Setup {
  partitions?: number;
  producer?: Record<string, Json>;
  group: Record<string, Json>;
}

/** Producer 0, topic 1, group 2: 600 messages a second over all partitions, each done in a millisecond. */
function groupRun({ partitions = 6, producer, group }: Setup): SmallRun {
  return smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 600, keyCount: 500, ...producer } },
      { id: 't', kind: 'topic', fields: { partitions } },
      { id: 'g', kind: 'consumer-group', fields: { serviceTime: constant(1), ...group } },
    ],
    edges: ['p > t', 't > g'],
  });
}

/** Partitions of each member. */
function owned(run: SmallRun): number[][] {
  const { groups, logs } = run.kinds;
  return Array.from({ length: groups.members(G) }, (_, member) =>
    Array.from({ length: logs.partitions(1) }, (__, lane) => lane).filter(
      (lane) => groups.owner(G, 1, lane) === member,
    ),
  );
}

/** Times the coordinator left its rest, with what the trace gives as the cause. */
function departures(run: SmallRun): string[] {
  const { values } = run.sim.trace.rows.read(0);
  const found: string[] = [];
  for (let at = 0; at < values.length; at += TRACE_ROW.size) {
    if (values[at + TRACE_ROW.code] !== TRACE.machine || values[at + TRACE_ROW.a] !== MACHINE.coordinator)
      continue;
    const why = causeOf(values[at + TRACE_ROW.c]);
    if (why) found.push(`m${why.member} ${why.cause}`);
  }
  return found;
}

function strikeFor(run: SmallRun, member: number, ms: number, fault = 'crash'): void {
  run.kinds.inject(run.sim, G, fault, { member });
  run.until(run.sim.now / 1000 + ms);
  run.kinds.heal(run.sim, G, fault, { member });
}

/** A member was dead for long and comes back at 20.1 s, while each try takes so many times as long as usual. */
function comesBackToSlowWork(run: SmallRun, member: number, factor: number): void {
  run.until(1000);
  run.kinds.inject(run.sim, G, 'crash', { member });
  run.until(20_000);
  run.kinds.inject(run.sim, G, 'slow', { factor });
  run.until(20_100);
  run.kinds.heal(run.sim, G, 'crash', { member });
}

/** Runs on until a member is in a state, for a minute at most. */
function untilIn(run: SmallRun, member: number, state: number, stepMs: number): void {
  const last = run.sim.now / 1000 + 60_000;
  const { stateOf } = run.kinds.consumers.membership;
  while (stateOf[member] !== state && run.sim.now / 1000 < last) run.until(run.sim.now / 1000 + stepMs);
}

/** Runs in steps and returns the most time that a partition went without any commit, in ms. */
function longestStops(run: SmallRun, untilMs: number, stepMs = 10): number[] {
  const lanes = run.kinds.logs.partitions(1);
  const committed = (lane: number) => run.kinds.groups.committed(G, 1, lane);
  const seen = Array.from({ length: lanes }, (_, lane) => ({ at: committed(lane), since: 0, most: 0 }));
  const start = run.sim.now / 1000;
  for (let ms = 0; start + ms < untilMs; ms += stepMs) {
    run.until(start + ms);
    seen.forEach((lane, number) => {
      const now = committed(number);
      if (now !== lane.at) Object.assign(lane, { at: now, since: ms });
      lane.most = Math.max(lane.most, ms - lane.since);
    });
  }
  return seen.map(({ most }) => most);
}

/** A group that lost its third member, which comes back. */
const joiner = { members: 3, sessionTimeout: 10_000, heartbeat: 1000, brokerHeartbeat: 1000 };

describe('a member that joins takes', () => {
  it.each([
    [
      'range',
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
    ],
    [
      'roundrobin',
      [
        [0, 3],
        [1, 4],
        [2, 5],
      ],
    ],
    [
      'sticky',
      [
        [0, 2],
        [1, 4],
        [3, 5],
      ],
    ],
    [
      'cooperative-sticky',
      [
        [0, 2],
        [1, 4],
        [3, 5],
      ],
    ],
  ])('what %s gives it', (assignor, expected) => {
    const run = groupRun({ group: { ...joiner, assignor } });
    run.until(1000);
    run.kinds.inject(run.sim, G, 'crash', { member: 3 });
    run.until(20_000);
    run.kinds.heal(run.sim, G, 'crash', { member: 3 });
    run.until(30_000);
    expect(owned(run)).toEqual(expected);
    new Invariants(run.sim, run.kinds).check();
  });

  it('as little as possible by the sticky assignors, which the eager ones that forget do not care for', () => {
    const moved = ['roundrobin', 'sticky', 'cooperative-sticky'].map((assignor) => {
      const run = groupRun({ partitions: 12, group: { ...joiner, members: 4, assignor } });
      run.until(1000);
      run.kinds.inject(run.sim, G, 'crash', { member: 4 });
      run.until(20_000);
      const before = owned(run);
      run.kinds.heal(run.sim, G, 'crash', { member: 4 });
      run.until(30_000);
      const after = owned(run);
      return before.flatMap((lanes, member) => lanes.filter((lane) => !after[member].includes(lane))).length;
    });
    expect(moved).toEqual([9, 3, 3]);
  });
});

describe('a cooperative rebalance', () => {
  const cooperative = { ...joiner, assignor: 'cooperative-sticky' };
  const eager = { ...joiner, assignor: 'sticky' };

  function whenOneJoins(group: Record<string, Json>): { run: SmallRun; stops: number[] } {
    const run = groupRun({ group });
    run.until(1000);
    run.kinds.inject(run.sim, G, 'crash', { member: 3 });
    run.until(20_000);
    run.kinds.heal(run.sim, G, 'crash', { member: 3 });
    return { stops: longestStops(run, 24_000), run };
  }

  it('leaves the partitions that stay alone, where an eager one stops also those', () => {
    const { stops, run } = whenOneJoins(cooperative);
    expect(owned(run)).toEqual([
      [0, 2],
      [1, 4],
      [3, 5],
    ]);
    for (const lane of [0, 1, 2, 4]) expect(stops[lane]).toBeLessThan(100);
    for (const lane of [3, 5]) expect(stops[lane]).toBeGreaterThan(600);
    // Member 2 hears of it two thirds of a second before member 1, and waits.
    const all = whenOneJoins(eager).stops;
    for (const lane of [1, 4, 5]) expect(all[lane]).toBeGreaterThan(600);
  });

  it('takes two rounds: partitions that move belong to nobody between them', () => {
    const { run } = whenOneJoins(cooperative);
    expect(departures(run)).toEqual(['m3 silent', 'm3 joined', 'm1 revoked']);
    expect(departures(whenOneJoins(eager).run)).toEqual(['m3 silent', 'm3 joined']);
  });

  it('finishes and commits what is in hand of a partition before it lets go of it', () => {
    const run = groupRun({
      producer: { stopAfter: 2000 },
      group: { ...cooperative, concurrency: 3, commit: 'interval', commitInterval: 3_000_000 },
    });
    run.until(1000);
    strikeFor(run, 3, 20_000);
    run.until(60_000);
    expect(run.sim.metrics.of(G, METRIC.duplicates)).toBeLessThan(400);
    expect(run.sim.metrics.of(G, METRIC.acknowledged) - run.sim.metrics.of(G, METRIC.duplicates)).toBe(2000);
    new Invariants(run.sim, run.kinds).check();
  });
});

describe('a member that is back before its session is over', () => {
  it('rebalances the group, which waits for the dead one too, if it is dynamic', () => {
    const run = groupRun({ group: { members: 3, sessionTimeout: 45_000 } });
    run.until(10_000);
    strikeFor(run, 2, 5000);
    run.until(50_000);
    expect(run.kinds.consumers.membership.coordinatorOf[G]).toBe(COORDINATOR['preparing-rebalance']);
    // Its last heartbeat was at 10 s.
    run.until(55_100);
    expect(run.kinds.consumers.membership.coordinatorOf[G]).toBe(COORDINATOR.stable);
    expect(departures(run)).toEqual(['m2 joined']);
  });

  it.each(['classic', 'consumer'])(
    'has its partitions at once and no one else stops if it is static (%s)',
    (protocol) => {
      const run = groupRun({ group: { members: 3, sessionTimeout: 45_000, identity: 'static', protocol } });
      const before = owned(run);
      run.until(10_000);
      strikeFor(run, 2, 5000);
      run.until(15_003);
      expect(run.kinds.groups.memberState(G, 1)).toBe(MEMBER.reading);
      expect([owned(run), departures(run)]).toEqual([before, []]);
      run.until(30_000);
      expect(run.kinds.lags.behind(run.sim, G)).toBeLessThan(10);
      new Invariants(run.sim, run.kinds).check();
    },
  );

  it('rebalances if it is static and comes too late', () => {
    const run = groupRun({ group: { members: 3, sessionTimeout: 6000, identity: 'static' } });
    run.until(10_000);
    strikeFor(run, 2, 12_000);
    run.until(30_000);
    expect(departures(run)).toEqual(['m2 silent', 'm2 joined']);
  });
});

describe('the consumer protocol', () => {
  const group = { ...joiner, protocol: 'consumer' };

  it('moves what has to move at heartbeats, and stops nothing else', () => {
    const run = groupRun({ group });
    expect(owned(run)).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    run.until(1000);
    run.kinds.inject(run.sim, G, 'crash', { member: 3 });
    run.until(20_000);
    expect(owned(run)).toEqual([[0, 1, 4], [2, 3, 5], []]);
    run.kinds.heal(run.sim, G, 'crash', { member: 3 });
    const stops = longestStops(run, 24_000);
    expect(owned(run)).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    for (const lane of [0, 1, 2, 3]) expect(stops[lane]).toBeLessThan(100);
    expect(run.kinds.consumers.membership.coordinatorOf[G]).toBe(COORDINATOR.stable);
    expect(departures(run)).toEqual(['m3 silent', 'm3 joined']);
    new Invariants(run.sim, run.kinds).check();
  });

  it('gives a partition to its new reader only after the old one has let go of it', () => {
    const run = groupRun({ producer: { stopAfter: 3000 }, group });
    comesBackToSlowWork(run, 3, 1000);
    run.until(21_500);
    // Members 1 and 2 have had their heartbeats; whoever has a record in hand of what moves keeps it for a second.
    const { rows } = run.kinds.consumers;
    const moving = [4, 5].filter((lane) => rows.owner[lane] >= 0 && rows.isGivenUp(lane));
    for (const lane of moving) expect(rows.isInHand(lane)).toBe(true);
    run.kinds.heal(run.sim, G, 'slow', { factor: 1000 });
    run.until(40_000);
    expect(owned(run)).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    expect(run.sim.metrics.of(G, METRIC.duplicates)).toBe(0);
  });

  it('tells a new process of a static member nothing before it asks, though a heartbeat of the old one was due', () => {
    const times = { brokerHeartbeat: 100, sessionTimeout: 150 };
    const run = groupRun({ group: { ...group, ...times, identity: 'static' } });
    const first = () => run.kinds.groups.memberState(G, 0);
    run.until(110);
    run.kinds.inject(run.sim, G, 'crash', { member: 3 });
    run.until(295);
    strikeFor(run, 1, 4);
    run.until(300.5);
    expect([departures(run), first()]).toEqual([['m3 silent'], MEMBER['awaiting-assignment']]);
    run.until(301.5);
    expect(first()).toBe(MEMBER.reading);
  });
});

it('keeps a partition until the work is done that it committed beforehand (consumer protocol)', () => {
  const group = { ...joiner, members: 2, concurrency: 2, protocol: 'consumer', guarantee: 'at-most-once' };
  const run = groupRun({ partitions: 2, group });
  // Every try takes three seconds from now on, so that both partitions are in work when one is to move.
  comesBackToSlowWork(run, 2, 3000);
  run.until(22_500);
  const { stateOf } = run.kinds.consumers.membership;
  expect([stateOf[0], owned(run)]).toEqual([MEMBER.revoking, [[0, 1], []]]);
  run.until(24_500);
  expect([stateOf[0], owned(run)]).toEqual([MEMBER.reading, [[0], [1]]]);
  expect(run.sim.metrics.of(G, METRIC.duplicates)).toBe(0);
});

it.each([
  ['cut-off', { protocol: 'consumer' }],
  ['hang', { protocol: 'consumer' }],
  ['cut-off', { assignor: 'cooperative-sticky' }],
  ['hang', { assignor: 'cooperative-sticky' }],
])('lets go of a partition also after it was silent meanwhile (%s, %j)', (fault, protocol) => {
  const run = groupRun({ partitions: 2, group: { ...joiner, members: 2, ...protocol } });
  comesBackToSlowWork(run, 2, 3000);
  const { stateOf } = run.kinds.consumers.membership;
  untilIn(run, 0, MEMBER.revoking, 100);
  strikeFor(run, 1, 50, fault);
  expect(stateOf[0]).toBe(MEMBER.revoking);
  run.until(60_000);
  expect([stateOf[0], owned(run).map((lanes) => lanes.length)]).toEqual([MEMBER.reading, [1, 1]]);
});

it('a static member that died before it heard what it reads joins anew', () => {
  const run = groupRun({ group: { ...joiner, members: 1, identity: 'static' } });
  const { stateOf } = run.kinds.consumers.membership;
  run.until(1000);
  strikeFor(run, 1, 60_000);
  untilIn(run, 0, MEMBER['awaiting-assignment'], 1);
  expect(stateOf[0]).toBe(MEMBER['awaiting-assignment']);
  run.kinds.inject(run.sim, G, 'cut-off', { member: 1 });
  run.until(run.sim.now / 1000 + 10);
  strikeFor(run, 1, 100);
  run.kinds.heal(run.sim, G, 'cut-off', { member: 1 });
  run.until(run.sim.now / 1000 + 20_000);
  expect([stateOf[0], owned(run)]).toEqual([MEMBER.reading, [[0, 1, 2, 3, 4, 5]]]);
});

describe('a member that does not poll for too long', () => {
  const slowly: Setup = {
    partitions: 2,
    producer: { rate: 1, keys: 'none', stopAfter: 3, stickyBytes: 1 } as Record<string, Json>,
    group: { members: 2, serviceTime: constant(10), maxPollInterval: 300_000, assignor: 'sticky' },
  };

  it.each(['classic', 'consumer'])(
    'leaves though its heartbeats are fine, and its work is done twice (%s)',
    (protocol) => {
      const run = groupRun({ ...slowly, group: { ...slowly.group, protocol } });
      run.kinds.inject(run.sim, G, 'slow', { factor: 40_000 });
      run.until(1500);
      const at = run.kinds.groups.memberBusy(G, 0) > 0 ? 0 : 1;
      run.kinds.heal(run.sim, G, 'slow', { factor: 40_000 });
      // The first record is taken at 1 s and done after 400 s.
      run.until(300_999);
      expect(run.kinds.groups.memberState(G, at)).toBe(MEMBER.reading);
      run.until(301_000);
      expect(run.kinds.groups.memberState(G, at)).toBe(MEMBER.expelled);
      expect(departures(run)).toEqual([`m${at + 1} overdue`]);
      run.until(320_000);
      expect(owned(run)[1 - at]).toEqual([0, 1]);
      run.until(600_000);
      expect(run.kinds.groups.memberState(G, at)).toBe(MEMBER.reading);
      expect(run.sim.metrics.of(G, METRIC.duplicates)).toBe(1);
      new Invariants(run.sim, run.kinds).check();
    },
  );

  it('stays while each try is short, however long it works', () => {
    const run = groupRun({ group: { members: 2, serviceTime: constant(5), maxPollInterval: 10 } });
    run.until(20_000);
    expect(departures(run)).toEqual([]);
  });
});

it('an empty group waits for more members after each that joins, and deals out once', () => {
  const run = groupRun({ group: { members: 2, sessionTimeout: 1000, heartbeat: 300, firstWindow: 3000 } });
  const both = (what: 'inject' | 'heal', member: number) => run.kinds[what](run.sim, G, 'crash', { member });
  run.until(1000);
  both('inject', 1);
  both('inject', 2);
  run.until(5000);
  expect(run.kinds.consumers.membership.coordinatorOf[G]).toBe(COORDINATOR.empty);
  both('heal', 1);
  run.until(7000);
  both('heal', 2);
  run.until(9999);
  expect(run.kinds.consumers.membership.coordinatorOf[G]).toBe(COORDINATOR['preparing-rebalance']);
  run.until(10_010);
  expect(run.kinds.consumers.membership.coordinatorOf[G]).toBe(COORDINATOR.stable);
  expect(owned(run).map(({ length }) => length)).toEqual([3, 3]);
});
