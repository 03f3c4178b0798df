import { describe, expect, it } from 'vitest';
import { JITTERS, jittered } from './jitter.ts';

/** Waits in ms of six retries, first 100, doubled, at most 2000, when every draw is the same. */
function waits(kind: (typeof JITTERS)[number], draw: number, share = 0): number[] {
  let previous = 100;
  return Array.from({ length: 6 }, (_, retry) => {
    const delay = Math.min(2000, 100 * 2 ** retry);
    previous = jittered(JITTERS.indexOf(kind), { delay, first: 100, max: 2000, previous, share }, draw);
    return previous;
  });
}

// Computed from the formulas of the AWS Architecture Blog, "Exponential Backoff And Jitter".
describe('a wait with jitter', () => {
  it.each([
    [0, [0, 0, 0, 0, 0, 0], [50, 100, 200, 400, 800, 1000], [100, 100, 100, 100, 100, 100]],
    [
      0.25,
      [25, 50, 100, 200, 400, 500],
      [62.5, 125, 250, 500, 1000, 1250],
      [150, 187.5, 215.625, 236.71875, 252.5390625, 264.404296875],
    ],
    [
      0.5,
      [50, 100, 200, 400, 800, 1000],
      [75, 150, 300, 600, 1200, 1500],
      [200, 350, 575, 912.5, 1418.75, 2000],
    ],
    [
      0.75,
      [75, 150, 300, 600, 1200, 1500],
      [87.5, 175, 350, 700, 1400, 1750],
      [250, 587.5, 1346.875, 2000, 2000, 2000],
    ],
  ])('for a draw of %d follows each formula', (draw, full, equal, decorrelated) => {
    expect(waits('none', draw)).toEqual([100, 200, 400, 800, 1600, 2000]);
    expect(waits('full', draw)).toEqual(full);
    expect(waits('equal', draw)).toEqual(equal);
    expect(waits('decorrelated', draw)).toEqual(decorrelated);
  });

  // Ranges of Kafka's ExponentialBackoff: the longest wait holds after the jitter too.
  it('is a share longer or shorter as in Kafka, and capped', () => {
    expect(waits('proportional', 0, 0.2)).toEqual([80, 160, 320, 640, 1280, 1600]);
    expect(waits('proportional', 1, 0.2).map(Math.round)).toEqual([120, 240, 480, 960, 1920, 2000]);
  });

  it('is never shorter than the first where waits are decorrelated, though that be above the longest', () => {
    const wait = { delay: 5, first: 10, max: 5, previous: 1, share: 0 };
    expect(jittered(JITTERS.indexOf('decorrelated'), wait, 0.5)).toBe(5);
  });
});
