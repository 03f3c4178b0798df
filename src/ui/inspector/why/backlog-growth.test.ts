import { expect, it } from 'vitest';
import { LOAD_STATES, type LoadState } from '../../../simulation/verdict/verdict.ts';
import { backlogGrowth } from './backlog-growth.ts';
import type { NodeReading } from '../figures/node-reading.ts';

const reading = (state: LoadState, some: Partial<NodeReading> = {}) =>
  ({
    amountTrend: 40,
    outPerSecond: 100,
    offeredPerSecond: NaN,
    capacityPerSecond: NaN,
    loadState: LOAD_STATES.indexOf(state),
    ...some,
  }) as NodeReading;

it('says nothing of a second in which more came than usual, where the load is judged to be calm', () => {
  expect(backlogGrowth(reading('stable'))).toBeNull();
  expect(backlogGrowth(reading('draining'))).toBeNull();
  expect(backlogGrowth(reading('unknown'))).toEqual({ arrive: 140, leave: 100 });
  expect(backlogGrowth(reading('unknown', { amountTrend: 4 }))).toBeNull();
});

it('gives the figures of the verdict beside it, in a second in which nothing grew, too', () => {
  const judged = { offeredPerSecond: 302, capacityPerSecond: 291, amountTrend: -4 };
  expect(backlogGrowth(reading('growing', judged))).toEqual({ arrive: 302, leave: 291 });
  expect(backlogGrowth(reading('filling', judged))).toEqual({ arrive: 302, leave: 291 });
});
