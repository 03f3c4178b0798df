import type { DesignNode, Json, ScheduledFault } from '../../design/types.ts';
import { ownDice, type Dice } from './dice.ts';
import type { Deed } from './fuzz-case.ts';

/** Of the designs with a topic, this share get more partitions while they run. */
const SHARE = 0.35;
/** Of the groups of all designs, this share fail without an offset, or go back by time. */
const STRICT = 0.1;

/** A design whose topics grow, and what makes them do so. */
interface WithGrowth {
  nodes: DesignNode[];
  faults: ScheduledFault[];
  deeds: Deed[];
}

/**
 * The same nodes with topics that get more partitions, as planned and by hand, and with clients and groups that see
 * them soon. Has dice of its own, so that the rest of a seed stays what it was.
 */
export function withGrowth(nodes: readonly DesignNode[], activeMs: number, seed: number): WithGrowth {
  const dice = ownDice(seed, 'growth');
  const settled = nodes.map((node) => withStart(node, dice));
  const topics = settled.filter(({ kind, fields }) => kind === 'topic' && fields.service !== 'kinesis');
  if (topics.length === 0 || !dice.chance(SHARE)) return { nodes: settled, faults: [], deeds: [] };
  const topic = dice.pick(topics);
  const before = Number(topic.fields.partitions ?? 3);
  const first = before + 1 + dice.below(3);
  const second = first + 1 + dice.below(4);
  const plan = (id: string, partitions: number, atMs: number): ScheduledFault => ({
    id,
    atMs,
    ...(dice.chance(0.3) ? { forMs: 1 + dice.below(activeMs / 2) } : {}),
    node: topic.id,
    fault: 'add-partitions',
    args: { partitions },
  });
  const atMs = dice.below(activeMs / 2);
  const faults = [plan('g0', first, atMs)];
  if (dice.chance(0.3)) faults.push(plan('g1', second, atMs + 1 + dice.below(activeMs / 4)));
  const args: Record<string, Json> = { partitions: dice.pick([first, second, second + 1]) };
  const byHand: Deed = {
    afterEvents: dice.pick([10, 100]),
    do: 'inject',
    id: 'g-by-hand',
    node: topic.id,
    fault: 'add-partitions',
    args,
  };
  return {
    nodes: settled.map((node) => (node === topic ? withFields(node, { growsTo: second + 1 }) : node)),
    faults,
    deeds: dice.chance(0.4) ? [byHand] : [],
  };
}

/** Intervals short enough that a second sees them, in some nodes; and what a group does without an offset. */
function withStart(node: DesignNode, dice: Dice): DesignNode {
  const metadataMaxAge = dice.pick([1, 20, 150]);
  if (node.fields.client === 'kafka') return withFields(node, { metadataMaxAge });
  if (node.kind !== 'consumer-group') return node;
  const pileUp = dice.chance(0.3) ? 'pause' : 'block';
  const strict = {
    offsetReset: dice.pick(['none', 'by-duration']),
    offsetResetBack: dice.pick([0, 30, 1000]),
  };
  return withFields(node, { metadataMaxAge, pileUp, ...(dice.chance(STRICT) ? strict : {}) });
}

function withFields(node: DesignNode, fields: Record<string, Json>): DesignNode {
  return { ...node, fields: { ...node.fields, ...fields } };
}
