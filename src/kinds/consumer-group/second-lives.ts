import { METRIC } from '../../engine/metrics.ts';
import type { Simulation } from '../../engine/simulation.ts';

/**
 * A copy of what a consumer has, to go back to its channel while the consumer still has it. It has the place of the
 * message among those that came at the same instant. With `isTried` a try is in progress, which does not count.
 */
export function copyOfHeld({ messages }: Simulation, message: number, isTried: boolean): number {
  const copy = messages.copy(message);
  messages.readers[copy] = messages.readers[message];
  if (isTried && messages.attempts[copy] > 0) messages.attempts[copy]--;
  return copy;
}

/** A group has a message that its channel gave to somebody else, or takes back: this life of it ends, unseen. */
export function endUnseen({ messages, metrics }: Simulation, node: number, message: number): void {
  metrics.copied--;
  metrics.add(node, METRIC.in, -1);
  messages.free(message);
}
