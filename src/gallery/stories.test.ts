import { describe, expect, it } from 'vitest';
import type { Design } from '../design/types.ts';
import { compile } from '../simulation/compile.ts';
import type { RunResults } from '../simulation/results/results.ts';
import { galleryEntry } from './gallery.ts';

// What the sentences of the gallery promise is looked at here, so that no change of a kind makes them untrue.

function start(name: string) {
  const design: Design = galleryEntry(name)!.design;
  const { run } = compile(design);
  if (!run) throw new Error(`${name} does not compile`);
  return { run, design };
}

function results(name: string, untilMs?: number): RunResults {
  const { run, design } = start(name);
  run.advance(untilMs ?? design.scenario.horizonMs, Infinity);
  return run.results();
}

describe('the story of', () => {
  it('orders: all is calm at rest, and a few orders are dead-lettered', () => {
    const { nodes, totals, latency } = results('orders', 200_000);
    for (const id of ['shipping', 'analytics', 'billing']) {
      expect(nodes[id].utilization).toBeGreaterThan(0.35);
      expect(nodes[id].utilization).toBeLessThan(0.75);
      expect(nodes[id].heldBackMs, 'no group waits for its database').toBe(0);
    }
    expect(latency.latencyMsP99).toBeLessThan(200);
    expect(totals.deadLettered).toBeGreaterThan(3);
    expect(totals.deadLettered).toBeLessThan(50);
  });

  it.for(['shipping', 'analytics', 'billing'])(
    'orders: a crash in %s makes lag that drains by itself',
    (group) => {
      const { run } = start('orders');
      const lagAt = (ms: number) => {
        run.advance(ms, Infinity);
        return run.results().nodes[group].lag!;
      };
      expect(lagAt(30_000)).toBeLessThan(50);
      expect(run.inject('f', group, 'crash', { member: 2 })).toBeNull();
      expect(lagAt(40_000)).toBeGreaterThan(400);
      expect(lagAt(120_000)).toBeLessThan(100);
    },
  );

  it('fan-out: a webhook that is down costs its own orders only, and only the first of them', () => {
    const { nodes, edges } = results('fan-out');
    const { shipping, partner } = {
      shipping: edges['orders-to-shipping'],
      partner: edges['orders-to-partner'],
    };
    expect(shipping.subscription).toMatchObject({ failures: 0, pending: 0, retries: 0 });
    const published = nodes.orders.in;
    expect(shipping.messages).toBe(published);
    expect(edges['orders-to-billing'].messages / published).toBeCloseTo(0.25, 1);
    // Down for 90 s; what came in the first 30 s of them had its last try, 60 s after its first, in vain.
    const { matched, delivered, deadLettered } = partner.subscription!;
    expect(deadLettered).toBeGreaterThan(20 * 25);
    expect(deadLettered).toBeLessThan(20 * 35);
    expect(matched).toBe(published);
    expect(delivered + deadLettered).toBe(published);
    expect(nodes['partner.dlq'].letters).toBe(deadLettered);
  });

  it('first-queue and mm4: same load, much less wait', () => {
    const one = results('first-queue').nodes.worker;
    const four = results('mm4').nodes.workers;
    expect(one.utilization).toBeCloseTo(0.8, 1);
    expect(four.utilization).toBeCloseTo(0.8, 1);
    expect(four.waitMsMean! * 5).toBeLessThan(one.waitMsMean!);
  });

  it('poison-and-redrive: what is sent back fails again until it was mended', () => {
    const { run } = start('poison-and-redrive');
    const at = (ms: number) => {
      run.advance(ms, Infinity);
      return run.results();
    };
    const before = at(119_000).nodes.unprinted;
    expect(before.letters).toBeGreaterThan(150);
    expect(before.letters).toBe(before.deadLettered);
    const tooEarly = at(200_000).nodes.unprinted;
    expect(tooEarly).toMatchObject({ letters: before.letters, redriven: before.letters });
    expect(tooEarly.deadLettered).toBe(2 * before.letters);
    const end = at(360_000);
    expect(end.nodes.unprinted).toMatchObject({ letters: 0, deadLettered: 2 * before.letters });
    expect(end.totals.produced).toBe(end.totals.acknowledged + end.totals.inFlight);
    expect(run.activeFaults()).toEqual([]);
  });

  it('full-database: the producer at the far end is held back', () => {
    const { nodes } = results('full-database');
    expect(nodes.thumbnails.queueLengthMax).toBe(200);
    expect(nodes.uploads.heldBackMs).toBeGreaterThan(60_000);
    expect(nodes['catalog-db'].throughputPerSecond).toBeCloseTo(40, 0);
  });

  it('retry-storm: the backlog outlasts the poison by more than a minute and then is gone', () => {
    const { run } = start('retry-storm');
    const behindAt = (ms: number) => {
      run.advance(ms, Infinity);
      return run.results().nodes.chargers.lag!;
    };
    expect(behindAt(60_000)).toBeLessThan(100);
    expect(behindAt(90_000)).toBeGreaterThan(1000);
    expect(behindAt(150_000)).toBeGreaterThan(100);
    expect(behindAt(400_000)).toBeLessThan(100);
  });

  it('hot-key: the group falls behind though half of its time is free', () => {
    const { sessions } = results('hot-key').nodes;
    expect(sessions.lag).toBeGreaterThan(1000);
    expect(sessions.utilization).toBeLessThan(0.6);
  });

  it('overflow: what the queue has no room for is dead-lettered', () => {
    const { nodes, totals } = results('overflow');
    expect(nodes.readings.queueLengthMax).toBe(100);
    expect(totals.deadLettered).toBeGreaterThan(totals.produced / 4);
  });

  it('routing: an error of the shop makes two copies, and what matches nothing is not lost', () => {
    const { nodes, edges, totals } = results('routing');
    expect(edges['logs-to-alerts'].ratePerSecond).toBeCloseTo(10, 0);
    expect(edges['logs-to-shop-log'].ratePerSecond).toBeCloseTo(85, -1);
    expect(edges['logs-to-leftovers'].messages).toBe(nodes.unmatched.in);
    expect(nodes.unmatched.arrivalRatePerSecond).toBeCloseTo(10, 0);
    // Each error of the shop is one message and one copy.
    expect(totals.copied / totals.produced).toBeCloseTo(0.05, 2);
    expect(totals.copied + totals.produced).toBe(nodes.alerts.in + nodes['shop-log'].in + nodes.unmatched.in);
    expect([totals.dropped, nodes.logs.returned]).toEqual([0, 0]);
  });

  it('breaker: the group that waits drowns, the guarded one keeps up and calls again once it can', () => {
    const { run } = start('breaker');
    const at = (ms: number) => {
      run.advance(ms, Infinity);
      const { nodes, edges } = run.results();
      const { patient, guarded } = nodes;
      return { patient: patient.lag!, guarded: guarded.lag!, calls: edges['guarded-to-stock-db'].guard! };
    };
    const calm = at(30_000);
    expect(calm.patient + calm.guarded).toBeLessThan(40);
    expect(calm.calls).toMatchObject({ fellBack: 0, breaker: { state: 'closed', openings: 0 } });
    const slow = at(90_000);
    expect(slow.patient).toBeGreaterThan(3000);
    expect(slow.guarded).toBeLessThan(100);
    expect(slow.calls.breaker!.openings).toBeGreaterThan(5);
    expect(slow.calls.refusedByBreaker).toBeGreaterThan(10 * slow.calls.timeouts);
    const after = at(110_000);
    expect(after.calls.breaker!.state).toBe('closed');
    expect(after.guarded).toBeLessThan(40);
    expect(at(180_000).calls.fellBack - slow.calls.fellBack).toBeLessThan(600);
  });

  it('silent-partner: only who waits without a limit hangs with the service', () => {
    const { run } = start('silent-partner');
    run.advance(85_000, Infinity);
    const { nodes, edges } = run.results();
    expect(nodes.patient.lag).toBeGreaterThan(1000);
    expect(nodes.hasty.lag).toBeLessThan(50);
    expect(edges['hasty-to-mail'].guard!.refusedByBreaker).toBeGreaterThan(500);
    run.advance(180_000, Infinity);
    expect(run.results().nodes.patient.lag).toBeLessThan(50);
  });

  it('visibility: bad files are tried three times, slow work is done twice', () => {
    const { run } = start('visibility');
    const at = (ms: number) => {
      run.advance(ms, Infinity);
      return run.results().nodes;
    };
    expect(at(149_000).videos.deliveries!.tooLate).toBeLessThan(20);
    const { videos, encoders } = at(300_000);
    expect(encoders.delivery!.duplicate).toBeGreaterThan(50);
    expect(videos.deliveries!.exhausted).toBeGreaterThan(8);
    expect(run.results().nodes['videos.dlq'].deadLettered).toBe(videos.deliveries!.exhausted);
  });
});
