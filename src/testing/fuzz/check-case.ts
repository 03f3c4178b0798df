import { METRIC } from '../../engine/metrics.ts';
import type { Json } from '../../design/types.ts';
import { MEMBER } from '../../kinds/consumer-group/membership.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import { compile } from '../../simulation/compile.ts';
import type { LiveRun } from '../../simulation/live-run.ts';
import { runResults } from '../../simulation/results/run-results.ts';
import type { EdgeResults } from '../../simulation/results/results.ts';
import { hold } from '../laws/law.ts';
import { checkNumbers, insideOf, watchRun, type WatchedRun } from '../laws/watch-run.ts';
import type { Coverage } from './coverage.ts';
import { Dice } from './dice.ts';
import { doDeed } from './do-deed.ts';
import { comesToRest, isHeldUp, keepsLetters, lacksOffset } from './coming-to-rest.ts';
import { injections, type Deed, type FuzzCase } from './fuzz-case.ts';

/** A bug that is put into a run on purpose, to see whether the fuzzer finds it. */
export type Plant = (run: LiveRun) => void;

/** Events of the active time; the rest of it is skipped. */
const MOST_EVENTS = 3000;
/** The whole state is walked after each of the first events, then after every so many. */
const ALWAYS_THOROUGH = 600;
const THOROUGH_EVERY = 13;
/** A run whose last message was done so shortly before its horizon is slow, not stuck. */
const STILL_AT_WORK_MS = 120_000;
/** Events that a design may need to come to rest. */
const MOST_REST_EVENTS = 40_000;
const REST_CHECK_EVERY = 97;
const REST_STEP_MS = 30_000;

/** Runs a case with every check; the sentence of the first law that is broken, or null. */
export function checkCase(found: FuzzCase, coverage: Coverage, plant?: Plant): string | null {
  try {
    const run = build(found, plant);
    if (!run) {
      coverage.refused++;
      return null;
    }
    coverage.cases++;
    const watch = watchRun(run, [...found.design.scenario.faults, ...injections(found)]);
    const { hash, events } = runWatched(found, run, watch, coverage);
    coverage.events += run.events;
    checkRest(found, run, watch, coverage);
    noteHappenings(run, coverage);
    watch.checkEnd();
    checkSame(found, { hash, events }, coverage, plant);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function build(found: FuzzCase, plant?: Plant, observe = true): LiveRun | null {
  const { run } = compile(found.design, { observe });
  if (run) plant?.(run);
  return run;
}

/** Where a run stood when its active time was over. */
interface Mark {
  hash: string;
  events: number;
}

function runWatched(found: FuzzCase, run: LiveRun, watch: WatchedRun, coverage: Coverage): Mark {
  const step = (): boolean => {
    if (run.advance(found.activeMs, 1) === 0) return false;
    watch.check(run.events <= ALWAYS_THOROUGH || run.events % THOROUGH_EVERY === 0);
    coverage.between(run);
    run.drainMessages();
    return true;
  };
  watch.check(true);
  for (const deed of found.deeds) {
    for (let i = 0; i < deed.afterEvents && step(); i++);
    const isDone = doWatched(run, deed, watch);
    watch.check(true);
    if (isDone) noteDeed(found, deed, coverage);
  }
  while (run.events < MOST_EVENTS && step());
  watch.check(true);
  noteFaults(found, run, coverage);
  return { hash: runHash(run), events: run.events };
}

/** Does what a deed says under the eyes of the laws; false if it was refused. */
function doWatched(run: LiveRun, deed: Deed, watch: WatchedRun): boolean {
  const { indexOf } = insideOf(run);
  watch.beforeDeed();
  if (deed.do === 'inject') watch.injected(deed);
  if (doDeed(run, deed)) return false;
  if (deed.do === 'set') watch.fieldSet(indexOf.get(deed.node)!, deed.field, deed.value);
  return true;
}

function noteDeed(found: FuzzCase, deed: Deed, coverage: Coverage): void {
  if (deed.do === 'heal') coverage.happened('fault healed by hand');
  else if (deed.do === 'inject') coverage.happened('fault by hand');
  else coverage.edited(found.design.nodes.find(({ id }) => id === deed.node)!.kind, deed.field);
}

function noteFaults(found: FuzzCase, run: LiveRun, coverage: Coverage): void {
  for (const { atMs, forMs } of found.design.scenario.faults) {
    if (atMs <= run.nowMs) coverage.happened('fault of the scenario');
    if (atMs + (forMs ?? Infinity) <= run.nowMs) coverage.happened('fault ended by time');
  }
}

/** I45, I46: when all faults are healed and nothing new comes, everything that can be done gets done. */
function checkRest(found: FuzzCase, run: LiveRun, watch: WatchedRun, coverage: Coverage): void {
  const { nodes } = insideOf(run);
  const faults = [...found.design.scenario.faults, ...injections(found)];
  const set = (node: number, field: string, value: Json) => {
    watch.beforeDeed();
    const refused = run.setField(nodes[node].id, field, value);
    if (refused) throw new Error(`I45: ${refused.message}`);
    watch.fieldSet(node, field, value);
  };
  healAll(run, watch);
  nodes.forEach(({ kind }, node) => {
    const fields = kindDefinition(kind)!.fields.map(({ name }) => name);
    if (fields.includes('stopAfter')) set(node, 'stopAfter', 1);
    if (fields.includes('failureProbability')) set(node, 'failureProbability', 0);
    // Work that takes longer than a rebalance may wait throws a group out for ever, as it would a real one.
    if (fields.includes('backoff')) set(node, 'backoff', 0);
    if (fields.includes('serviceTime')) set(node, 'serviceTime', { shape: 'constant', mean: 0.1 });
    if (fields.includes('connections')) set(node, 'connections', 20);
  });
  watch.check(true);
  const limit = run.events + MOST_REST_EVENTS;
  let [least, doneAt] = [Infinity, run.nowMs];
  const isStill = () => {
    const left = inFlight(run);
    if (left < least) [least, doneAt] = [left, run.nowMs];
    return left === 0 && lostMember(run) === null;
  };
  const until = comesToRest(found) ? Infinity : run.nowMs + 10 * REST_STEP_MS;
  while (!isStill() && run.events < limit && run.nowMs < until) {
    const done = run.advance(run.nowMs + REST_STEP_MS, REST_CHECK_EVERY);
    watch.check(true);
    run.drainMessages();
    healAll(run, watch);
    if (done < REST_CHECK_EVERY && run.done) break;
  }
  if (!comesToRest(found) || keepsLetters(run) || lacksOffset(run)) return;
  // What a broken guarantee has stopped stands where it stood.
  const isSlow = run.nowMs === run.horizonMs && least > 0 && run.nowMs - doneAt < STILL_AT_WORK_MS;
  if (run.events >= limit || isSlow || run.stoppedBy?.code === 'violation' || isHeldUp(found, run)) {
    coverage.undecided++;
    return;
  }
  hold(inFlight(run) === 0, 'I45: messages are left for ever', heldByNode(run));
  hold(lostMember(run) === null, 'I45: a member never comes back', lostMember(run));
  coverage.whole(run, faults, 'comes-to-rest');
  if (faults.length > 0) coverage.happened('came to rest after faults');
}

function inFlight(run: LiveRun): number {
  return run.results().totals.inFlight;
}

function heldByNode(run: LiveRun): Record<string, number> {
  const nodes = Object.entries(run.results().nodes).map(([id, { held }]) => [id, held] as const);
  return Object.fromEntries(nodes.filter(([, held]) => held > 0));
}

/** A member without its place in a stable group, or null. */
function lostMember(run: LiveRun): object | null {
  const { kinds, nodes } = insideOf(run);
  for (const [node, { id, kind }] of nodes.entries()) {
    if (kind !== 'consumer-group') continue;
    for (let member = 0; member < kinds.groups.members(node); member++) {
      const state = kinds.groups.memberState(node, member);
      if (![MEMBER.reading, MEMBER.paused, MEMBER['standing-by']].includes(state as 0))
        return { id, member, state, at: run.nowMs };
    }
  }
  return null;
}

function healAll(run: LiveRun, watch: WatchedRun): void {
  for (const { id } of run.activeFaults()) {
    watch.beforeDeed();
    run.heal(id);
  }
}

/** I39 to I42: the same again, cut into other calls, watched otherwise, and with a snapshot gone back to on the way. */
function checkSame(found: FuzzCase, mark: Mark, coverage: Coverage, plant?: Plant): void {
  const dice = new Dice(mark.events + found.deeds.length);
  const faults = [...found.design.scenario.faults, ...injections(found)];
  const whole = replay(found, mark, build(found, plant)!, (run, most) => run.advance(found.activeMs, most));
  hold(runHash(whole) === mark.hash, 'I39: another run the second time', mark.hash, runHash(whole));
  coverage.whole(whole, faults, 'same-again');

  const cut = replay(found, mark, build(found, plant)!, (run, most) => {
    const until = Math.min(found.activeMs, run.nowMs + dice.pick([0.001, 1, 37.5, 400]));
    const done = run.advance(until, Math.min(most, 1 + dice.below(60)));
    if (dice.chance(0.1)) look(run);
    return done === 0 && !run.done && run.nowMs < found.activeMs ? NaN : done;
  });
  coverage.whole(cut, faults, 'same-when-cut');
  checkEqual(whole, cut, 'I41: cut into other calls');

  const unseen = replay(found, mark, build(found, plant, false)!, (run, most) =>
    run.advance(found.activeMs, most),
  );
  coverage.whole(unseen, faults, 'same-when-unseen');
  const [seen, hidden] = [JSON.stringify(whole.results()), JSON.stringify(unseen.results())];
  hold(seen === hidden, 'I40: another run when nobody watches', runHash(whole), runHash(unseen));

  let snapshots = 0;
  const restored = replay(found, mark, build(found, plant)!, (run, most) => {
    const done = run.advance(found.activeMs, Math.min(most, 1 + dice.below(400)));
    if (snapshots++ < 4) {
      const saved = run.snapshot();
      run.advance(found.activeMs, 1 + dice.below(500));
      run.restore(saved);
    }
    return done;
  });
  coverage.whole(restored, faults, 'same-from-snapshot');
  checkEqual(whole, restored, 'I42: went on from a snapshot');
}

/** Looks at a run as a page does; every figure that it shows is a number, or NaN where there is none. */
function look(run: LiveRun): void {
  const frame = new Float64Array(run.frameSize());
  run.writeFrame(frame);
  run.drainTrace();
  checkNumbers(
    frame.filter((value) => !Number.isNaN(value)),
    'frame',
  );
}

/** Runs a case up to a mark without any watch; `advance` returns how many events it did, NaN for "only time passed". */
function replay(
  found: FuzzCase,
  mark: Mark,
  run: LiveRun,
  advance: (run: LiveRun, most: number) => number,
): LiveRun {
  const go = (events: number) => {
    for (let left = events; left > 0;) {
      const done = advance(run, left);
      if (done === 0) break;
      left -= done || 0;
    }
  };
  for (const deed of found.deeds) {
    go(deed.afterEvents);
    doDeed(run, deed);
  }
  go(Math.max(0, mark.events - run.events));
  if (run.events < MOST_EVENTS) run.advance(found.activeMs, MOST_EVENTS);
  return run;
}

/** Every number of the state is the same, not only the hash. */
function checkEqual(a: LiveRun, b: LiveRun, sentence: string): void {
  hold(runHash(a) === runHash(b), `${sentence}: hash`, a.events, b.events, a.nowMs, b.nowMs);
  const [left, right] = [insideOf(a).sim.snapshot(), insideOf(b).sim.snapshot()];
  left.arrays.forEach((array, i) => {
    const other = right.arrays[i];
    const at =
      array.length === other.length ? array.findIndex((value, j) => !Object.is(value, other[j])) : -2;
    hold(at === -1, `${sentence}: ${left.fields[i]}`, at, array[at], other[at]);
  });
  left.scalars.forEach((value, i) => {
    const name = left.fields[left.arrays.length + i];
    hold(Object.is(value, right.scalars[i]), `${sentence}: ${name}`, value, right.scalars[i]);
  });
}

function runHash(run: LiveRun): string {
  return insideOf(run).sim.hash.hex();
}

function noteHappenings(run: LiveRun, coverage: Coverage): void {
  const { sim, kinds } = insideOf(run);
  const results = runResults({ ...insideOf(run), problems: [] });
  const { totals } = results;
  for (const { transactions, polling } of Object.values(results.nodes)) {
    coverage.happened('transaction committed', transactions?.committed ?? 0);
    coverage.happened('transaction aborted', transactions?.aborted ?? 0);
    if ((polling?.recordsPerPoll ?? 0) > 1) coverage.happened('poll of several records', polling!.polls);
  }
  const sum = (counts: Float64Array) => counts.reduce((a, b) => a + b, 0);
  coverage.happened('message acknowledged', totals.acknowledged);
  coverage.happened('dead letter', totals.deadLettered);
  for (const { redriven, forgotten } of Object.values(results.nodes)) {
    coverage.happened('redriven', redriven);
    coverage.happened('letter forgotten', forgotten);
  }
  coverage.happened('message dropped', totals.dropped);
  // Whether or not something took it as a dead letter.
  for (const { expired, deaths } of Object.values(results.nodes)) {
    coverage.happened('message expired', Math.max(expired, deaths?.expired ?? 0));
  }
  coverage.happened('retry', sim.metrics.total(METRIC.retries));
  coverage.happened('duplicate', sim.metrics.total(METRIC.duplicates));
  coverage.happened('several readers', totals.copied);
  insideOf(run).nodes.forEach(({ fields }, node) => {
    if (fields.client !== 'kafka') return;
    coverage.happened('record sent again', sim.metrics.of(node, METRIC.retries));
    coverage.happened('record written twice', sim.metrics.of(node, METRIC.duplicates));
    coverage.happened('record given up', sim.metrics.of(node, METRIC.failures));
  });
  coverage.happened('sender blocked', sum(sim.transfers.blockedFor) > 0 ? 1 : 0);
  coverage.happened('warm-up over', sim.metrics.measuredFrom > 0 ? 1 : 0);
  coverage.happened('rebalance', sum(kinds.consumers.rows.generation as unknown as Float64Array));
  noteGuards(Object.values(results.edges), coverage);
  const states = run.drainTrace().map(({ state }) => state);
  coverage.happened('publisher blocked', states.filter((state) => state === 'blocked').length);
  for (const { queue, publisher } of Object.values(results.nodes)) {
    coverage.happened('message given back', queue?.redelivered ?? 0);
    coverage.happened('only consumer taken over', queue?.failovers ?? 0);
    coverage.happened('publish confirmed', publisher?.confirmed ?? 0);
    coverage.happened('publish refused', publisher?.refused ?? 0);
  }
  coverage.happened('member expelled', states.filter((state) => state === 'expelled').length);
  coverage.happened('member struck off', states.filter((state) => state === 'removed').length);
}

function noteGuards(edges: readonly EdgeResults[], coverage: Coverage): void {
  for (const { guard } of edges) {
    if (!guard) continue;
    coverage.happened('call timed out', guard.timeouts);
    coverage.happened('call refused by a breaker', guard.refusedByBreaker);
    coverage.happened('call refused by a limiter', guard.refusedByLimiter);
    coverage.happened('call refused by a bulkhead', guard.refusedByBulkhead);
    coverage.happened('call fell back', guard.fellBack);
    coverage.happened('call abandoned', guard.abandoned);
    coverage.happened('late answer', guard.lateAnswers);
    coverage.happened('breaker opened', guard.breaker?.openings ?? 0);
    coverage.happened('breaker closed again', guard.breaker?.state === 'closed' ? guard.breaker.changes : 0);
  }
}
