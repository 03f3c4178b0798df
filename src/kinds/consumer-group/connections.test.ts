import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import {
  ahead,
  begunAt,
  competing as competingFor,
  doneBy,
  lasting,
} from '../../testing/competing-consumers.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';

type Fields = Record<string, Json>;

/** Groups that compete for a queue whose broker waits for half a second. */
const competing = (messages: number, groups: Record<string, Fields>, queue: Fields = {}) =>
  competingFor(messages, groups, { heartbeat: 500, ...queue });

/** Waiting in the queue, given out without a word that got through, and alive in all. */
function account(run: SmallRun): [ready: number, unacknowledged: number, alive: number] {
  new Invariants(run.sim, run.kinds).check();
  const { sim, kinds, node } = run;
  return [sim.metrics.of(node('q'), METRIC.queued), kinds.queues.unsettled(node('q')), sim.messages.alive];
}

const cut = ({ sim, kinds, edge }: SmallRun, group: string) =>
  kinds.links.inject(sim, edge(`q > ${group}`), 'partition', {});
const mend = ({ sim, kinds, edge }: SmallRun, group: string) =>
  kinds.links.heal(sim, edge(`q > ${group}`), 'partition');

describe('a consumer that is cut off from its queue', () => {
  it('says what it has done when the network is whole again in time', () => {
    const run = competing(3, { a: lasting(100) });
    run.until(50);
    cut(run, 'a');
    run.until(480);
    expect(begunAt(run, 'a')).toEqual(['1 at 1']);
    // The message itself has come to its end; a copy of it is kept, as it may have to come back.
    expect(account(run)).toEqual([2, 1, 3]);
    mend(run, 'a');
    run.until(490);
    expect(account(run)).toEqual([1, 1, 2]);
    run.until(1000);
    expect(begunAt(run, 'a')).toEqual(['1 at 1', '2 at 480', '3 at 580']);
    expect(doneBy(run, 'a')).toEqual({ done: 3, again: 0 });
    expect(account(run)).toEqual([0, 0, 0]);
  });

  it('keeps its connection, with what it has ahead', () => {
    const run = competing(6, { a: { ...ahead(3), ...lasting(200) } });
    run.until(50);
    cut(run, 'a');
    run.until(100);
    mend(run, 'a');
    run.until(590);
    expect(begunAt(run, 'a')).toEqual(['1 at 1', '2 at 201', '3 at 401']);
    expect(account(run)).toEqual([1, 3, 4]);
  });

  it('loses its connection after the heartbeats, and what it has goes to another', () => {
    const run = competing(2, { a: lasting(2000), b: lasting(10) });
    run.until(50);
    cut(run, 'a');
    run.until(540);
    expect(begunAt(run, 'b')).toEqual(['2 at 2']);
    run.until(600);
    expect(begunAt(run, 'b')).toEqual(['2 at 2', '1 at 550']);
    mend(run, 'a');
    run.until(3000);
    expect([doneBy(run, 'a'), doneBy(run, 'b')]).toEqual([
      { done: 1, again: 1 },
      { done: 2, again: 0 },
    ]);
    expect(account(run)).toEqual([0, 0, 0]);
  });

  it('has its work done again when the word of it did not get through', () => {
    const run = competing(2, { a: lasting(100), b: lasting(10) });
    run.until(50);
    cut(run, 'a');
    run.until(1000);
    expect(begunAt(run, 'b')).toEqual(['2 at 2', '1 at 550']);
    expect([doneBy(run, 'a'), doneBy(run, 'b')]).toEqual([
      { done: 1, again: 1 },
      { done: 2, again: 0 },
    ]);
    expect(account(run)).toEqual([0, 0, 0]);
  });

  it('works on what it had ahead, until the connection is closed and that goes back to its place', () => {
    const run = competing(4, { a: { ...ahead(3), ...lasting(300) }, b: { ...lasting(1000), ...ahead(1) } });
    run.until(50);
    cut(run, 'a');
    run.until(540);
    expect(begunAt(run, 'a')).toEqual(['1 at 1', '3 at 301']);
    expect(account(run)).toEqual([0, 4, 5]);
    run.until(560);
    // The first was done in vain, the second is in hand, the third was not begun.
    expect(account(run)).toEqual([3, 1, 5]);
    run.until(5000);
    expect(begunAt(run, 'b')).toEqual(['2 at 2', '1 at 1002', '3 at 2002', '4 at 3002']);
    expect(doneBy(run, 'a')).toEqual({ done: 2, again: 2 });
    expect(account(run)).toEqual([0, 0, 0]);
  });

  it('gets what comes next when it is back, beside what it still has from before', () => {
    const run = competing(3, { a: { concurrency: 2, ...lasting(2000) } });
    run.until(50);
    cut(run, 'a');
    run.until(700);
    expect(account(run)).toEqual([3, 0, 5]);
    mend(run, 'a');
    run.until(5000);
    expect(begunAt(run, 'a')).toEqual(['1 at 1', '2 at 2', '1 at 2001', '2 at 2002', '3 at 4001']);
    expect(doneBy(run, 'a')).toEqual({ done: 4, again: 2 });
  });

  /** Two messages at one instant every other millisecond, so many times. */
  function pairs(times: number, a: Fields): SmallRun {
    const producer = { arrivals: 'constant', rate: 500, stopAfter: times };
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: producer },
        { id: 'r', kind: 'producer', fields: producer },
        { id: 'q', kind: 'queue', fields: { heartbeat: 500 } },
        { id: 'a', kind: 'consumer-group', fields: { members: 1, ...lasting(0.5), ...a } },
        { id: 'b', kind: 'consumer-group', fields: { members: 1, consumerPriority: -1, ...lasting(10) } },
      ],
      edges: ['p > q', 'r > q', 'q > a', 'q > b'],
    });
    run.sim.trace.messages = true;
    return run;
  }

  it('gives back what it has to its place among those that came at the same instant', () => {
    // Arrivals are counted in 16 bits, and the count has passed half of that.
    const run = pairs(20_001, {});
    run.kinds.inject(run.sim, run.node('b'), 'crash', { member: 1 });
    run.until(40_001);
    run.kinds.inject(run.sim, run.node('a'), 'slow', { factor: 1e6 });
    run.until(40_003);
    cut(run, 'a');
    run.until(41_000);
    run.kinds.heal(run.sim, run.node('b'), 'crash', { member: 1 });
    run.until(41_100);
    expect(begunAt(run, 'b')).toEqual(['40001 at 41000', '40002 at 41010']);
  });

  it('gives back what came at one instant in the order in which it came, whichever worker had it', () => {
    const run = pairs(2, { concurrency: 2 });
    run.until(3);
    run.kinds.inject(run.sim, run.node('a'), 'slow', { factor: 1e6 });
    // The worker that was done last is the first to begin.
    run.until(5);
    expect(begunAt(run, 'a')).toEqual(['1 at 2', '2 at 2', '3 at 4', '4 at 4']);
    cut(run, 'a');
    run.until(1000);
    expect(begunAt(run, 'b')).toEqual(['3 at 505', '4 at 515']);

    for (const isCut of [false, true]) {
      const dying = pairs(2, { concurrency: 2 });
      dying.until(3);
      dying.kinds.inject(dying.sim, dying.node('a'), 'slow', { factor: 1e6 });
      dying.until(5);
      if (isCut) cut(dying, 'a');
      dying.kinds.inject(dying.sim, dying.node('a'), 'crash', { member: 1 });
      dying.until(100);
      expect(begunAt(dying, 'b')).toEqual(['3 at 5', '4 at 15']);
    }
  });

  it('may be a single member, by a fault of its own', () => {
    const run = competing(1, { a: { members: 2, ...lasting(100) } });
    run.until(50);
    run.kinds.inject(run.sim, run.node('a'), 'cut-off', { member: 1 });
    run.until(1000);
    expect(begunAt(run, 'a')).toEqual(['1 at 1', '1 at 550']);
    expect(doneBy(run, 'a')).toEqual({ done: 2, again: 1 });
    run.kinds.heal(run.sim, run.node('a'), 'cut-off', { member: 1 });
    run.until(2000);
    expect(account(run)).toEqual([0, 0, 0]);
  });

  it('gives back late what it failed at', () => {
    const fails = { failureProbability: 1, onFailure: 'reject', ...lasting(100) };
    const run = competing(1, { a: fails });
    run.until(50);
    cut(run, 'a');
    run.until(400);
    expect(account(run)).toEqual([0, 1, 1]);
    mend(run, 'a');
    run.until(410);
    expect(run.kinds.queues.deaths(run.node('q')).rejected).toBe(1);

    const late = competing(1, { a: fails });
    late.until(50);
    cut(late, 'a');
    late.until(1000);
    // Nobody has heard that it was rejected.
    expect(account(late)).toEqual([1, 0, 1]);
    expect(late.kinds.queues.deaths(late.node('q')).rejected).toBe(0);
  });

  it('is the active one no more when its connection is closed', () => {
    const run = competing(3, { a: lasting(100), b: lasting(10) }, { consumers: 'one' });
    run.until(50);
    cut(run, 'a');
    run.until(540);
    expect(begunAt(run, 'b')).toEqual([]);
    run.until(1000);
    expect(begunAt(run, 'b')).toEqual(['1 at 550', '2 at 560', '3 at 570']);
    mend(run, 'a');
    run.until(1100);
    expect(run.kinds.consumers.prefetch!.activeOf(run.node('q'))).toMatchObject({ node: run.node('b') });
  });

  it('that dies has said nothing, and what it did is done again', () => {
    const run = competing(1, { a: lasting(100), b: { ...lasting(10), consumerPriority: -1 } });
    run.until(50);
    cut(run, 'a');
    run.until(300);
    run.kinds.inject(run.sim, run.node('a'), 'crash', { member: 1 });
    run.until(400);
    expect(begunAt(run, 'b')).toEqual(['1 at 300']);
    expect(doneBy(run, 'a')).toEqual({ done: 1, again: 1 });
    expect(account(run)).toEqual([0, 0, 0]);
  });

  it('is waited for as long as the consumer timeout of its queue says, if that is less', () => {
    const quorum = { queueType: 'quorum', consumerTimeout: 300 };
    const run = competing(
      2,
      { a: { ...ahead(2), ...lasting(100) }, b: { ...lasting(10), consumerPriority: -1 } },
      quorum,
    );
    run.until(50);
    cut(run, 'a');
    run.until(450);
    expect(begunAt(run, 'a')).toEqual(['1 at 1', '2 at 101']);
    expect(begunAt(run, 'b')).toEqual(['1 at 301', '2 at 311']);
    expect(doneBy(run, 'a')).toEqual({ done: 2, again: 2 });
    mend(run, 'a');
    run.until(1000);
    expect(account(run)).toEqual([0, 0, 0]);
  });

  it('has no part in what another consumer had for too long, however much is held of it', () => {
    const quorum = { queueType: 'quorum', consumerTimeout: 300, heartbeat: 200 };
    const slow = { consumerPriority: 1, ...lasting(5000) };
    const run = competing(40, { slow, many: { concurrency: 40, ...lasting(5000) } }, quorum);
    run.until(60);
    cut(run, 'many');
    run.until(299);
    expect(account(run)).toEqual([39, 1, 79]);
    run.until(310);
    expect(account(run)).toEqual([40, 0, 80]);
  });

  it('is waited for for ever without heartbeats, and has nothing to lose where it acknowledges before the work', () => {
    for (const [queue, group] of [
      [{ heartbeat: 0 }, {}],
      [{}, { guarantee: 'at-most-once' }],
    ]) {
      const run = competing(
        1,
        { a: { ...lasting(100), ...group }, b: { ...lasting(10), consumerPriority: -1 } },
        queue,
      );
      run.until(50);
      cut(run, 'a');
      run.until(5000);
      expect(begunAt(run, 'b')).toEqual([]);
      mend(run, 'a');
      run.until(6000);
      expect([doneBy(run, 'a'), account(run)]).toEqual([{ done: 1, again: 0 }, [0, 0, 0]]);
    }
  });

  it('comes back as it was from a snapshot', () => {
    const run = competing(3, { a: lasting(100), b: lasting(300) });
    run.until(50);
    cut(run, 'a');
    run.until(200);
    const snapshot = run.sim.snapshot();
    run.until(2000);
    const hash = run.sim.hash.hex();
    run.sim.restore(snapshot);
    run.until(2000);
    expect(run.sim.hash.hex()).toBe(hash);
  });
});
