import type { DesignNode, Problem } from '../design/types.ts';
import { groupDigits } from '../design/wording.ts';
import type { Guarantees, Mishap, Violation } from '../kinds/consumer-group/guarantees.ts';
import { GUARANTEES } from '../kinds/consumer-group/guarantees.ts';
import { showTime, toMs } from './time.ts';

/** The control action that ends a run after the event in which a delivery guarantee was broken. */
export const VIOLATION_ACTION = -1;

/** Thrown between two events, so the state at hand is whole. */
export class ViolationStop extends Error {
  override readonly name = 'ViolationStop';
}

const DEED: Record<Mishap, string> = {
  duplicate: 'processed again',
  lost: 'lost',
  reordered: 'processed after a later one of its key',
};

/** Says which message broke which promise, and when: the last first violation of any group is the one that stopped. */
export function violationProblem(guarantees: Guarantees, nodes: readonly DesignNode[]): Problem {
  let guilty: { node: number; violation: Violation } | null = null;
  nodes.forEach((_, node) => {
    const violation = guarantees.firstViolation(node);
    if (!violation || !guarantees.stopsRun(node)) return;
    if (!guilty || violation.atMicros > guilty.violation.atMicros) guilty = { node, violation };
  });
  const { node, violation } = guilty!;
  const { name, id } = nodes[node];
  const key = violation.key < 0 ? 'no key' : `key ${groupDigits(violation.key)}`;
  const promise =
    violation.mishap === 'reordered'
      ? 'order per key is to be kept'
      : `its guarantee is ${GUARANTEES[guarantees.of[node]].replaceAll('-', ' ')}`;
  const message =
    `The run stopped at ${showTime(toMs(violation.atMicros))}: message ${groupDigits(violation.message)} (${key}) ` +
    `was ${DEED[violation.mishap]} at ${name}, and ${promise}.`;
  return { severity: 'error', code: 'violation', message, node: id };
}
