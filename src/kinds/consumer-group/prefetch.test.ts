import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { ahead, beginnings, competing, lasting } from '../../testing/competing-consumers.ts';
import { Invariants } from '../../testing/invariants.ts';
import type { SmallRun } from '../../testing/small-run.ts';
import { WORKER } from './workers.ts';

type Fields = Record<string, Json>;

/** Messages that a group began, in order, from 1. */
const begun = (run: SmallRun, group: string) => beginnings(run, group).map(({ message }) => message);

/** Waiting in the queue, and given out without an acknowledgement. */
function readyAndNot(run: SmallRun): [ready: number, unacknowledged: number] {
  new Invariants(run.sim, run.kinds).check();
  const queue = run.node('q');
  return [run.sim.metrics.of(queue, METRIC.queued), run.kinds.queues.unsettled(queue)];
}

function crash(run: SmallRun, group: string, member: number): void {
  run.kinds.inject(run.sim, run.node(group), 'crash', { member });
}

function restore(run: SmallRun, group: string, member: number): void {
  run.kinds.heal(run.sim, run.node(group), 'crash', { member });
}

describe('a prefetch', () => {
  // Recorded from RabbitMQ: prefetch 2, two consumers, seven messages: A1 B2 A3 B4; one of A is acknowledged: A5; 2 ready.
  it('deals messages out in turn up to its limit, and one more for each acknowledgement', () => {
    const run = competing(7, { a: ahead(2), b: ahead(2) });
    run.until(500);
    expect(readyAndNot(run)).toEqual([3, 4]);
    run.until(1001.5);
    expect(readyAndNot(run)).toEqual([2, 4]);
    run.until(20_000);
    expect(begun(run, 'a')).toEqual([1, 3, 5, 7]);
    expect(begun(run, 'b')).toEqual([2, 4, 6]);
    expect(readyAndNot(run)).toEqual([0, 0]);
  });

  // Recorded: prefetch 1, and B never acknowledges: A1 B2 A3 A4 A5 A6.
  it('leaves who does not acknowledge with what it has', () => {
    const run = competing(6, { a: { ...ahead(1), ...lasting(5) }, b: { ...ahead(1), ...lasting(1e6) } });
    run.until(1000);
    expect(begun(run, 'a')).toEqual([1, 3, 4, 5, 6]);
    expect(begun(run, 'b')).toEqual([2]);
  });

  // Recorded: a prefetch of 0 is no limit; the first consumer takes 6 of 6.
  it('of 0 gives the whole backlog to the first who comes', () => {
    const run = competing(6, { g: { members: 2, ...ahead(0) } });
    for (const member of [1, 2]) crash(run, 'g', member);
    run.until(100);
    expect(readyAndNot(run)).toEqual([6, 0]);
    for (const member of [1, 2]) restore(run, 'g', member);
    expect(readyAndNot(run)).toEqual([0, 6]);
    run.until(500);
    const { workers } = run.kinds.consumers;
    expect([0, 1].map((worker) => workers.of(worker, WORKER.message) >= 0)).toEqual([true, false]);
  });

  it('has a message wait with a busy member while another has nothing to do', () => {
    const run = competing(4, { slow: ahead(10), fast: { ...ahead(10), ...lasting(0.1) } });
    run.until(500);
    expect(begun(run, 'slow')).toEqual([1]);
    expect(begun(run, 'fast')).toEqual([2, 4]);
    expect(run.sim.metrics.of(run.node('slow'), METRIC.queued)).toBe(1);
  });

  it('smaller than the workers of a member keeps some of them idle', () => {
    const run = competing(6, { g: { concurrency: 4, ...ahead(2) } });
    run.until(500);
    expect(begun(run, 'g')).toEqual([1, 2]);
  });
});

describe('a member that hangs', () => {
  const hang = (run: SmallRun, group: string, member: number) =>
    run.kinds.inject(run.sim, run.node(group), 'hang', { member });
  const goOn = (run: SmallRun, group: string, member: number) =>
    run.kinds.heal(run.sim, run.node(group), 'hang', { member });

  it('is sent messages in its turn up to its prefetch, as the broker does not know, and keeps them', () => {
    const run = competing(12, {
      stuck: { ...ahead(4), ...lasting(0.1) },
      other: { ...ahead(1), ...lasting(1) },
    });
    run.until(0.5);
    hang(run, 'stuck', 1);
    run.until(500);
    expect(begun(run, 'other')).toHaveLength(8);
    expect([begun(run, 'stuck'), readyAndNot(run)]).toEqual([[], [0, 4]]);
    goOn(run, 'stuck', 1);
    run.until(600);
    expect([begun(run, 'stuck').length, readyAndNot(run)]).toEqual([4, [0, 0]]);
  });

  it('swallows all there is without a limit, until it is dead', () => {
    const run = competing(10, { stuck: ahead(0) });
    hang(run, 'stuck', 1);
    run.until(500);
    expect(readyAndNot(run)).toEqual([0, 10]);
    crash(run, 'stuck', 1);
    expect(readyAndNot(run)).toEqual([10, 0]);
  });

  it('gets another for each that it finishes', () => {
    const run = competing(10, { stuck: { ...ahead(3), ...lasting(50) } });
    run.until(20);
    hang(run, 'stuck', 1);
    expect(readyAndNot(run)).toEqual([7, 3]);
    run.until(500);
    expect([begun(run, 'stuck'), readyAndNot(run)]).toEqual([[1], [6, 3]]);
  });

  it('gets what waits as soon as it is reached again', () => {
    const run = competing(5, { stuck: ahead(3) });
    hang(run, 'stuck', 1);
    run.kinds.inject(run.sim, run.node('stuck'), 'cut-off', { member: 1 });
    run.until(500);
    expect(readyAndNot(run)).toEqual([5, 0]);
    run.kinds.heal(run.sim, run.node('stuck'), 'cut-off', { member: 1 });
    expect(readyAndNot(run)).toEqual([2, 3]);
  });

  it('stays the single active consumer, and becomes it when the one before it dies', () => {
    const one = { consumers: 'one' };
    const run = competing(9, { g: { members: 2, ...ahead(3), ...lasting(2) } }, one);
    hang(run, 'g', 2);
    run.until(5);
    crash(run, 'g', 1);
    run.until(500);
    expect(run.kinds.consumers.prefetch!.activeOf(run.node('q'))?.local).toBe(1);
    expect(readyAndNot(run)[1]).toBe(3);
  });
});

describe('what a member that dies had ahead', () => {
  it('goes back to its old place in a classic queue', () => {
    const run = competing(6, { a: ahead(4), b: { ...ahead(1), ...lasting(10) } });
    run.until(2);
    crash(run, 'a', 1);
    run.until(500);
    expect(begun(run, 'b')).toEqual([2, 1, 3, 4, 5, 6]);
  });

  it('goes before all others in a quorum queue, in the order in which it was sent', () => {
    const run = competing(
      6,
      { a: { concurrency: 2, ...ahead(4) }, b: { ...ahead(1), ...lasting(10) } },
      { queueType: 'quorum' },
    );
    run.until(8);
    crash(run, 'a', 1);
    run.until(500);
    expect(begun(run, 'b')).toEqual([2, 1, 3, 4, 5, 6]);
    expect(run.sim.metrics.of(run.node('q'), METRIC.retries)).toBe(4);
  });

  it('counts towards the delivery limit, though nothing was wrong with it', () => {
    const run = competing(3, { g: ahead(3) }, { queueType: 'quorum', deliveryLimit: 1 });
    for (const ms of [10, 20]) {
      run.until(ms);
      crash(run, 'g', 1);
      restore(run, 'g', 1);
    }
    expect(begun(run, 'g')).toEqual([1, 1]);
    expect(run.kinds.queues.deaths(run.node('q')).delivery_limit).toBe(3);
  });
});

describe('a single active consumer', () => {
  const one = { consumers: 'one' };

  it('gets everything while the others wait', () => {
    const run = competing(6, { a: { members: 2, ...lasting(1) }, b: { ...ahead(5), ...lasting(1) } }, one);
    run.until(1000);
    expect(begun(run, 'a')).toEqual([1, 2, 3, 4, 5, 6]);
    expect([0, 1].map((member) => run.kinds.groups.memberDone(run.node('a'), member))).toEqual([6, 0]);
  });

  it('leaves its messages to the next when it dies, and is the last in line when it comes back', () => {
    const run = competing(8, { a: { ...ahead(3), ...lasting(20) }, b: { ...ahead(3), ...lasting(20) } }, one);
    const active = () => run.kinds.consumers.prefetch!.activeOf(run.node('q'))?.node;
    run.until(30);
    expect(active()).toBe(run.node('a'));
    crash(run, 'a', 1);
    expect(active()).toBe(run.node('b'));
    restore(run, 'a', 1);
    run.until(1000);
    expect(begun(run, 'a')).toEqual([1, 2]);
    expect(begun(run, 'b')).toEqual([2, 3, 4, 5, 6, 7, 8]);
    crash(run, 'b', 1);
    expect(active()).toBe(run.node('a'));
    crash(run, 'a', 1);
    expect(active()).toBeUndefined();
    expect(run.kinds.consumers.prefetch!.failovers(run.node('q'))).toBe(2);
  });

  it('hands over when it stops in good order, with what it has not begun', () => {
    const run = competing(6, { a: { ...ahead(3), ...lasting(20) }, b: { ...ahead(3), ...lasting(20) } }, one);
    run.until(30);
    run.kinds.inject(run.sim, run.node('a'), 'restart', { member: 1 });
    run.until(45);
    expect(run.kinds.consumers.prefetch!.activeOf(run.node('q'))?.node).toBe(run.node('b'));
    run.until(1000);
    expect([begun(run, 'a'), begun(run, 'b')]).toEqual([
      [1, 2],
      [3, 4, 5, 6],
    ]);
  });

  it('has no heir in an Exclusive subscription of Pulsar', () => {
    const exclusive = { profile: 'pulsar', subscription: 'exclusive' };
    const run = competing(6, { a: { members: 2, ...lasting(20) } }, exclusive, 'cloud-broker');
    run.until(30);
    crash(run, 'a', 1);
    run.until(1000);
    expect(begun(run, 'a')).toEqual([1, 2]);
    expect(run.kinds.consumers.prefetch!.activeAlong(run.edge('q > a'))).toBeNull();
  });

  it('may be one of a group that nobody sends messages ahead', () => {
    const run = competing(3, { g: { members: 3, ...lasting(10) } }, one);
    run.until(5);
    expect(readyAndNot(run)).toEqual([2, 1]);
    crash(run, 'g', 1);
    run.until(1000);
    expect(begun(run, 'g')).toEqual([1, 1, 2, 3]);
    expect([0, 1, 2].map((member) => run.kinds.groups.memberDone(run.node('g'), member))).toEqual([0, 3, 0]);
  });
});

describe('a message that is given back after a failure', () => {
  const failing = (onFailure: string) => ({ g: { failureProbability: 1, onFailure, ...lasting(10) } });
  const firstSix = (onFailure: string, queue: Fields) => {
    const run = competing(3, failing(onFailure), queue);
    run.until(56);
    return begun(run, 'g');
  };

  it('comes next again from a classic queue, and from a quorum queue with a limit', () => {
    expect(firstSix('nack', {})).toEqual([1, 1, 1, 1, 1, 1]);
    expect(firstSix('requeue', { queueType: 'quorum' })).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('comes after all others from a quorum queue without a limit', () => {
    expect(firstSix('nack', { queueType: 'quorum', deliveryLimit: 0 })).toEqual([1, 2, 3, 1, 2, 3]);
  });

  it('is counted by a delivery limit if it was rejected, not if it was only let go of', () => {
    const limited = { queueType: 'quorum', deliveryLimit: 1 };
    expect(firstSix('requeue', limited)).toEqual([1, 1, 2, 2, 3, 3]);
    expect(firstSix('nack', limited)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('is marked as delivered before, and shows as coming back', () => {
    const run = competing(1, failing('nack'));
    run.until(56);
    expect(run.sim.messages.flags[0]).toBe(2);
    expect(run.sim.metrics.of(run.node('q'), METRIC.retries)).toBe(5);
    expect(run.sim.metrics.of(run.node('g'), METRIC.failures)).toBe(5);
    expect(run.sim.metrics.of(run.node('g'), METRIC.retries)).toBe(0);
    run.until(5000);
    expect(run.kinds.held(run.sim, run.node('g'))).toBe(1);
  });

  it('goes to the dead letters at once if it is rejected', () => {
    const run = competing(3, failing('reject'));
    run.until(1000);
    expect(begun(run, 'g')).toEqual([1, 2, 3]);
    expect(run.kinds.queues.deaths(run.node('q')).rejected).toBe(3);
    expect(run.sim.metrics.of(run.node('dlq'), METRIC.deadLettered)).toBe(3);
  });
});
