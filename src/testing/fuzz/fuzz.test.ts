import { describe, expect, it } from 'vitest';
import { insideOf } from '../laws/watch-run.ts';
import { checkCase, type Plant } from './check-case.ts';
import { Coverage } from './coverage.ts';
import { drawCase } from './draw-case.ts';
import { caseOf, tokenOf } from './fuzz-case.ts';
import { SESSION, fuzz, replayLine } from './fuzz.ts';

/** Planted bug: at every third event a node with room forgets to call the next sender in its line. */
const lostWakeUp: Plant = (run) => {
  const { sim } = insideOf(run);
  const { roomFreed } = sim;
  sim.roomFreed = (node) => {
    if (sim.events % 3 > 0) roomFreed.call(sim, node);
  };
};

/** Planted bug: a topic takes every commit for one more than it is. */
const doubleCommit: Plant = (run) => {
  const { kinds, sim } = insideOf(run);
  const { settle } = kinds.topics;
  kinds.topics.settle = (node, edge, lane, count) => {
    const more = kinds.topics.position(edge, lane) - kinds.topics.committed(edge, lane) > count ? 1 : 0;
    settle.call(kinds.topics, node, edge, lane, count + more);
  };
  expect(sim.events).toBe(0);
};

/** Planted bugs that only a second run shows: state outside the columns, and looking that changes what is seen. */
let runsSoFar = 0;
const countsRuns: Plant = (run) => {
  insideOf(run).sim.hash.mix(0, 0, runsSoFar++);
};
const countsCalls: Plant = (run) => {
  const { sim } = insideOf(run);
  const { runUntil } = sim;
  sim.runUntil = (until, maxEvents) => {
    const done = runUntil.call(sim, until, maxEvents);
    if (done > 1 && maxEvents < 30) sim.messages.nextSerial++;
    return done;
  };
};
const forgetsOnRestore: Plant = (run) => {
  const { sim } = insideOf(run);
  const { restore } = sim;
  sim.restore = (snapshot) => {
    restore.call(sim, snapshot);
    sim.metrics.produced++;
  };
};
const shy: Plant = (run) => {
  const { sim, watch } = insideOf(run);
  if (!watch) sim.metrics.produced++;
};
/** Planted bug: a message whose wait for a retry is over is never taken up again. */
const forgetsRetries: Plant = (run) => {
  const { kinds } = insideOf(run);
  kinds.consumers.work.workOnReturned = () => {};
};

describe('the fuzzer', () => {
  it('finds no broken law, and adds up what it saw in several sessions', () => {
    const { failures, coverage, drawn } = fuzz({ ...SESSION, designs: 30 });
    expect(failures).toEqual([]);
    expect(drawn - coverage.refused).toBeGreaterThan(10);
    const both = new Coverage();
    both.include(coverage.counts());
    both.include(coverage.counts());
    expect(both.events).toBe(2 * coverage.events);
    expect(both.cells.get('run × no fault × books')).toBe(2 * coverage.cells.get('run × no fault × books')!);
    expect(both.missing().length).toBeLessThan(new Coverage().missing().length);
  });

  it.each([
    ['a lost wake-up', lostWakeUp, /^I46|^I22|^I45/],
    ['a double commit', doubleCommit, /^I1[147]/],
  ])(
    'sees %s that was put in on purpose, makes it small, and says how to see it again',
    (_, plant, law) => {
      const { failures } = fuzz({ firstSeed: 1, designs: 60, plant, mostFailures: 1 });
      expect(failures).toHaveLength(1);
      expect(failures[0].sentence).toMatch(law);
      expect(failures[0].nodes).toBeLessThanOrEqual(4);
      const line = replayLine(failures[0]);
      expect(line).toMatch(/^npm run fuzz -- --replay [\w-]+$/);
      // The token alone shows it again, and nothing is wrong without the bug.
      const again = caseOf(line.split(' ').at(-1)!);
      expect(checkCase(again, new Coverage(), plant)).toBe(failures[0].sentence);
      expect(checkCase(again, new Coverage())).toBeNull();
      // Making a case small runs it hundreds of times.
    },
    400_000,
  );

  it.each([
    ['depends on the runs before it', countsRuns, /^I39: /],
    ['depends on how it is cut', countsCalls, /^I41: /],
    ['depends on whether somebody watches', shy, /^I40: /],
    ['is not the same after a snapshot', forgetsOnRestore, /^I42: /],
    ['leaves a message for ever', forgetsRetries, /^I45: |^I46: /],
  ])('sees a run that %s', (_, plant, law) => {
    const { failures } = fuzz({ ...SESSION, plant, mostFailures: 1, shrinks: false });
    expect(failures.map(({ sentence }) => sentence)).toEqual([expect.stringMatching(law)]);
  });

  it('draws the same case from the same seed, and tells it in one word', () => {
    const found = drawCase(7);
    expect(drawCase(7)).toEqual(found);
    expect(drawCase(8)).not.toEqual(found);
    expect(caseOf(tokenOf(found))).toEqual(found);
  });

  it('knows that a session without events has shown nothing', () => {
    const missing = new Coverage().missing();
    expect(missing).toContain('consumer-group × crash × books (0 of 40)');
    expect(missing).toContain('queue overflow drop-oldest × comes-to-rest (0 of 1)');
    expect(missing).toContain('member expelled (0 of 5)');
    expect(missing).toContain('I32 (0 of 4)');
  });
});
