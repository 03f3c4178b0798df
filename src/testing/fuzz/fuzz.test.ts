import { describe, expect, it } from 'vitest';
import { insideOf } from '../laws/watch-run.ts';
import { checkCase, type Plant } from './check-case.ts';
import { Coverage } from './coverage.ts';
import { drawCase } from './draw-case.ts';
import { caseOf, tokenOf } from './fuzz-case.ts';
import { fuzz } from './fuzz.ts';

/** Planted bug: a node with room forgets every third time to call the next sender in its line. */
const lostWakeUp: Plant = (run) => {
  const { sim } = insideOf(run);
  const { roomFreed } = sim;
  let calls = 0;
  sim.roomFreed = (node) => {
    if (++calls % 3 > 0) roomFreed.call(sim, node);
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

describe('the fuzzer', () => {
  it('finds no broken law in a hundred fixed designs, and checks each promise under each fault', () => {
    const { failures, coverage, drawn } = fuzz({ firstSeed: 8000, designs: 130 });
    expect(failures).toEqual([]);
    expect(drawn - coverage.refused).toBeGreaterThan(100);
    expect(coverage.undecided).toBeLessThan(5);
    expect(coverage.missing()).toEqual([]);
  });

  it.each([
    ['a lost wake-up', lostWakeUp, /^I46|^I22|^I45/],
    ['a double commit', doubleCommit, /^I1[347]/],
  ])('sees %s that was put in on purpose, and makes it small', (_, plant, law) => {
    const { failures } = fuzz({ firstSeed: 1, designs: 60, plant, mostFailures: 1 });
    expect(failures).toHaveLength(1);
    expect(failures[0].sentence).toMatch(law);
    expect(failures[0].nodes).toBeLessThanOrEqual(4);
    // The token alone shows it again, and nothing is wrong without the bug.
    expect(checkCase(caseOf(failures[0].token), new Coverage(), plant)).toBe(failures[0].sentence);
    expect(checkCase(caseOf(failures[0].token), new Coverage())).toBeNull();
  });

  it('draws the same case from the same seed, and tells it in one word', () => {
    const found = drawCase(7);
    expect(drawCase(7)).toEqual(found);
    expect(drawCase(8)).not.toEqual(found);
    expect(caseOf(tokenOf(found))).toEqual(found);
  });

  it('knows that a session without events has shown nothing', () => {
    expect(new Coverage().missing()).toContain('consumer-group × crash × books');
  });
});
