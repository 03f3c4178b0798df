import type { DesignNode, Json } from '../../design/types.ts';
import { ownDice, type Dice } from './dice.ts';

/** Of the databases, this share are external services instead. */
const SHARE = 0.45;

/** The same nodes, some called over the network. Has dice of its own, so that the rest of a seed stays what it was. */
export function withServices(
  nodes: readonly DesignNode[],
  seed: number,
  fieldsOf: (dice: Dice) => Record<string, Json>,
): DesignNode[] {
  const dice = ownDice(seed, 'services');
  return nodes.map((node) =>
    node.kind === 'database' && dice.chance(SHARE)
      ? { ...node, kind: 'service', fields: fieldsOf(dice) }
      : node,
  );
}

/** A service whose places, line and rate limit are small enough to be felt within a second. */
export function drawService(dice: Dice, serviceTime: Json): Record<string, Json> {
  return {
    concurrency: dice.pick([1, 2, 8]),
    queueLimit: dice.pick([0, 1, 5, 100]),
    serviceTime,
    failureProbability: dice.pick([0, 0, 0.3]),
    rateLimit: dice.pick(['off', 'cycles', 'bucket']),
    ratePermits: dice.pick([1, 4]),
    ratePeriod: dice.pick([10, 100]),
    refusalTime: dice.pick([0, 2]),
  };
}
