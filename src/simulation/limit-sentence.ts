import type { DesignNode, Problem } from '../design/types.ts';
import { groupDigits } from '../design/wording.ts';
import type { Simulation } from '../engine/simulation.ts';
import type { LimitError } from '../lib/limit-error.ts';
import { showTime, toMs } from './time.ts';

/** Says why a run stopped before its horizon: when, which limit, and which node it came from. */
export function limitSentence(error: LimitError, sim: Simulation, nodes: readonly DesignNode[]): Problem {
  const acting = sim.currentNode >= 0 ? nodes[sim.currentNode] : undefined;
  const fullest = fullestNode(sim, nodes);
  const time = showTime(toMs(sim.now));
  const limit = groupDigits(error.limit);
  const who = acting?.name ?? 'the design';
  let message = `The run stopped at ${time}: ${who} needed more than ${limit} ${error.limitName}.`;
  if (error.limitName === 'events at one instant') {
    message = `The run stopped at ${time}: time stands still at ${who}, where more than ${limit} events happen at one instant.`;
  } else if (fullest) {
    message += ` Most messages wait in ${fullest.name}: ${groupDigits(fullest.waiting)}.`;
  }
  const node = acting?.id;
  return { severity: 'error', code: 'limit-reached', message, ...(node === undefined ? {} : { node }) };
}

function fullestNode(
  sim: Simulation,
  nodes: readonly DesignNode[],
): { name: string; waiting: number } | null {
  const { queued } = sim.metrics;
  let fullest = 0;
  queued.forEach((waiting, node) => {
    if (waiting > queued[fullest]) fullest = node;
  });
  return queued[fullest] > 0 ? { name: nodes[fullest].name, waiting: queued[fullest] } : null;
}
