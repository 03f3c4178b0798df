import { JITTER, jittered } from '../jitter.ts';
import type { RetryConfig } from './guard-config.ts';

/** How chance changes the wait before a retry of a call. */
export type RetryJitter = Exclude<keyof typeof JITTER, 'proportional'>;

/**
 * The wait before a retry, in microseconds and not rounded: `first · factor^n` for the n-th retry from 0, no more than
 * `max`, with jitter. `previous` is the wait before the last one, at first the first wait; `draw` is uniform from 0 to
 * below 1.
 */
export function retryWait(config: RetryConfig, n: number, previous: number, draw: number): number {
  const { jitter, firstMicros: first, factor, maxMicros: max } = config;
  let delay = first;
  for (let i = 0; i < n && delay < max; i++) delay *= factor;
  return jittered(JITTER[jitter], { delay: Math.min(delay, max), first, max, previous, share: 0 }, draw);
}
