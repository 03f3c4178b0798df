import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallEdge, type SmallRun } from '../../testing/small-run.ts';

type Fields = Record<string, Json>;

const SAFE = { queueType: 'quorum', ttl: 10, deadLetterStrategy: 'at-least-once', deadLetterTimeout: 1000 };

/** Ten messages that expire in `q`, whose dead letters go to `parked`, which holds four and refuses the rest. */
function expiring(queue: Fields, edges: SmallEdge[] = ['p > q', 'q.dead > parked']): SmallRun {
  return smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: 10 } },
      { id: 'q', kind: 'queue', fields: queue },
      { id: 'parked', kind: 'queue', fields: { capacity: 4, overflow: 'drop-newest' } },
    ],
    edges,
  });
}

const held = (run: SmallRun, id: string): number => run.kinds.held(run.sim, run.node(id));
const lost = (run: SmallRun, id: string): number => run.sim.metrics.of(run.node(id), METRIC.dropped);

describe('dead letters before a target that is full', () => {
  it('are lost if they go at most once', () => {
    const run = expiring({ ...SAFE, deadLetterStrategy: 'at-most-once' });
    run.until(500);
    expect([held(run, 'q'), held(run, 'parked'), lost(run, 'parked')]).toEqual([0, 4, 6]);
  });

  it('stay in their queue if they go at least once', () => {
    const run = expiring(SAFE);
    run.until(500);
    expect([held(run, 'q'), held(run, 'parked'), lost(run, 'parked')]).toEqual([6, 4, 0]);
    new Invariants(run.sim, run.kinds).check();
  });

  // As the broker's worker does it: one timer for all, which finds only the first of them due when it rings first.
  it('are sent again when the timeout for confirms is over, at the earliest', () => {
    const run = expiring(SAFE);
    run.until(900);
    run.kinds.setField(run.sim, run.node('parked'), 'capacity', 8);
    run.until(1010);
    expect(held(run, 'q')).toBe(6);
    run.until(1030);
    expect([held(run, 'q'), held(run, 'parked')]).toEqual([5, 5]);
    run.until(2030);
    expect([held(run, 'q'), held(run, 'parked'), lost(run, 'parked')]).toEqual([2, 8, 0]);
    run.kinds.setField(run.sim, run.node('parked'), 'capacity', 0);
    run.until(4000);
    expect([held(run, 'q'), held(run, 'parked'), lost(run, 'parked')]).toEqual([0, 10, 0]);
    new Invariants(run.sim, run.kinds).check();
  });

  it('count towards the limit of their queue, which refuses then', () => {
    const run = expiring({ ...SAFE, ttl: 0.5, capacity: 3, overflow: 'drop-newest' });
    run.until(500);
    expect([held(run, 'q'), held(run, 'parked'), lost(run, 'q')]).toEqual([3, 4, 3]);
    new Invariants(run.sim, run.kinds).check();
  });

  it('let a sender that waits for room in when they have left', () => {
    const run = expiring({ ...SAFE, ttl: 0.5, capacity: 3, overflow: 'block' });
    run.until(900);
    expect([held(run, 'q'), run.sim.metrics.of(run.node('q'), METRIC.in)]).toEqual([3, 7]);
    run.kinds.setField(run.sim, run.node('parked'), 'capacity', 0);
    run.until(5000);
    expect([held(run, 'q'), held(run, 'parked')]).toEqual([0, 10]);
    new Invariants(run.sim, run.kinds).check();
  });

  it('go at most once all the same where the queue pushes out its oldest', () => {
    const run = expiring({ ...SAFE, overflow: 'drop-oldest' });
    run.until(500);
    expect([held(run, 'q'), lost(run, 'parked')]).toEqual([0, 6]);
  });

  it('have thirty-two under way at once', () => {
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 10_000, stopAfter: 100 } },
        { id: 'q', kind: 'queue', fields: SAFE },
        { id: 'x', kind: 'exchange', fields: { type: 'direct' } },
        { id: 'parked', kind: 'queue' },
      ],
      edges: ['p > q', 'q.dead > x', 'x > parked'],
      edgeFields: { 'x > parked': { bindingKey: 'nobody' } },
    });
    run.until(500);
    expect([held(run, 'q'), lost(run, 'x')]).toEqual([100, 0]);
    expect(run.kinds.queues.lettersRefused(run.node('q'))).toBe(32);
  });

  it('stay when the network is back whose cut they waited out, and their target is full by then', () => {
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: 10 } },
        { id: 'q', kind: 'queue', fields: SAFE },
        { id: 'x', kind: 'exchange', fields: { type: 'fanout' } },
        { id: 'parked', kind: 'queue', fields: { capacity: 4, overflow: 'drop-newest' } },
        { id: 'o', kind: 'producer', fields: { arrivals: 'constant', rate: 100, stopAfter: 4 } },
      ],
      edges: ['p > q', 'q.dead > x', 'x > parked', 'o > x'],
    });
    const edge = run.edge('q.dead > x');
    run.kinds.links.inject(run.sim, edge, 'partition', {});
    run.until(300);
    expect([held(run, 'q'), held(run, 'parked')]).toEqual([10, 4]);
    run.kinds.links.heal(run.sim, edge, 'partition');
    run.until(900);
    expect([held(run, 'q'), held(run, 'parked'), lost(run, 'parked')]).toEqual([10, 4, 0]);
    new Invariants(run.sim, run.kinds).check();
  });

  it('stay where they would only go round in a circle', () => {
    const run = expiring({ ...SAFE, ttl: 10 }, ['p > q', 'q.dead > q']);
    run.until(500);
    expect([held(run, 'q'), lost(run, 'q')]).toEqual([10, 0]);
  });
});

describe('dead letters for several queues behind an exchange', () => {
  /** Ten that expire in `q`: `open` and `wide` have room, `tight` for four, and refuses the rest. */
  function fannedOut(tight: Fields = {}, queue: Fields = {}): SmallRun {
    return smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: 10 } },
        { id: 'q', kind: 'queue', fields: { ...SAFE, ...queue } },
        { id: 'x', kind: 'exchange', fields: { type: 'fanout' } },
        { id: 'open', kind: 'queue' },
        { id: 'tight', kind: 'queue', fields: { capacity: 4, overflow: 'drop-newest', ...tight } },
        { id: 'wide', kind: 'queue' },
      ],
      edges: ['p > q', 'q.dead > x', 'x > open', 'x > tight', 'x > wide'],
    });
  }
  const all = (run: SmallRun): number[] => ['q', 'open', 'tight', 'wide'].map((id) => held(run, id));

  it('reach at once those that have room, and stay for the one that has none', () => {
    const run = fannedOut();
    run.until(500);
    expect([all(run), lost(run, 'tight')]).toEqual([[6, 10, 4, 10], 0]);
    expect(run.kinds.queues.lettersRefused(run.node('q'))).toBe(6);
    new Invariants(run.sim, run.kinds).check();
  });

  it('reach the others when these have room, and nobody a second time', () => {
    const run = fannedOut();
    run.until(900);
    run.kinds.setField(run.sim, run.node('tight'), 'capacity', 8);
    run.until(3500);
    expect([all(run), lost(run, 'tight')]).toEqual([[2, 10, 8, 10], 0]);
    run.kinds.setField(run.sim, run.node('tight'), 'capacity', 0);
    run.until(9000);
    expect(all(run)).toEqual([0, 10, 10, 10]);
    const { passed } = run.sim.transfers;
    expect([passed[run.edge('x > tight')], passed[run.edge('x > wide')]]).toEqual([10, 10]);
    new Invariants(run.sim, run.kinds).check();
  });

  it('are whole for whoever reads them: each queue has every one of them once', () => {
    const run = fannedOut({ overflow: 'drop-newest', capacity: 1 });
    for (let second = 1; second <= 12; second++) {
      run.until(second * 1000);
      run.kinds.setField(run.sim, run.node('tight'), 'capacity', second + 1);
    }
    run.until(20_000);
    const { serial } = run.sim.messages;
    const serials = (id: string) =>
      run.kinds.queues
        .waitingIn(run.node(id))
        .map((message) => serial[message])
        .toSorted((a, b) => a - b);
    expect(serials('tight')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(serials('open')).toEqual(serials('tight'));
    expect(serials('wide')).toEqual(serials('tight'));
  });

  it('stand in line before an exchange that is held back, and reach those with room when it is their turn', () => {
    const bound = (bindingKey: string) => ({ bindingKey });
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: 10 } },
        { id: 'q', kind: 'queue', fields: { ...SAFE, deadLetterRoutingKey: 'dead' } },
        {
          id: 'o',
          kind: 'producer',
          fields: { arrivals: 'constant', rate: 1000, stopAfter: 3, routingKey: 'other' },
        },
        { id: 'x', kind: 'exchange', fields: { type: 'direct' } },
        { id: 'open', kind: 'queue' },
        { id: 'tight', kind: 'queue', fields: { capacity: 4, overflow: 'drop-newest' } },
        { id: 'slow', kind: 'queue', fields: { capacity: 1, overflow: 'block' } },
      ],
      edges: ['p > q', 'o > x', 'q.dead > x', 'x > open', 'x > tight', 'x > slow'],
      edgeFields: { 'x > open': bound('dead'), 'x > tight': bound('dead'), 'x > slow': bound('other') },
    });
    const each = () => ['q', 'open', 'tight', 'slow'].map((id) => held(run, id));
    run.until(500);
    expect(each()).toEqual([10, 0, 0, 1]);
    run.kinds.setField(run.sim, run.node('slow'), 'capacity', 0);
    run.until(600);
    expect(each()).toEqual([6, 10, 4, 3]);
    new Invariants(run.sim, run.kinds).check();
    run.kinds.setField(run.sim, run.node('tight'), 'capacity', 0);
    run.until(5000);
    expect(each()).toEqual([0, 10, 10, 3]);
    new Invariants(run.sim, run.kinds).check();
  });
});
