import type { DesignEdge, DesignNode, Json, ScheduledFault } from '../../design/types.ts';
import { ownDice, type Dice } from './dice.ts';

const CALLED = ['database', 'service'];
/** Of the edges that call something, this share gets guards. */
const SHARE = 0.6;
/** A field that the guards drawn here always have. */
const MARK = 'timeout';
const JITTERS = ['none', 'full', 'equal', 'decorrelated'];

/** The same edges, some calls with guards. Has dice of its own, so that the rest of a seed stays what it was. */
export function withGuards(
  nodes: readonly DesignNode[],
  edges: readonly DesignEdge[],
  seed: number,
): DesignEdge[] {
  const dice = ownDice(seed, 'guards');
  const called = new Set(nodes.filter(({ kind }) => CALLED.includes(kind)).map(({ id }) => id));
  return edges.map((edge) =>
    called.has(edge.to) && dice.chance(SHARE) ? { ...edge, fields: drawGuards(dice) } : edge,
  );
}

/** Crashes of members that call along guarded edges, in the midst of their calls. */
export function crashesOfCallers(
  nodes: readonly DesignNode[],
  edges: readonly DesignEdge[],
  activeMs: number,
  seed: number,
): ScheduledFault[] {
  const dice = ownDice(seed, 'crashes of callers');
  const callers = nodes.filter(
    ({ id, kind }) =>
      kind === 'consumer-group' &&
      edges.some(({ from, fields }) => from === id && fields?.[MARK] !== undefined),
  );
  return callers
    .filter(() => dice.chance(0.8))
    .flatMap(({ id, fields }) =>
      [1, 2, 3, 4].map((turn) => ({
        id: `g${turn}-${id}`,
        atMs: Math.floor((turn * activeMs) / 8),
        forMs: Math.floor(activeMs / 20),
        node: id,
        fault: 'crash',
        args: { member: 1 + dice.below(Number(fields.members ?? 1)) },
      })),
    );
}

/** Guards small enough to be felt within a second. */
function drawGuards(dice: Dice): Record<string, Json> {
  const on = (chance: number, drawn: () => Record<string, Json>) => (dice.chance(chance) ? drawn() : {});
  return {
    ...on(0.3, () => ({ fallback: 'on' })),
    timeout: dice.pick([0, 0, 0.5, 4, 30]),
    ...on(0.5, () => ({
      retry: dice.pick(JITTERS),
      retryAttempts: 1 + dice.below(4),
      retryWait: dice.pick([0, 2, 50]),
      retryFactor: dice.pick([1, 2, 10]),
      retryWaitMax: dice.pick([1, 100]),
    })),
    ...on(0.5, () => ({
      breaker: dice.pick(['count', 'time']),
      breakerWindow: dice.pick([1, 3, 10]),
      breakerMinCalls: dice.pick([1, 3, 20]),
      breakerFailureRate: dice.pick([1, 50, 100]),
      breakerSlowRate: dice.pick([10, 100]),
      breakerSlowAfter: dice.pick([2, 60_000]),
      breakerWait: dice.pick([1, 20, 200]),
      breakerTrials: dice.pick([1, 2, 5]),
      breakerTrialsWait: dice.pick([0, 30]),
      breakerHalfOpens: dice.pick(['lazily', 'automatically']),
    })),
    ...on(0.4, () => ({
      limiter: dice.pick(['cycles', 'bucket']),
      limiterPermits: dice.pick([1, 3, 10]),
      limiterPeriod: dice.pick([5, 100]),
      limiterTimeout: dice.pick([0, 20, 300]),
    })),
    ...on(0.4, () => ({
      bulkhead: 'on',
      bulkheadCalls: dice.pick([1, 2, 6]),
      bulkheadWait: dice.pick([0, 3, 50]),
    })),
  };
}
