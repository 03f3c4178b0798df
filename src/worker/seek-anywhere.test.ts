import { fc, test as property } from '../testing/property.ts';
import { describe, expect } from 'vitest';
import type { Design, Problem } from '../design/types.ts';
import type { Snapshot } from '../lib/columns.ts';
import { compile } from '../simulation/compile.ts';
import type { LiveRun } from '../simulation/live-run.ts';
import type { Run } from '../simulation/run.ts';
import { differingColumn } from '../testing/case-player.ts';
import { eventfulDesign } from '../testing/eventful-design.ts';
import { drawCase } from '../testing/fuzz/draw-case.ts';
import type { Deed } from '../testing/fuzz/fuzz-case.ts';
import { insideOf } from '../testing/laws/watch-run.ts';
import type { Keyframes } from './keyframes.ts';
import { RewindableRun } from './rewindable-run.ts';

/** The same cases each time, or others and more of them: `SEEK_RUNS=500 npx vitest run src/worker/seek-anywhere`. */
const { SEEK_RUNS: wanted } = process.env;
const SEARCH = wanted === undefined ? { numRuns: 12, seed: 1 } : { numRuns: Number(wanted) };

interface Place {
  design: Design;
  deeds: readonly Deed[];
}

/** The eventful design one time in three, else one of the fuzzer that runs. */
const places: fc.Arbitrary<Place> = fc.oneof(
  fc.constant<Place>({ design: shortened(eventfulDesign, 8000), deeds: [] }),
  { arbitrary: fc.integer({ min: 0, max: 100_000 }).map(caseOf), weight: 2 },
);
const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 8 });
const visits = fc.array(
  fc.record({ to: fc.nat(), steps: fc.nat(3), most: fc.constantFrom(7, 300, Infinity) }),
  {
    maxLength: 14,
  },
);
const limits = fc.record({
  count: fc.integer({ min: 1, max: 40 }),
  bytes: fc.constantFrom(1e6, 4e6, 3e7),
  spacing: fc.constantFrom(20, 300, 5000),
});

describe('wherever a viewer seeks, from wherever', () => {
  property.prop([places, shares, visits, limits], SEARCH)(
    'the run is in the state of one that went straight there',
    ({ design, deeds }, stops, history, room) => {
      const { horizonMs } = design.scenario;
      const times = stops.map((share) => Math.round(share * horizonMs * 1000) / 1000).sort((a, b) => a - b);
      const commands = deeds.map((deed, at) => ({ deed, atMs: ((at + 0.5) / deeds.length) * horizonMs }));
      const straight = statesAt(design, commands, times);

      const run = fresh(design);
      const wanderer = new RewindableRun(run, room);
      for (const { deed, atMs } of commands) {
        advance(wanderer, atMs, 5000);
        wanderer.intervene((now) => perform(now, deed));
      }
      advance(wanderer, horizonMs, 5000);
      const { bytes } = Reflect.get(wanderer, 'keyframes') as Keyframes;
      expect(bytes).toBeLessThanOrEqual(Math.max(room.bytes, run.snapshotBytes));
      for (const { to, steps, most } of history) {
        const at = to % times.length;
        wanderer.goNear(times[at]);
        advance(wanderer, times[at], most);
        expect(differingColumn(insideOf(run).sim.snapshot(), straight[at]), `at ${times[at]} ms`).toBeNull();
        for (let i = 0; i < steps; i++) wanderer.step();
      }
    },
  );
});

/** States of a run that is never taken back, at each time. */
function statesAt(
  design: Design,
  commands: readonly { deed: Deed; atMs: number }[],
  times: readonly number[],
): Snapshot[] {
  const run = fresh(design);
  const left = commands.slice();
  return times.map((atMs) => {
    for (
      let next = left[0];
      next && Math.round(next.atMs * 1000) <= Math.round(atMs * 1000);
      next = left[0]
    ) {
      run.advance(next.atMs, Infinity);
      if (!run.done) perform(run, next.deed);
      left.shift();
    }
    run.advance(atMs, Infinity);
    return insideOf(run).sim.snapshot();
  });
}

function advance(wanderer: RewindableRun, toMs: number, most: number): void {
  while (wanderer.advance(toMs, most) === most);
}

function perform(run: Run, deed: Deed): Problem | null {
  if (deed.do === 'heal') return run.heal(deed.id);
  if (deed.do === 'set') return run.setField(deed.node, deed.field, deed.value);
  const place = deed.edge === undefined ? (deed.node ?? '') : { edge: deed.edge };
  return run.inject(deed.id, place, deed.fault, deed.args, deed.forMs);
}

function fresh(design: Design): LiveRun {
  const { run, problems } = compile(design);
  if (!run) throw new Error(problems.map(({ message }) => message).join(' '));
  return run;
}

function caseOf(first: number): Place {
  for (let seed = first; ; seed++) {
    const { design, deeds, activeMs } = drawCase(seed);
    const short = shortened(design, Math.min(2000, activeMs));
    if (compile(short).run) return { design: short, deeds };
  }
}

function shortened(design: Design, horizonMs: number): Design {
  return { ...design, scenario: { ...design.scenario, horizonMs, warmUpMs: Math.floor(horizonMs / 4) } };
}
