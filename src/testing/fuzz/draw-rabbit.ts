import type { DesignEdge, DesignNode, Json, ScheduledFault } from '../../design/types.ts';
import { ownDice, type Dice } from './dice.ts';

/** Of the groups that read queues alone, this share is sent messages ahead, and this one gives back what fails. */
const AHEAD = 0.5;
const GIVES_BACK = 0.5;
/** Of the queues, this share has one consumer at a time, and this one dead letters for an exchange, if there is one. */
const SINGLE = 0.4;
const DEAD_LETTERS = 0.2;

/** Of the producers, this share has a RabbitMQ client. */
const PUBLISHES = 0.5;

/** The nodes and edges of a design. */
interface Graph {
  nodes: readonly DesignNode[];
  edges: readonly DesignEdge[];
}

/**
 * The same design with consumers of queues that prefetch, give back, reject or wait for their turn, with dead-letter
 * exchanges, and with publishers that wait for confirms, credit and alarms. What a topic refuses is not drawn. Has dice of its own, so that the rest of a seed stays what it was.
 */
export function withRabbit({ nodes, edges }: Graph, seed: number): Graph {
  const dice = ownDice(seed, 'rabbit');
  const kindOf = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const ofTopic = new Set(edges.filter(({ from }) => kindOf.get(from) === 'topic').map(({ to }) => to));
  const readByTopicGroup = new Set(edges.filter(({ to }) => ofTopic.has(to)).map(({ from }) => from));
  const changed = nodes.map((node): DesignNode => {
    if (node.kind === 'consumer-group' && !ofTopic.has(node.id)) return withFields(node, group(dice));
    if (node.kind === 'producer') return withFields(node, publisher(dice));
    if (node.kind === 'queue') return withFields(node, queue(dice, readByTopicGroup.has(node.id)));
    return node;
  });
  const graph = { nodes: changed, edges: [...edges, ...deadLetterEdges(dice, nodes, edges)] };
  const ranked = withRanks(changed, ownDice(seed, 'ranks'));
  const limited = withLimits(ranked, ownDice(seed, 'limits of queues'));
  const delayed = withDelays(limited, ownDice(seed, 'delays of retries'));
  return { ...graph, nodes: withTimeouts(delayed, ownDice(seed, 'consumer timeouts')) };
}

/** Groups of several priorities, with dice of their own. */
function withRanks(nodes: readonly DesignNode[], dice: Dice): DesignNode[] {
  if (!dice.chance(0.4)) return [...nodes];
  return nodes.map((node) =>
    node.kind === 'consumer-group' ? withFields(node, { consumerPriority: dice.pick([-1, 0, 0, 5]) }) : node,
  );
}

/** Queues with a limit in bytes, and quorum queues that dead-letter at least once, with dice of their own. */
function withLimits(nodes: readonly DesignNode[], dice: Dice): DesignNode[] {
  return nodes.map((node) => {
    if (node.kind !== 'queue') return node;
    const limited = withFields(node, { capacityBytes: dice.chance(0.2) ? dice.pick([1, 150, 900]) : 0 });
    if (!dice.chance(0.4)) return limited;
    const deadLetterTimeout = dice.pick([400, 20_000, 180_000]);
    return withFields(limited, { deadLetterStrategy: 'at-least-once', deadLetterTimeout });
  });
}

/** Quorum queues that delay retries, with dice of their own. */
function withDelays(nodes: readonly DesignNode[], dice: Dice): DesignNode[] {
  return nodes.map((node) => {
    if (node.kind !== 'queue' || !dice.chance(0.4)) return node;
    const delayedRetryType = dice.pick(['all', 'failed', 'returned']);
    const delayedRetryMin = dice.pick([1, 7, 40]);
    return withFields(node, { delayedRetryType, delayedRetryMin, delayedRetryMax: dice.pick([5, 60, 400]) });
  });
}

/** Quorum queues that take back what is not acknowledged in time, and queues that hear of a cut soon, with dice of their own. */
function withTimeouts(nodes: readonly DesignNode[], dice: Dice): DesignNode[] {
  return nodes.map((node) => {
    if (node.kind !== 'queue' || !dice.chance(0.5)) return node;
    const heartbeat = dice.pick([0, 10, 100, 100, 60_000]);
    return withFields(node, { consumerTimeout: dice.pick([0, 9, 40, 40, 200, 1500]), heartbeat });
  });
}

/** Full disks of the broker, with dice of their own. */
export function drawDiskFaults(
  nodes: readonly DesignNode[],
  activeMs: number,
  seed: number,
): ScheduledFault[] {
  const dice = ownDice(seed, 'disks');
  const queues = nodes.filter(({ kind }) => kind === 'queue');
  if (queues.length === 0 || !dice.chance(0.25)) return [];
  return Array.from({ length: 1 + dice.below(2) }, (_, at) => ({
    id: `d${at}`,
    atMs: dice.below(activeMs),
    forMs: 1 + dice.below(activeMs / 3),
    node: dice.pick(queues).id,
    fault: 'disk-full',
    args: {},
  }));
}

function withFields(node: DesignNode, fields: Record<string, Json>): DesignNode {
  return { ...node, fields: { ...node.fields, ...fields } };
}

function group(dice: Dice): Record<string, Json> {
  return {
    prefetchMode: dice.chance(AHEAD) ? 'count' : 'workers',
    prefetch: dice.pick([0, 1, 2, 7]),
    onFailure: dice.chance(GIVES_BACK) ? dice.pick(['nack', 'requeue', 'reject']) : 'retry',
  };
}

/** Some of them get a Kafka client afterwards. */
function publisher(dice: Dice): Record<string, Json> {
  return {
    client: dice.chance(PUBLISHES) ? 'rabbitmq' : 'at-once',
    confirms: dice.pick(['on', 'on', 'off']),
    maxOutstanding: dice.pick([1, 20, 100]),
  };
}

function queue(dice: Dice, isReadWithTopics: boolean): Record<string, Json> {
  const isSingle = dice.chance(SINGLE) && !isReadWithTopics;
  return {
    consumers: isSingle ? 'one' : 'all',
    deadLetterRoutingKey: dice.pick(['', 'a', 'b.c']),
    confirmClassic: dice.pick([0, 1, 10]),
    confirmQuorum: dice.pick([0, 5, 10]),
    handlesPerSecond: dice.pick([0, 0, 0, 20]),
    memoryWatermark: dice.pick([0, 0, 0, 0, 0, 500]),
  };
}

/** One dead-letter exchange at most for each queue that has no dead letters yet. */
function deadLetterEdges(
  dice: Dice,
  nodes: readonly DesignNode[],
  edges: readonly DesignEdge[],
): DesignEdge[] {
  const exchanges = nodes.filter(({ kind }) => kind === 'exchange');
  const taken = new Set(edges.filter(({ fromPort }) => fromPort === 'dead').map(({ from }) => from));
  return nodes.flatMap(({ id, kind }) => {
    if (kind !== 'queue' || taken.has(id) || exchanges.length === 0 || !dice.chance(DEAD_LETTERS)) return [];
    return [{ id: `d-${id}`, from: id, fromPort: 'dead', to: dice.pick(exchanges).id, toPort: 'in' }];
  });
}
