import type { Design, Json } from '../design/types.ts';
import { METRIC } from '../engine/metrics.ts';
import { describe, expect, it } from 'vitest';
import { COORDINATOR, MEMBER } from '../kinds/consumer-group/membership.ts';
import { PHASE, WORKER } from '../kinds/consumer-group/workers.ts';
import { KINDS } from '../kinds/registry.ts';
import {
  CasePlayer,
  differingColumn,
  sameBits,
  type CaseEnd,
  type CasePlace,
} from '../testing/case-player.ts';
import { Dice } from '../testing/fuzz/dice.ts';
import { drawCase } from '../testing/fuzz/draw-case.ts';
import type { FuzzCase } from '../testing/fuzz/fuzz-case.ts';
import { designOf } from '../testing/metamorphic/run-figures.ts';
import { insideOf } from '../testing/laws/watch-run.ts';
import { compile } from './compile.ts';
import type { LiveRun } from './live-run.ts';

/** Cases of each sort; more of them for a longer search: `SNAPSHOT_CASES=1000 npx vitest run src/simulation/snapshot`. */
const CASES = Number(process.env.SNAPSHOT_CASES ?? 16);
const FIRST_SEED = Number(process.env.SNAPSHOT_SEED ?? 5000);
const SHORT = 40;
const LONG = 2500;
const PLACES_OF_LONG = 12;

/** Kinds in which messages lie or are worked on; an exchange hands them on at once. */
const HOLDERS = ['producer', 'topic', 'queue', 'consumer-group', 'database', 'dead-letter-queue'];

/** Every fault of every kind. */
const FAULTS = KINDS.flatMap(({ kind, faults }) => faults.map(({ id }) => [kind, id] as const));

/** What was under way at a snapshot at least once, over all cases of this file. */
const underWay = new Set<string>();

describe('a run that goes on from a snapshot is the run that never stopped', () => {
  it('while a full queue holds back another one that hands it dead letters', () => {
    const slow = { serviceTime: { shape: 'constant', mean: 30 } };
    const design = designOf(
      {
        source: ['producer', { rate: 300 }],
        a: ['queue', { capacity: 2, overflow: 'dead-letter' }],
        b: ['queue', { capacity: 1 }],
        quick: ['consumer-group', slow],
        slow: ['consumer-group', slow],
      },
      ['source > a', 'a > quick', 'a.dead > b', 'b > slow'],
    );
    checkPlaces({ design, deeds: [], activeMs: 1000 }, 0, SHORT, () => true);
    expect(underWay).toContain('queue: held back');
  });

  it('while members finish their work before they join again', () => {
    const slow = { serviceTime: { shape: 'constant', mean: 60 }, sessionTimeout: 40, heartbeat: 10 };
    const design = teamOnLog(100, 6, { ...slow, members: 3 });
    const found: FuzzCase = { design, deeds: [{ ...strike('crash'), afterEvents: 30 }], activeMs: 2000 };
    checkPlaces(found, 0, 5 * SHORT, (steps) => steps % 2 === 0);
    expect(underWay).toContain('member: finishing-work');
  });

  it('while a member lets go of partitions that move to one that comes back', () => {
    const slow = { serviceTime: { shape: 'constant', mean: 30 }, sessionTimeout: 60, heartbeat: 10 };
    const design = teamOnLog(200, 6, { ...slow, members: 2, assignor: 'cooperative-sticky' });
    const crash = { ...strike('crash'), forMs: 150, afterEvents: 30 };
    checkPlaces({ design, deeds: [crash], activeMs: 2000 }, 0, 5 * SHORT, (steps) => steps % 2 === 0);
    expect(underWay).toContain('member: revoking');
  });

  it('while a member that was to stop cannot be reached', () => {
    const slow = { serviceTime: { shape: 'constant', mean: 80 }, sessionTimeout: 60, heartbeat: 10 };
    const design = teamOnLog(50, 1, { ...slow, members: 1 });
    const restart = { ...strike('restart'), forMs: 150, afterEvents: 30 };
    const cut = { ...strike('cut-off'), forMs: 150, afterEvents: 1 };
    checkPlaces({ design, deeds: [restart, cut], activeMs: 2000 }, 0, 5 * SHORT, (steps) => steps % 2 === 0);
    expect(underWay).toContain('member: stranded');
  });

  it('from every event of short runs', () => {
    const check = (found: FuzzCase, seed: number) => checkPlaces(found, seed, SHORT, () => true);
    expect(forEachCase(0, CASES, CASES, check)).toBe(CASES);
  });

  it.each(FAULTS)('while a %s has the fault %s', (kind, fault) => {
    const { found, seed } = caseWith(kind, fault);
    checkPlaces(found, seed, 3 * SHORT, (steps) => steps % 8 === 0);
    expect(underWay).toContain(`${kind}: ${fault}`);
  });

  it('from random events of longer runs', () => {
    const tried = forEachCase(100_000, CASES * 2, CASES * 10, (found, seed) => {
      const dice = new Dice(seed);
      const places = new Set(Array.from({ length: PLACES_OF_LONG }, () => dice.below(LONG)));
      checkPlaces(found, seed, LONG, (steps) => places.has(steps));
    });
    expect(tried).toBeGreaterThanOrEqual(CASES * 2);
  });

  it('has been tried with work of every kind under way', () => {
    expect(neverSeen()).toEqual([]);
  });
});

/** A group on one topic. */
function teamOnLog(rate: number, partitions: number, team: Record<string, Json>): Design {
  return designOf(
    { source: ['producer', { rate }], log: ['topic', { partitions }], team: ['consumer-group', team] },
    ['source > log', 'log > team'],
  );
}

/** A fault of the first member of that group. */
function strike(fault: string) {
  return { do: 'inject', id: fault, node: 'team', fault, args: { member: 1 } } as const;
}

function neverSeen(): string[] {
  const members = Object.keys(MEMBER).filter((state) => state !== 'removed' && state !== 'stopped');
  const expected = [
    ...Object.keys(PHASE).map((phase) => `worker: ${phase}`),
    ...members.map((state) => `member: ${state}`),
    ...Object.keys(COORDINATOR).map((state) => `coordinator: ${state}`),
    ...HOLDERS.map((kind) => `${kind}: holds something`),
    'producer: held back',
    'queue: held back',
    'consumer-group: held back',
    'agenda: crowded',
    'fault to come',
    'field changed',
  ];
  return expected.filter((what) => !underWay.has(what));
}

/** So many cases at least, and on until everything was seen under way. */
function forEachCase(
  offset: number,
  least: number,
  most: number,
  check: (found: FuzzCase, seed: number) => void,
): number {
  const goesOn = (tried: number) => tried < least || (tried < most && neverSeen().length > 0);
  let tried = 0;
  for (let seed = FIRST_SEED + offset; goesOn(tried); seed++) {
    const found = drawCase(seed);
    if (!compile(found.design).run) continue;
    check(found, seed);
    tried++;
  }
  return tried;
}

/** A case in which a node of the kind has the fault from its twentieth event on. */
function caseWith(kind: string, fault: string): { found: FuzzCase; seed: number } {
  for (let seed = FIRST_SEED; ; seed++) {
    const { design, activeMs } = drawCase(seed);
    const node = design.nodes.find((candidate) => candidate.kind === kind)?.id;
    const { run } = compile(design);
    if (node === undefined || !run || run.advance(activeMs, 2 * SHORT) < 2 * SHORT) continue;
    const deed = { do: 'inject', id: 'by-hand', node, fault, args: {}, afterEvents: 20 } as const;
    return { found: { design, deeds: [deed], activeMs }, seed };
  }
}

/** Plays a case to its end, then again from each place, in the run that was there and in one that is new. */
function checkPlaces(
  found: FuzzCase,
  seed: number,
  mostSteps: number,
  keeps: (steps: number) => boolean,
): void {
  const player = new CasePlayer(fresh(found), found, mostSteps);
  const places: CasePlace[] = [];
  do {
    if (!keeps(player.steps)) continue;
    places.push(player.place());
    noteUnderWay(player.run, found);
  } while (player.step());
  const seen = player.seen.slice();
  const end = player.finish();
  for (const place of places) {
    const label = `seed ${seed}, step ${place.steps} of ${player.steps}`;
    // Back from the end in one, on from the beginning in the other.
    player.goTo(place);
    expectSame(player, end, seen, `${label}, same run`);
    const other = new CasePlayer(fresh(found), found, mostSteps);
    other.goTo(place);
    expectSame(other, end, seen, `${label}, new run`);
  }
}

function expectSame(player: CasePlayer, end: CaseEnd, seen: readonly string[], label: string): void {
  const { steps } = player;
  const again = player.finish();
  expect(again.hash, label).toBe(end.hash);
  expect(differingColumn(again.state, end.state), label).toBeNull();
  const at = seen.findIndex((text, step) => step > steps && text !== player.seen[step]);
  expect(at, `${label}: first step that looks different`).toBe(-1);
  expect(JSON.stringify(again.results) === JSON.stringify(end.results), `${label}: results`).toBe(true);
  expect(JSON.stringify(again.rows) === JSON.stringify(end.rows), `${label}: trace`).toBe(true);
  expect(sameBits(again.frame, end.frame), `${label}: frame`).toBe(true);
  expect(again.samples, `${label}: chart samples`).toEqual(end.samples);
}

function fresh(found: FuzzCase): LiveRun {
  const { run, problems } = compile(found.design);
  if (!run) throw new Error(problems.map(({ message }) => message).join(' '));
  return run;
}

function noteUnderWay(run: LiveRun, found: FuzzCase): void {
  const { sim, kinds, nodes, indexOf } = insideOf(run);
  const { workers } = kinds.consumers;
  nodes.forEach(({ kind }, node) => {
    const { metrics } = sim;
    const ended = metrics.of(node, METRIC.deadLettered) + metrics.of(node, METRIC.busy);
    const holds = kinds.held(sim, node) + ended > 0;
    if (holds || (kind === 'topic' && kinds.topics.records(node) > 0))
      underWay.add(`${kind}: holds something`);
    if (sim.transfers.heldEdges[node] > 0) underWay.add(`${kind}: held back`);
    if (kind !== 'consumer-group') return;
    const coordinator = kinds.consumers.membership.coordinatorOf[node];
    underWay.add(`coordinator: ${nameOf(COORDINATOR, coordinator)}`);
    for (let member = 0; member < kinds.groups.members(node); member++) {
      underWay.add(`member: ${nameOf(MEMBER, kinds.groups.memberState(node, member))}`);
    }
  });
  for (let worker = 0; worker < workers.count; worker++) {
    underWay.add(`worker: ${nameOf(PHASE, workers.of(worker, WORKER.phase))}`);
  }
  for (const { node, fault } of run.activeFaults())
    underWay.add(`${node === undefined ? 'edge' : nodes[indexOf.get(node)!].kind}: ${fault}`);
  if (sim.queue.size > 600) underWay.add('agenda: crowded');
  if (found.design.scenario.faults.some(({ atMs }) => atMs > run.nowMs)) underWay.add('fault to come');
  const wasSet = insideOf(run)
    .trace.save()
    .some(({ code }) => code === 'set-field');
  if (wasSet) underWay.add('field changed');
}

function nameOf(names: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(names).find((name) => names[name] === value) ?? String(value);
}
