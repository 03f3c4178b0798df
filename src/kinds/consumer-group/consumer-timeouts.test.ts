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
import type { SmallRun } from '../../testing/small-run.ts';

type Fields = Record<string, Json>;

/** Groups that compete for a quorum queue that waits for half a second. */
const competing = (messages: number, groups: Record<string, Fields>, queue: Fields = {}) =>
  competingFor(messages, groups, { queueType: 'quorum', consumerTimeout: 500, ...queue });

function figures(run: SmallRun, group: string): ReturnType<typeof doneBy> {
  new Invariants(run.sim, run.kinds).check();
  return doneBy(run, group);
}

const queued = ({ sim, node }: SmallRun) => sim.metrics.of(node('q'), METRIC.queued);
const unsettled = ({ kinds, node }: SmallRun) => kinds.queues.unsettled(node('q'));

describe('the consumer timeout of a quorum queue', () => {
  it('gives a message that was not acknowledged in time to another consumer', () => {
    const run = competing(2, { slow: {}, fast: lasting(10) });
    run.until(490);
    expect([queued(run), unsettled(run)]).toEqual([0, 1]);
    run.until(505);
    expect(begunAt(run, 'fast')).toEqual(['2 at 2', '1 at 501']);
    run.until(2000);
    expect(begunAt(run, 'slow')).toEqual(['1 at 1']);
    expect(figures(run, 'fast')).toEqual({ done: 2, again: 0 });
    expect(figures(run, 'slow')).toEqual({ done: 1, again: 1 });
    expect([queued(run), unsettled(run), run.sim.messages.alive]).toEqual([0, 0, 0]);
  });

  it('sends a consumer nothing before it has settled what it had too long', () => {
    const run = competing(3, { slow: ahead(1) });
    run.until(900);
    expect([queued(run), unsettled(run)]).toEqual([3, 0]);
    run.until(1002);
    // What came back goes before all others.
    expect(begunAt(run, 'slow')).toEqual(['1 at 1', '1 at 1001']);
  });

  it('sends nothing to the other workers of a member either', () => {
    const run = competing(4, { slow: { concurrency: 2 } }, { consumerTimeout: 995 });
    run.until(900);
    expect([begunAt(run, 'slow'), queued(run)]).toEqual([['1 at 1', '2 at 2'], 2]);
    // Both come back after 995 ms and are settled after 1000: nothing is begun before the later of them is.
    run.until(1005);
    expect(begunAt(run, 'slow').slice(2)).toEqual(['1 at 1002', '2 at 1002']);
    expect(figures(run, 'slow')).toEqual({ done: 2, again: 2 });
  });

  it('takes back only what is over its time: the consumer keeps the rest, and works on all of it', () => {
    const run = competing(
      5,
      { slow: ahead(3), fast: { ...lasting(1), ...ahead(1) } },
      { consumerTimeout: 1500 },
    );
    run.until(1400);
    // Messages 1, 3 and 5 came to the slow one at 1, 3 and 5 ms, and it has settled the first in time.
    expect([begunAt(run, 'slow'), begunAt(run, 'fast')]).toEqual([
      ['1 at 1', '3 at 1001'],
      ['2 at 2', '4 at 4'],
    ]);
    run.until(1510);
    expect(begunAt(run, 'fast')).toEqual(['2 at 2', '4 at 4', '3 at 1503', '5 at 1505']);
    run.until(5000);
    expect(begunAt(run, 'slow')).toEqual(['1 at 1', '3 at 1001', '5 at 2001']);
    expect(figures(run, 'slow')).toEqual({ done: 3, again: 2 });
    expect([queued(run), unsettled(run), run.sim.messages.alive]).toEqual([0, 0, 0]);
  });

  it('counts from the delivery on, also while a message waits in a prefetch', () => {
    const run = competing(2, { slow: ahead(2) }, { consumerTimeout: 1200 });
    run.until(1300);
    expect([queued(run), unsettled(run)]).toEqual([1, 0]);
    const { timeouts } = run.kinds.consumers;
    expect(timeouts!.figures(run.sim.plan, run.node('q'))).toEqual({ takenBack: 1, lateConsumers: 1 });
    run.until(2050);
    expect(timeouts!.figures(run.sim.plan, run.node('q'))).toEqual({ takenBack: 1, lateConsumers: 0 });
  });

  it('frees a message from a member that hangs, and leaves the member out until it goes on', () => {
    const run = competing(6, { stuck: { ...ahead(3), ...lasting(10) }, other: lasting(10) });
    run.until(6);
    run.kinds.inject(run.sim, run.node('stuck'), 'hang', { member: 1 });
    run.until(490);
    expect([begunAt(run, 'stuck'), unsettled(run)]).toEqual([['1 at 1'], 3]);
    run.until(530);
    expect(begunAt(run, 'other').slice(-3)).toEqual(['3 at 503', '4 at 513', '5 at 523']);
    run.kinds.heal(run.sim, run.node('stuck'), 'hang', { member: 1 });
    run.until(600);
    // What its client had got before it works on all the same.
    expect(begunAt(run, 'stuck')).toEqual(['1 at 1', '3 at 530', '4 at 540', '5 at 550']);
    expect(figures(run, 'stuck')).toEqual({ done: 4, again: 3 });
    expect(run.sim.messages.alive).toBe(0);
  });

  it('does not count towards the delivery limit', () => {
    const run = competing(1, { slow: {} }, { deliveryLimit: 1 });
    run.until(10_000);
    expect(run.kinds.queues.deaths(run.node('q')).delivery_limit).toBe(0);
    expect(begunAt(run, 'slow')).toHaveLength(10);
  });

  it('does not hear who rejects or gives back what it had too long', () => {
    for (const onFailure of ['reject', 'nack', 'requeue']) {
      const late = { failureProbability: 1, onFailure };
      const run = competing(1, { late, fast: { ...lasting(1), consumerPriority: -1 } });
      run.until(2000);
      expect(begunAt(run, 'fast')).toEqual(['1 at 501']);
      expect(figures(run, 'fast')).toEqual({ done: 1, again: 0 });
      expect([unsettled(run), run.sim.messages.alive]).toEqual([0, 0]);
      expect(run.kinds.queues.deaths(run.node('q')).rejected).toBe(0);
    }
  });

  it('is over for what a consumer has that dies', () => {
    const run = competing(2, { slow: { ...ahead(2), ...lasting(5000) } });
    run.until(700);
    expect([queued(run), unsettled(run)]).toEqual([2, 0]);
    run.kinds.inject(run.sim, run.node('slow'), 'crash', { member: 1 });
    expect([queued(run), unsettled(run), run.sim.messages.alive]).toEqual([2, 0, 2]);
    run.kinds.heal(run.sim, run.node('slow'), 'crash', { member: 1 });
    run.until(710);
    expect([queued(run), unsettled(run)]).toEqual([0, 2]);
    figures(run, 'slow');
  });

  it('makes the next consumer the active one, where there is one at a time', () => {
    const run = competing(4, { first: lasting(2000), second: lasting(10) }, { consumers: 'one' });
    run.until(490);
    expect(begunAt(run, 'second')).toEqual([]);
    run.until(2500);
    expect(begunAt(run, 'first')).toEqual(['1 at 1']);
    expect(begunAt(run, 'second')).toEqual(['1 at 501', '2 at 511', '3 at 521', '4 at 531']);
    expect(run.kinds.consumers.prefetch!.failovers(run.node('q'))).toBe(1);
  });

  it('makes the same consumer the active one again when there is no other', () => {
    const run = competing(2, { only: {} }, { consumers: 'one' });
    run.until(900);
    expect(run.kinds.consumers.prefetch!.activeOf(run.node('q'))).toBeNull();
    run.until(1100);
    expect(run.kinds.consumers.prefetch!.activeOf(run.node('q'))).toMatchObject({ local: 0 });
    expect(begunAt(run, 'only')).toEqual(['1 at 1', '1 at 1001']);
  });

  it('is none for classic queues, with 0, and where a message is acknowledged before the work', () => {
    const cases: [Fields, Fields][] = [
      [{ queueType: 'classic' }, {}],
      [{ consumerTimeout: 0 }, {}],
      [{}, { guarantee: 'at-most-once' }],
    ];
    for (const [queue, group] of cases) {
      const run = competing(1, { slow: group }, queue);
      run.until(2000);
      expect(begunAt(run, 'slow')).toEqual(['1 at 1']);
      expect(run.kinds.consumers.timeouts).toBeNull();
    }
  });
});
