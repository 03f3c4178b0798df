import type { DesignNode, Json } from '../../design/types.ts';
import { ownDice, type Dice } from './dice.ts';

/**
 * The same nodes with the rarer settings of Kafka's consumers and topics in some of them. Has dice of its own, so that
 * the rest of a seed stays what it was.
 */
export function withKafka(nodes: readonly DesignNode[], seed: number): DesignNode[] {
  const dice = ownDice(seed, 'kafka');
  const hasKeys = nodes.every(({ kind, fields }) => kind !== 'producer' || fields.keys !== 'none');
  return nodes.map((node) => {
    if (node.kind === 'topic' && hasKeys && dice.chance(0.4)) return withFields(node, drawCompaction(dice));
    if (node.kind === 'consumer-group') {
      const offsetReset = dice.pick(['earliest', 'latest']);
      const isolation = dice.pick(['read-uncommitted', 'read-committed']);
      const firstWindow = dice.pick([0, 0, 5, 60]);
      return withFields(node, {
        isolation,
        firstWindow,
        offsetReset,
        ...(dice.chance(0.4) ? drawPolls(dice) : {}),
      });
    }
    if (node.fields.client === 'kafka' && dice.chance(0.5)) return withFields(node, drawTransactions(dice));
    return node;
  });
}

function drawCompaction(dice: Dice): Record<string, Json> {
  return {
    cleanup: dice.pick(['compact', 'compact-delete']),
    minDirtyRatio: dice.pick([0, 0.5]),
    deleteRetention: dice.pick([0, 1000, 60_000]),
    segmentBytes: dice.pick([300, 2000]),
  };
}

function drawTransactions(dice: Dice): Record<string, Json> {
  return {
    // What a client of transactions insists on.
    acks: 'all',
    retries: 20,
    maxInFlight: dice.pick([1, 5]),
    idempotence: 'default',
    transactions: 'on',
    transactionSize: dice.pick([1, 3, 50]),
    transactionTime: dice.pick([5, 60, 1000]),
    abortShare: dice.pick([0, 0.3, 1]),
    leaveShare: dice.pick([0, 0, 0.2]),
    transactionTimeout: dice.pick([1, 100, 2000]),
  };
}

function withFields(node: DesignNode, fields: Record<string, Json>): DesignNode {
  return { ...node, fields: { ...node.fields, ...fields } };
}

function drawPolls(dice: Dice): Record<string, Json> {
  const maxPollRecords = dice.pick([1, 2, 7, 500]);
  return {
    polling: 'batch',
    maxPollRecords,
    // A batch that always takes too long throws its group out for ever.
    ...(maxPollRecords > 7 ? { maxPollInterval: 5000 } : {}),
    fetchMinBytes: dice.pick([1, 1, 300, 100_000]),
    fetchMaxWait: dice.pick([1, 20, 500]),
    commit: dice.pick(['each', 'interval', 'batch']),
  };
}
