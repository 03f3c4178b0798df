import { LOAD_STATES } from '../../../simulation/verdict/verdict.ts';
import type { NodeReading } from '../figures/node-reading.ts';

/** What arrives at a backlog that grows, and what leaves it, a second. */
export interface Growth {
  arrive: number;
  leave: number;
}

/**
 * How the backlog of a queue or group grows, null if it does not. Where its load has been judged over a longer time,
 * that decides, and gives the figures: the last second alone often goes up and down.
 */
export function backlogGrowth(reading: NodeReading): Growth | null {
  const { amountTrend: trend, outPerSecond, offeredPerSecond, capacityPerSecond, loadState } = reading;
  const state = LOAD_STATES[loadState] ?? 'unknown';
  if (state === 'stable' || state === 'draining') return null;
  if (state === 'growing' || state === 'filling') {
    const isKnown = offeredPerSecond > capacityPerSecond;
    if (isKnown) return { arrive: offeredPerSecond, leave: capacityPerSecond };
  }
  if (!(trend > Math.max(1, outPerSecond * 0.05))) return null;
  return { arrive: outPerSecond + trend, leave: outPerSecond };
}
