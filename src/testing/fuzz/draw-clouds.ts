import type { DesignEdge, DesignNode, Json } from '../../design/types.ts';
import { ownDice, type Dice } from './dice.ts';

/** Of the queues that no exchange leads to, this share are managed brokers instead. */
const SHARE = 0.4;

/** The nodes and edges of a design. */
interface Graph {
  nodes: readonly DesignNode[];
  edges: readonly DesignEdge[];
}

/**
 * The same design with managed brokers in place of some queues, at once of all sorts. Has dice of its own, so that the
 * rest of a seed stays what it was.
 */
export function withClouds({ nodes, edges }: Graph, seed: number): Graph {
  const dice = ownDice(seed, 'clouds');
  const quotas = ownDice(seed, 'quotas of queues');
  const types = ownDice(seed, 'subscriptions');
  const kindOf = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const isFree = (id: string) =>
    edges.every(({ from, to }) => {
      const neighbour = from === id ? kindOf.get(to) : to === id ? kindOf.get(from) : undefined;
      return neighbour !== 'exchange';
    });
  const readsTopics = (id: string) =>
    edges.some(({ from, to }) => from === id && edges.some((other) => isLog(other, to, kindOf)));
  const changed = nodes.map((node) =>
    node.kind === 'queue' && isFree(node.id) && dice.chance(SHARE)
      ? {
          ...node,
          kind: 'cloud-broker',
          fields: { ...drawCloud(dice), ...drawQuota(quotas), ...drawType(types, readsTopics(node.id)) },
        }
      : node,
  );
  return { nodes: changed, edges };
}

/** Whether an edge brings the records of a topic to a node. */
function isLog({ from, to }: DesignEdge, reader: string, kindOf: ReadonlyMap<string, string>): boolean {
  return to === reader && kindOf.get(from) === 'topic';
}

/** A subscription of Pulsar with one consumer at a time, unless its group also reads topics. */
function drawType(dice: Dice, isReadWithTopics: boolean): Record<string, Json> {
  const isSingle = dice.chance(0.6) && !isReadWithTopics;
  const subscription = dice.pick(['exclusive', 'failover']);
  return isSingle ? { subscription } : {};
}

/** What limits the calls to a queue of SQS FIFO. */
function drawQuota(dice: Dice): Record<string, Json> {
  return { fifoThroughput: dice.pick(['per-queue', 'per-group']), callBatch: dice.pick([1, 1, 10]) };
}

/** Times and limits small enough to be felt within a second, and some of them not at all. */
export function drawCloud(dice: Dice): Record<string, Json> {
  return {
    profile: dice.pick(['sqs', 'sqs-fifo', 'jetstream', 'pulsar']),
    visibilityTimeout: dice.pick([3, 20, 200, 30_000]),
    maxReceiveCount: dice.pick([0, 1, 3]),
    delaySeconds: dice.pick([0, 0, 15]),
    retentionPeriod: dice.pick([60_000, 345_600_000]),
    inFlightLimit: dice.pick([1, 3, 120_000]),
    duplicateShare: dice.pick([0, 0, 0.2]),
    dedupId: dice.pick(['message', 'message', 'key']),
    ackWait: dice.pick([3, 20, 200]),
    backOff: dice.pick(['', '', '0.002, 0.01, 0.05']),
    maxDeliver: dice.pick([0, 4, 5]),
    maxAckPending: dice.pick([0, 1, 1000]),
    maxAge: dice.pick([0, 50, 400]),
    duplicateWindow: dice.pick([0, 30, 120_000]),
    subscription: dice.pick(['shared', 'key-shared']),
    negativeAckDelay: dice.pick([0, 10, 100]),
    ackTimeout: dice.pick([0, 10, 100]),
    maxRedeliverCount: dice.pick([0, 1, 3]),
    maxUnacked: dice.pick([0, 1, 200_000]),
  };
}
