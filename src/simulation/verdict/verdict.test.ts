import { describe, expect, it } from 'vitest';
import {
  designVerdict,
  expectedLoad,
  unknownLoad,
  verdictOf,
  verdictText,
  type JudgedNode,
  type Trouble,
} from './verdict.ts';
import { acksAll } from '../../gallery/myths/acks-all.ts';
import { compile } from '../compile.ts';
import { logTroubles, type KeptPartition } from './log-troubles.ts';

/** The verdict on nodes that are connected in their order. */
function inARow(nodes: readonly JudgedNode[], troubles?: readonly Trouble[]) {
  const edges = nodes.slice(1).map((_, from) => ({ from, to: from + 1 }));
  return designVerdict(nodes, edges, troubles);
}

function judged(name: string, over: Partial<JudgedNode> = {}): JudgedNode {
  const verdict = { state: 'stable', isSaturated: false, inMs: NaN } as const;
  const rates = { offeredPerSecond: 80, capacityPerSecond: 100 };
  return {
    name,
    verdict,
    ...rates,
    isQueue: false,
    waitsFor: -1,
    sinceMs: NaN,
    hindrance: 'none',
    notReady: { retries: 0, letters: 0 },
    ...over,
  };
}

describe('the verdict on a node', () => {
  it('says when a bounded queue is full: room over what arrives beyond what it can do', () => {
    const verdict = verdictOf(expectedLoad(120, 100, 840));
    expect(verdict).toEqual({ state: 'filling', isSaturated: true, inMs: 42_000 });
  });

  it('says that without a bound nothing is ever full', () => {
    expect(verdictOf(expectedLoad(120, 100, Infinity)).state).toBe('growing');
  });

  it('says when a backlog is gone: backlog over what is left of the capacity', () => {
    const load = { ...expectedLoad(80, 100, Infinity), backlog: 10_800, noisePerSecond: 5, busyShare: 1 };
    expect(verdictOf(load)).toEqual({ state: 'draining', isSaturated: true, inMs: 540_000 });
  });

  it('takes a backlog of less than a second of work for none', () => {
    const load = { ...expectedLoad(80, 100, Infinity), backlog: 100 };
    expect(verdictOf(load).state).toBe('stable');
    expect(verdictOf({ ...load, backlog: 101 }).state).toBe('draining');
  });

  it('does not take for growth what chance may do', () => {
    const load = { ...expectedLoad(100, 96, 500), noisePerSecond: 4, busyShare: 0.97 };
    expect(verdictOf(load).state).toBe('stable');
    expect(verdictOf({ ...load, growthPerSecond: 4.1 }).state).toBe('filling');
  });

  it('calls who is held back waiting, not saturated, however busy', () => {
    const load = { ...expectedLoad(100, 100, Infinity), busyShare: 1 };
    expect(verdictOf(load)).toMatchObject({ state: 'saturated', isSaturated: true });
    expect(verdictOf({ ...load, heldShare: 0.2 })).toMatchObject({ state: 'waiting', isSaturated: false });
  });

  it('knows full, stopped and not known', () => {
    expect(verdictOf({ ...expectedLoad(120, 100, 0) }).state).toBe('full');
    expect(verdictOf({ ...expectedLoad(120, 100, 10), down: true }).state).toBe('stopped');
    expect(verdictOf(unknownLoad()).state).toBe('unknown');
  });
});

describe('the verdict on a design', () => {
  it('names the node that is the reason first, then what comes of it', () => {
    const nodes = [
      judged('uploads'),
      judged('thumbnails', {
        verdict: { state: 'filling', isSaturated: false, inMs: 42_300 },
        offeredPerSecond: 60,
      }),
      judged('resizers', {
        verdict: { state: 'waiting', isSaturated: false, inMs: NaN },
        waitsFor: 3,
        sinceMs: 3000,
      }),
      judged('catalog-db', {
        verdict: { state: 'saturated', isSaturated: true, inMs: NaN },
        offeredPerSecond: 40,
        capacityPerSecond: 40,
        sinceMs: 2000,
      }),
    ];
    const verdict = inARow(nodes);
    expect(verdict).toMatchObject({ state: 'filling', node: 1, cause: 3, inMs: 42_300 });
    expect(verdict.text).toBe(
      'catalog-db is saturated since 00:02 (40/s offered, it can do 40/s); thumbnails is full in 42 s.',
    );
    expect(verdictText(nodes[2], nodes)).toBe('waits for catalog-db since 00:03');
    const lettingGo = { ...nodes[2], sinceMs: NaN };
    expect(verdictText(lettingGo, nodes)).toBe('waits for catalog-db again and again (it takes 40/s)');
  });

  it('says of who is busy with a backlog when that is gone', () => {
    const busy = judged('chargers', {
      verdict: { state: 'saturated', isSaturated: true, inMs: NaN },
      capacityPerSecond: 120,
      sinceMs: 60_000,
    });
    const draining = (name: string, inMs: number) =>
      judged(name, { verdict: { state: 'draining', isSaturated: false, inMs } });
    expect(inARow([draining('a', 5000), busy, draining('charges', 96_000)]).text).toBe(
      'chargers is saturated since 01:00 (80/s offered, it can do 120/s); charges drains in 1.6 min.',
    );
    expect(inARow([busy, judged('b')]).text).toBe(
      'chargers is saturated since 01:00 (80/s offered, it can do 120/s).',
    );
  });

  it('of two that fall behind names the one that is the reason, not one as the reason of the other', () => {
    const growing = (name: string, isSaturated: boolean, offeredPerSecond: number) =>
      judged(name, { verdict: { state: 'growing', isSaturated, inMs: NaN }, offeredPerSecond });
    const verdict = inARow([growing('q', false, 120), growing('readers', true, 500)]);
    expect(verdict).toMatchObject({ node: 1, cause: 1 });
    expect(verdict.text).toBe(
      'readers is saturated and falls behind without bound (500/s offered, it can do 100/s).',
    );
  });

  it('does not take for the reason what the worst node does not lead to', () => {
    const filling = judged('orders', { verdict: { state: 'filling', isSaturated: false, inMs: 42_000 } });
    const busy = (name: string, offeredPerSecond: number) =>
      judged(name, { verdict: { state: 'saturated', isSaturated: true, inMs: NaN }, offeredPerSecond });
    const nodes = [filling, busy('billing', 110), busy('mails', 900)];
    expect(designVerdict(nodes, [{ from: 0, to: 1 }])).toMatchObject({
      cause: 1,
      text: 'billing is saturated (110/s offered, it can do 100/s); orders is full in 42 s.',
    });
    expect(designVerdict(nodes, [{ from: 2, to: 0 }])).toMatchObject({
      cause: 2,
      text:
        'orders is full in 42 s (80/s offered, it can do 100/s). ' +
        'mails is saturated (900/s offered, it can do 100/s).',
    });
  });

  it('takes the sooner full and the longer draining for the worse', () => {
    const filling = (inMs: number) =>
      judged('q', { verdict: { state: 'filling', isSaturated: false, inMs } });
    const draining = (inMs: number) =>
      judged('q', { verdict: { state: 'draining', isSaturated: false, inMs } });
    expect(inARow([filling(9), filling(5), filling(7)]).node).toBe(1);
    expect(inARow([draining(9), judged('x'), draining(540_000)])).toMatchObject({
      node: 2,
      text: 'q drains in 9 min (80/s offered, it can do 100/s).',
    });
  });

  it('says of a full queue what is in it that nobody can take', () => {
    const full = (retries: number, letters: number) =>
      judged('q', {
        verdict: { state: 'full', isSaturated: false, inMs: NaN },
        notReady: { retries, letters },
      });
    const load = 'q is full (80/s offered, it can do 100/s)';
    expect(inARow([full(0, 0)]).text).toBe(`${load}.`);
    expect(inARow([full(1200, 0)]).text).toBe(`${load}, 1,200 waiting for a retry among its messages.`);
    expect(inARow([full(3, 2)]).text).toMatch(
      /, 3 waiting for a retry and 2 dead and not taken among its messages\.$/,
    );
  });

  it('says of a service that it refuses calls, and takes it for the reason of what others keep', () => {
    const load = { ...expectedLoad(120, 100, Infinity), growthPerSecond: NaN };
    expect(verdictOf({ ...load, busyShare: 0.4, refusedShare: 0.2 })).toMatchObject({
      state: 'refusing',
      isSaturated: false,
    });
    expect(verdictOf({ ...load, busyShare: 0.4, refusedShare: 0.04 }).state).toBe('stable');
    expect(verdictOf({ ...load, busyShare: 1, refusedShare: 0.2 })).toMatchObject({
      state: 'refusing',
      isSaturated: true,
    });
    const refusing = (isSaturated: boolean) =>
      judged('mail', {
        verdict: { state: 'refusing', isSaturated, inMs: NaN },
        offeredPerSecond: 120,
      });
    const router = judged('news', {
      verdict: { state: 'growing', isSaturated: false, inMs: NaN },
      hindrance: 'refusing-target',
      capacityPerSecond: NaN,
    });
    expect(inARow([judged('p'), refusing(false)]).text).toBe(
      'mail refuses calls (120/s offered, it can do 100/s).',
    );
    expect(inARow([judged('p'), refusing(true)]).text).toBe(
      'mail is saturated and refuses calls (120/s offered, it can do 100/s).',
    );
    expect(inARow([router, refusing(false)]).text).toBe(
      'mail refuses calls (120/s offered, it can do 100/s); ' +
        'news falls behind with what a target refuses (80/s offered).',
    );
  });

  it('names beside a stopped node who suffers from it, and sets apart who does not', () => {
    const db = judged('db', { verdict: { state: 'stopped', isSaturated: false, inMs: NaN } });
    const caller = judged('caller', { verdict: { state: 'waiting', isSaturated: false, inMs: NaN } });
    const late = judged('late', { verdict: { state: 'growing', isSaturated: false, inMs: NaN } });
    const callsDb = [{ from: 0, to: 1 }];
    expect(designVerdict([caller, db, late], callsDb).text, 'the worse one is not of the stopped node').toBe(
      'db is stopped; caller waits for a full target.',
    );
    const calm = judged('caller');
    expect(designVerdict([calm, db, late], callsDb).text).toBe(
      'db is stopped. late falls behind without bound (80/s offered, it can do 100/s).',
    );
    expect(designVerdict([calm, db], callsDb).text).toBe('db is stopped.');
  });

  it('names an edge in trouble first, as that is no node', () => {
    const cut: Trouble = { of: 'Network', name: 'orders → billing', says: 'cut', sinceMs: 12_000 };
    expect(inARow([judged('a')], [cut]).text).toBe(
      'Network: orders → billing cut since 00:12. Otherwise stable.',
    );
    expect(inARow([judged('a')], [cut, cut]).text).toMatch(/cut since 00:12 and 1 more\. /);
  });

  it('names the partitions that their brokers do not serve, after the network', () => {
    const partition = (lane: number, state: KeptPartition['state'], sinceMs: number): KeptPartition => {
      return { partition: lane, state, sinceMs, heldSinceMs: -1 };
    };
    const cut: Trouble = { of: 'Network', name: 'orders → billing', says: 'cut', sinceMs: 12_000 };
    const one = logTroubles('orders', [partition(0, 'online', 0), partition(1, 'offline', 20_000)], 30_000);
    expect(inARow([judged('a')], [cut, ...one]).text).toBe(
      'Network: orders → billing cut since 00:12. Brokers: p1 of orders has no leader since 00:20. ' +
        'Otherwise stable.',
    );
    const kept = [
      partition(0, 'under-min-isr', 9000),
      partition(1, 'leaderless', 20_000),
      partition(2, 'under-min-isr', 8000),
      partition(3, 'offline', 21_000),
    ];
    const several = logTroubles('orders', kept, 30_000);
    expect(inARow([judged('a')], several).text).toMatch(
      /^Brokers: 2 of 4 partitions of orders have no leader since 00:20 and 1 more\. Otherwise stable\.$/,
    );
    expect(several[1]).toMatchObject({ says: 'refuse writes with acks=all', sinceMs: 8000 });
    expect(logTroubles('orders', [partition(0, 'under-replicated', 1)], 30_000)).toEqual([]);
  });

  it('names partitions that a late replica holds up for more than a moment', () => {
    const { run } = compile(acksAll, { observe: false });
    run!.advance(21_500, Infinity);
    expect(run!.results().verdict.text).toMatch(/^Stable/);
    run!.advance(45_000, Infinity);
    expect(run!.results().verdict.text).toBe(
      'Brokers: p0 of orders waits for a late replica since 00:20. Otherwise stable.',
    );
    run!.advance(100_000, Infinity);
    expect(run!.results().verdict.text).toMatch(/^(?!Brokers)/);
  });

  it('says so when all is well, and when nothing can be said', () => {
    expect(inARow([judged('a'), judged('b')]).text).toMatch(/^Stable/);
    expect(inARow([]).state).toBe('unknown');
  });
});
