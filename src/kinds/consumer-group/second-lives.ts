import { METRIC } from '../../engine/metrics.ts';
import type { Simulation } from '../../engine/simulation.ts';

/** A message goes back to its channel while a consumer still has it; `isTried` if a try is in progress, which does not count. */
export function copyOfHeld({ messages, metrics }: Simulation, message: number, isTried: boolean): number {
  const copy = messages.copy(message);
  metrics.copied++;
  if (isTried && messages.attempts[copy] > 0) messages.attempts[copy]--;
  return copy;
}

/** A group has a message that its channel gave to somebody else, or takes back: this life of it ends, unseen. */
export function endUnseen({ messages, metrics }: Simulation, node: number, message: number): void {
  metrics.copied--;
  metrics.add(node, METRIC.in, -1);
  messages.free(message);
}
