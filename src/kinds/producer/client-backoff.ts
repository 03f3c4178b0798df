import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { ClientSettings } from './client-settings.ts';

const JITTER = 0.2;

/** `min(max, rand(0.8, 1.2) · first · 2^failures)` in microseconds: the limit holds before and after the jitter. */
export function clientBackoff(
  sim: Simulation,
  node: number,
  { backoff, backoffMax }: ClientSettings,
  failures: number,
): number {
  let wait = backoff;
  for (let i = 0; i < failures && wait > 0 && wait < backoffMax; i++) wait *= 2;
  const drawn = sim.random.uniform(sim.stream(node, PURPOSE.backoff));
  const base = Math.min(wait, backoffMax);
  return Math.round(Math.min(backoffMax, base * (1 - JITTER + 2 * JITTER * drawn)));
}
