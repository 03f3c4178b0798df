import { fc, test as property } from '../testing/property.ts';
import { describe, expect, it } from 'vitest';
import { FakeRun } from '../testing/fake-run.ts';
import { RewindableRun } from './rewindable-run.ts';

const LIMITS = { count: 10, bytes: 1e9, spacing: 1000 };

type Action =
  | { do: 'advance'; byMs: number }
  | { do: 'events'; count: number }
  | { do: 'set'; gap: number }
  | { do: 'step' };

const actions = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('advance' as const), byMs: fc.integer({ min: 0, max: 900 }) }),
    fc.record({ do: fc.constant('events' as const), count: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ do: fc.constant('set' as const), gap: fc.constantFrom(1 / 1024, 0.25, 1, 3, 40) }),
    fc.constant({ do: 'step' as const }),
  ),
  { maxLength: 30 },
);

function perform(rewindable: RewindableRun, action: Action): void {
  if (action.do === 'advance') rewindable.advance(rewindable.nowMs + action.byMs, 50_000);
  else if (action.do === 'events') rewindable.advance(rewindable.run.horizonMs, action.count);
  else if (action.do === 'step') rewindable.step();
  else rewindable.intervene((run) => run.setField('a', 'gap', action.gap));
}

describe('a run that goes back', () => {
  property.prop([actions, fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 8 })])(
    'is the same run when it comes to the same place again',
    (history, share, count) => {
      const run = new FakeRun(5000, undefined, 3);
      const rewindable = new RewindableRun(run, { count, bytes: 1e9, spacing: 300 });
      for (const action of history) perform(rewindable, action);
      const there = { nowMs: run.nowMs, events: run.events, hash: run.hash };
      const backMs = there.nowMs * share;
      expect(rewindable.goNear(backMs)?.toMs ?? 0).toBeLessThanOrEqual(backMs);
      rewindable.advance(backMs, there.events - run.events);
      rewindable.advance(there.nowMs, there.events - run.events);
      // What is left is time without events, and what was done there.
      rewindable.advance(there.nowMs, run.nowMs < there.nowMs ? 1 : 0);
      expect({ nowMs: run.nowMs, events: run.events, hash: run.hash }).toEqual(there);
    },
  );

  it('goes on over what was run before without running it again', () => {
    let ran = 0;
    const rewindable = new RewindableRun(new FakeRun(10_000, () => ran++), LIMITS);
    rewindable.advance(9000, Infinity);
    rewindable.drainTrace();
    rewindable.goNear(500);
    expect(rewindable.goNear(500)).toBeNull();
    ran = 0;
    const jump = rewindable.goNear(9000)!;
    rewindable.advance(9000, Infinity);
    expect(jump.toMs).toBeGreaterThan(8000);
    expect(ran).toBe(Math.round(9000 - jump.toMs));
    // The rows in between come all the same, once.
    expect(jump.traceRows + rewindable.drainTrace().length).toBe(180);
  });

  it('does not go on into a future that was replaced', () => {
    const rewindable = new RewindableRun(new FakeRun(), LIMITS);
    rewindable.advance(9000, Infinity);
    rewindable.goNear(3000);
    rewindable.advance(3000, Infinity);
    rewindable.intervene((run) => run.setField('a', 'gap', 10));
    expect(rewindable.goNear(9000)).toBeNull();
    rewindable.advance(9000, Infinity);
    expect((rewindable.run as FakeRun).events).toBeLessThan(3700);
  });

  it('forgets the noted future when something new is done in the past', () => {
    const run = new FakeRun();
    const rewindable = new RewindableRun(run);
    rewindable.advance(3000, Infinity);
    rewindable.intervene((now) => now.setField('a', 'gap', 5));
    rewindable.advance(5000, Infinity);
    rewindable.intervene((now) => now.setField('a', 'gap', 10));
    rewindable.advance(6000, Infinity);
    rewindable.intervene((now) => now.setField('a', 'gap', 20));
    rewindable.advance(8000, Infinity);
    rewindable.goNear(1000);
    rewindable.advance(1000, Infinity);
    rewindable.intervene((now) => now.setField('a', 'gap', 1));
    rewindable.advance(8000, Infinity);
    expect(run.events).toBe(8000);
  });

  it('does not note what was refused', () => {
    const rewindable = new RewindableRun(new FakeRun());
    const problem = rewindable.intervene((run) => run.setField('a', 'gap', 'fast'));
    expect(problem?.code).toBe('bad-value');
    rewindable.goNear(0);
    rewindable.advance(100, Infinity);
    expect(rewindable.drainTrace().map(({ code }) => code)).toEqual(['overflow', 'overflow']);
  });

  it('goes back no further than it must', () => {
    const rewindable = new RewindableRun(new FakeRun(), LIMITS);
    rewindable.advance(9000, Infinity);
    expect(rewindable.goNear(4500)?.toMs).toBeGreaterThan(2000);
  });

  it('keeps the start even if no keyframe fits', () => {
    const rewindable = new RewindableRun(new FakeRun(), { count: 10, bytes: 10, spacing: 1000 });
    rewindable.advance(9000, Infinity);
    expect(rewindable.goNear(4500)?.toMs).toBe(0);
  });

  it('hands out each trace row once and counts those that stand after going back', () => {
    const rewindable = new RewindableRun(new FakeRun());
    rewindable.advance(1000, Infinity);
    expect(rewindable.drainTrace()).toHaveLength(20);
    rewindable.advance(2000, Infinity);
    const { toMs, traceRows } = rewindable.goNear(1500)!;
    expect(traceRows).toBe(Math.min(20, Math.floor(toMs / 50)));
    rewindable.advance(2000, Infinity);
    expect(traceRows + rewindable.drainTrace().length).toBe(40);
  });
});
