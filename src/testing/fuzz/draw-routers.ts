import type { DesignEdge, DesignNode, Json } from '../../design/types.ts';
import { ownDice, type Dice } from './dice.ts';

/** Of the designs with a producer that writes to a queue, this share get an event router. */
const SHARE = 0.3;
/** Of the standard topics that this would give, this share are FIFO topics. */
const FIFO_SHARE = 0.5;
const KEYS = ['a', 'a.b', 'a.b: 2, c', 'a, b.c, c.b.a: 3'];
/** Filters of subscriptions; `KNOWN_FILTERS` has each of them. */
export const POLICIES = [
  '',
  '',
  '{"type": ["a"]}',
  '{"type": [{"prefix": "a"}]}',
  '{"n": [{"numeric": [">", 0]}], "type": [{"anything-but": "c"}]}',
  '{"n": [{"exists": false}]}',
];
export const PATTERNS = [
  '',
  '',
  '{"detail-type": ["a"]}',
  '{"detail-type": [{"wildcard": "*.b*"}]}',
  '{"source": ["s"], "detail": {"n": [1, null]}}',
];
const HEADERS: readonly Json[] = [{}, { n: 1 }, { n: null, source: 's' }];

/** The nodes and edges of a design. */
interface Graph {
  nodes: readonly DesignNode[];
  edges: readonly DesignEdge[];
}

/**
 * The same design with an event router between some producers and the standard queues that they write to, and the
 * services of the design subscribed to it. Has dice of its own, so that the rest of a seed stays what it was.
 */
export function withRouters({ nodes, edges }: Graph, seed: number): Graph {
  const dice = ownDice(seed, 'routers');
  const of = new Map(nodes.map((node) => [node.id, node]));
  const published = edges.filter(
    ({ from, to }) => of.get(from)!.kind === 'producer' && of.get(to)!.kind === 'cloud-broker',
  );
  const services = nodes.filter(({ kind }) => kind === 'service');
  const called = edges.filter(
    ({ from, to }) => of.get(from)!.kind === 'producer' && of.get(to)!.kind === 'service',
  );
  if (published.length + called.length === 0 || !dice.chance(SHARE)) return { nodes, edges };
  const drawn = dice.pick(['sns', 'eventbridge']);
  const topic = ownDice(seed, 'FIFO topics');
  const isFifo = drawn === 'sns' && published.length > 0 && topic.chance(FIFO_SHARE);
  const profile = isFifo ? 'sns-fifo' : drawn;
  const router: DesignNode = {
    id: 'router',
    kind: 'event-router',
    name: 'router',
    fields: { profile, ...(isFifo ? drawTopic(topic) : {}) },
  };
  const chosen = [...published, ...called].filter(() => dice.chance(0.8));
  const moved = new Set(isFifo ? chosen.filter((edge) => !called.includes(edge)) : chosen);
  const queues = new Set([...published].filter((edge) => moved.has(edge)).map(({ to }) => to));
  const pushed = services.filter(() => dice.chance(0.9)).map(({ id }) => id);
  const targets = isFifo ? [...queues] : [...queues, ...pushed];
  const writers = new Set([...moved].map(({ from }) => from));
  if (targets.length === 0 || writers.size === 0) return { nodes, edges };
  const letters = nodes.find(({ kind }) => kind === 'dead-letter-queue');
  const edge = (id: string, from: string, to: string, fromPort = 'out') => ({
    id,
    from,
    fromPort,
    to,
    toPort: 'in',
  });
  return {
    nodes: [
      ...nodes.map((node) => {
        if (writers.has(node.id)) return withGroups(withAddress(dice, node), isFifo);
        if (isFifo && queues.has(node.id)) return ofFifoTopic(topic, node);
        return queues.has(node.id) ? standard(node, profile) : node;
      }),
      router,
    ],
    edges: [
      ...edges.filter((one) => !moved.has(one)),
      ...[...writers].map((id) => edge(`w-${id}`, id, 'router')),
      ...targets.map((id) => ({
        ...edge(`s-${id}`, 'router', id),
        fields: drawSubscription(dice, of.get(id)!.kind),
      })),
      ...(letters && dice.chance(0.7) ? [edge('d-router', 'router', letters.id, 'dead')] : []),
    ],
  };
}

/** Waits short enough to be felt within a run, and a few that are not. */
function drawSubscription(dice: Dice, target: string): Record<string, Json> {
  const atOnce = dice.pick([0, 1, 2]);
  const before = dice.pick([0, 1]);
  const after = dice.pick([0, 2]);
  return {
    filterPolicy: dice.pick(POLICIES),
    eventPattern: dice.pick(PATTERNS),
    endpoint: target === 'service' ? dice.pick(['http', 'http', 'aws']) : 'aws',
    numRetries: atOnce + before + after + dice.pick([0, 1, 4]),
    numNoDelayRetries: atOnce,
    numMinDelayRetries: before,
    numMaxDelayRetries: after,
    minDelayTarget: dice.pick([1000, 2000]),
    maxDelayTarget: dice.pick([2000, 20_000]),
    backoffFunction: dice.pick(['linear', 'exponential']),
    maximumRetryAttempts: dice.pick([0, 1, 6, 185]),
    maximumEventAge: dice.pick([60_000, 86_400_000]),
    deadLetters: dice.pick(['queue', 'queue', 'drop']),
  };
}

function withAddress(dice: Dice, node: DesignNode): DesignNode {
  if (node.fields.routingKey !== undefined) return node;
  const fields = { ...node.fields, routingKey: dice.pick(KEYS), headers: dice.pick(HEADERS) };
  return { ...node, fields };
}

/** A message to a FIFO topic is of a group, which is its key. */
function withGroups(node: DesignNode, isFifo: boolean): DesignNode {
  return isFifo && node.fields.keys === 'none'
    ? { ...node, fields: { ...node.fields, keys: 'uniform' } }
    : node;
}

/** A queue that others write to without keys would refuse them as a FIFO queue. */
function ofFifoTopic(dice: Dice, node: DesignNode): DesignNode {
  const profile = dice.pick(['sqs', 'sqs-fifo', 'sqs-fifo']);
  const isSqs = node.fields.profile === 'sqs' || node.fields.profile === 'sqs-fifo';
  return isSqs ? node : { ...node, fields: { ...node.fields, profile } };
}

function drawTopic(dice: Dice): Record<string, Json> {
  return {
    fifoScope: dice.pick(['topic', 'message-group']),
    dedupId: dice.pick(['message', 'key', 'key']),
  };
}

/** SNS delivers to standard queues only; EventBridge to those of SQS. */
function standard(node: DesignNode, profile: string): DesignNode {
  const isFifo = profile === 'eventbridge' && node.fields.profile === 'sqs-fifo';
  return isFifo ? node : { ...node, fields: { ...node.fields, profile: 'sqs' } };
}
