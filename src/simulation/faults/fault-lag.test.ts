import { expect, it, vi } from 'vitest';
import { sketched } from '../../gallery/sketch.ts';
import { insideOf } from '../../testing/laws/watch-run.ts';
import { compile } from '../compile.ts';
import { drainedWords, isLagOver, lagPeak, lagSeen } from './fault-lag.ts';

const RATE = 50;

/** A group that can do 100 of 50 a second, and is cut off or stopped from 10 s to 20 s. */
function run(place: { node: string } | { edge: string }, fault: string) {
  const found = compile(
    sketched({
      name: 'lag',
      nodes: {
        source: { kind: 'producer', at: [0, 0], fields: { arrivals: 'constant', rate: RATE } },
        t: { kind: 'topic', at: [200, 0], fields: { partitions: 1 } },
        g: {
          kind: 'consumer-group',
          at: [400, 0],
          fields: { members: 1, serviceTime: { shape: 'constant', mean: 5 } },
        },
        db: {
          kind: 'database',
          at: [600, 0],
          fields: { connections: 1, serviceTime: { shape: 'constant', mean: 5 } },
        },
      },
      edges: ['source > t', 't > g', 'g > db'],
      horizonMs: 60_000,
      faults: { f: { atMs: 10_000, forMs: 10_000, ...place, fault, args: {} } },
    }),
  ).run!;
  found.advance(60_000, Infinity);
  return { results: found.results(), rows: found.drainTrace() };
}

it('A fault tells how far consumers were behind at the peak, and when that was worked off.', () => {
  const { results, rows } = run({ node: 'db' }, 'stop');
  const [fault] = results.faults;
  expect(fault.lagPeak).toBeGreaterThan(9 * RATE);
  expect(fault.lagPeak).toBeLessThanOrEqual(11 * RATE);
  // 100 a second are done of what 50 a second add to, so it takes as long again.
  expect(fault.drainedMs).toBeGreaterThan(27_000);
  expect(fault.drainedMs).toBeLessThanOrEqual(32_000);
  const said = rows.filter(({ code }) => code === 'drained');
  expect(said).toHaveLength(1);
  expect(said[0].text).toMatch(
    /^db, after “stopped”: \d{3} behind at the peak, drained at .* after it was healed\.$/,
  );
});

it('A fault that makes nobody fall behind has no peak and nothing to drain.', () => {
  const [fault] = run({ edge: 'source-to-t' }, 'delay').results.faults;
  expect(fault).toMatchObject({ lagPeak: null, drainedMs: null });
});

it('What rose counts as drained when a twentieth of it is left, and only once the fault is healed.', () => {
  const start = { before: 10, peak: 10, drainedMs: null };
  const risen = lagSeen(start, 110, 1000, false);
  expect(risen).toEqual({ before: 10, peak: 110, drainedMs: null });
  expect(lagSeen(risen, 12, 2000, false)).toBe(risen);
  expect(lagSeen(risen, 16, 3000, true)).toBe(risen);
  expect(lagSeen(risen, 15, 4000, true).drainedMs).toBe(4000);
  expect([lagPeak(start), lagPeak(risen)]).toEqual([null, 110]);
  expect([isLagOver(risen, true), isLagOver(start, true), isLagOver(start, false)]).toEqual([
    false,
    true,
    false,
  ]);
});

it('However many faults ask how far a group is behind, a look works it out once.', () => {
  const names = Array.from({ length: 30 }, (_, number) => `f${number}`);
  const { run: looked } = compile(
    sketched({
      name: 'looks',
      nodes: {
        source: { kind: 'producer', at: [0, 0] },
        t: { kind: 'topic', at: [200, 0] },
        g: { kind: 'consumer-group', at: [400, 0] },
        h: { kind: 'consumer-group', at: [400, 200] },
      },
      edges: ['source > t', 't > g', 't > h'],
      horizonMs: 60_000,
      faults: Object.fromEntries(
        names.map((name) => [name, { atMs: 1000, node: 'source', fault: 'burst', args: {} }]),
      ),
    }),
  );
  looked!.advance(2000, Infinity);
  const { kinds, faults } = insideOf(looked!);
  const asked = vi.spyOn(kinds.lags, 'behind');
  faults.observe();
  expect(looked!.results().faults).toHaveLength(30);
  expect(asked.mock.calls.length).toBeGreaterThan(0);
  asked.mockClear();
  faults.observe();
  expect(asked).toHaveBeenCalledTimes(2);
});

it('A fault whose lag is gone when it is healed is not said to be worked off after that.', () => {
  expect(drainedWords(20_000, 20_000)).toBe('drained by then');
  expect(drainedWords(72_400, 32_400)).toBe('drained at 01:12, 40 s after it was healed');
});
