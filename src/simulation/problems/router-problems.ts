import type { Design, DesignEdge, DesignNode, Json, Problem } from '../../design/types.ts';
import { showPath, showText } from '../../design/wording.ts';
import { resolveEdgeFields } from '../../kinds/edge-fields.ts';
import { filterField, filterOf, readFilter } from '../../kinds/event-router/content-filter.ts';
import { policyMicros } from '../../kinds/event-router/retry-plan.ts';
import { resolveFields } from '../../kinds/field-values.ts';
import { addressesOf } from '../../kinds/shared/addresses.ts';
import { edgesBy } from './connection-problems.ts';

type Fields = Readonly<Record<string, Json>>;

/** A subscription of the design. */
interface Subscription {
  edge: DesignEdge;
  path: (field: string) => string;
  router: DesignNode;
  target: DesignNode;
  profile: Json;
  fields: Fields;
}

/** An hour, in microseconds: a delivery policy may not wait longer in all. */
const LONGEST_POLICY = 3_600_000_000;

/** What SNS and EventBridge refuse, and events that reach nobody. Fields are known to be valid one by one. */
export function routerProblems(design: Design): Problem[] {
  const nodes = new Map(design.nodes.map((node) => [node.id, node]));
  const out = edgesBy(design.edges, 'from');
  const into = edgesBy(design.edges, 'to');
  return design.nodes.flatMap((router) => {
    if (router.kind !== 'event-router') return [];
    const { profile } = resolveFields(router);
    const edges = (out.get(router.id) ?? []).filter(({ fromPort }) => fromPort === 'out');
    const subscriptions = edges.map((edge): Subscription => {
      const target = nodes.get(edge.to)!;
      const fields = resolveEdgeFields(edge, { from: router, to: target });
      const path = (field: string) => showPath(['edges', design.edges.indexOf(edge), 'fields', field]);
      return { edge, path, router, target, profile, fields };
    });
    const found = subscriptions.flatMap((of) => [
      ...filterProblems(of),
      ...targetProblems(of),
      ...policyProblems(of),
    ]);
    const writers = (into.get(router.id) ?? []).map(({ from }) => nodes.get(from)!);
    found.push(...groupIdProblems(router, profile, writers));
    if (found.some(({ severity }) => severity === 'error')) return found;
    const hasDeadLetters = (out.get(router.id) ?? []).some(({ fromPort }) => fromPort === 'dead');
    return [
      ...found,
      ...(hasDeadLetters ? [] : subscriptions.flatMap(droppedProblems)),
      ...writers.flatMap((writer) => unmatchedProblems(writer, router, subscriptions)),
    ];
  });
}

function about({ edge, path, router, target }: Subscription, field: string, sentence: string) {
  return { message: `${router.name} → ${target.name}: ${sentence}`, path: path(field), edge: edge.id, field };
}

function filterProblems(of: Subscription): Problem[] {
  const field = filterField(of.profile);
  const text = of.fields[field] as string;
  const reading = readFilter(text, of.profile);
  if ('filter' in reading) return [];
  const answer =
    field === 'eventPattern'
      ? 'InvalidEventPatternException: Event pattern is not valid'
      : 'Invalid parameter: FilterPolicy';
  const sentence = `found ${showText(text)}, which is refused since ${reading.refused}. AWS answers: ${answer}.`;
  return [{ severity: 'error', code: 'filter-refused', ...about(of, field, sentence) }];
}

function targetProblems(of: Subscription): Problem[] {
  const { target, profile, fields } = of;
  if (target.kind !== 'cloud-broker') return profile === 'sns-fifo' ? pushedByFifo(of) : [];
  const broker = resolveFields(target).profile;
  const refuse = (code: string, field: string, sentence: string): Problem[] => [
    { severity: 'error', code, ...about(of, field, sentence) },
  ];
  if (profile === 'sns-fifo' && broker === 'sqs') {
    const sentence = 'a standard queue keeps neither the order of a FIFO topic, nor out what comes twice.';
    return [{ severity: 'info', code: 'order-lost', ...about(of, 'filterPolicy', sentence) }];
  }
  if (broker !== 'sqs' && broker !== 'sqs-fifo') {
    return refuse('no-sqs-queue', 'endpoint', `found ${broker as string}, expected a queue of SQS.`);
  }
  if (profile !== 'sns') return [];
  if (broker === 'sqs-fifo') {
    const sentence =
      'found a FIFO queue at a standard topic. SNS answers: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics.';
    return refuse('fifo-queue-subscribed', 'endpoint', sentence);
  }
  if (fields.endpoint !== 'http') return [];
  return refuse(
    'queue-over-http',
    'endpoint',
    'found the endpoint HTTP/S, expected SQS, as this is a queue.',
  );
}

/** A FIFO topic has no other subscribers than queues. */
function pushedByFifo(of: Subscription): Problem[] {
  const sentence = `found ${of.target.name}, expected a queue of SQS. SNS delivers the messages of a FIFO topic to queues only; a function reads one of those.`;
  return [{ severity: 'error', code: 'fifo-topic-pushes', ...about(of, 'filterPolicy', sentence) }];
}

/** Every message to a FIFO topic must say which group it is of. */
function groupIdProblems(router: DesignNode, profile: Json, writers: readonly DesignNode[]): Problem[] {
  if (profile !== 'sns-fifo') return [];
  const keyless = writers.find((writer) => resolveFields(writer).keys === 'none');
  if (!keyless) return [];
  const message = `${keyless.name}: found no keys, expected some, as they are the MessageGroupId for ${router.name}. SNS answers: Invalid parameter: The MessageGroupId parameter is required for FIFO topics.`;
  return [{ severity: 'error', code: 'no-message-group', message, node: keyless.id, field: 'keys' }];
}

/** What SNS asks of a delivery policy. */
function policyProblems(of: Subscription): Problem[] {
  const { profile, fields } = of;
  if (profile !== 'sns' || fields.endpoint !== 'http') return [];
  const refuse = (field: string, sentence: string): Problem[] => [
    {
      severity: 'error',
      code: 'delivery-policy-refused',
      ...about(of, field, `${sentence} SNS answers: Invalid parameter: DeliveryPolicy.`),
    },
  ];
  const number = (field: string) => Number(fields[field]);
  const phases = number('numNoDelayRetries') + number('numMinDelayRetries') + number('numMaxDelayRetries');
  if (phases > number('numRetries')) {
    return refuse(
      'numRetries',
      `found ${phases} retries in the phases, expected at most all ${number('numRetries')}.`,
    );
  }
  if (number('minDelayTarget') > number('maxDelayTarget')) {
    return refuse('minDelayTarget', 'found a least wait longer than the longest.');
  }
  const seconds = policyMicros(fields) / 1e6;
  if (seconds * 1e6 <= LONGEST_POLICY) return [];
  return refuse('numRetries', `found ${Math.round(seconds)} s of waiting in all, expected at most 3600 s.`);
}

/** A call that fails for good is lost where there is no dead-letter queue. */
function droppedProblems(of: Subscription): Problem[] {
  if (of.target.kind !== 'service') return [];
  const sentence = 'what it gives up is lost, as this subscription has no dead-letter queue.';
  return [{ severity: 'info', code: 'no-dead-letter-edge', ...about(of, 'deadLetters', sentence) }];
}

/** Routing keys of a producer that no filter takes. */
function unmatchedProblems(
  writer: DesignNode,
  router: DesignNode,
  subscriptions: readonly Subscription[],
): Problem[] {
  const fields = resolveFields(writer);
  if (typeof fields.routingKey !== 'string' || subscriptions.length === 0) return [];
  const { addresses } = addressesOf({ kind: writer.kind, id: writer.id, fields, messageType: 0 });
  const filters = subscriptions.map((of) => filterOf(of.profile, of.fields));
  const lost = addresses.filter((address) => !filters.some((takes) => takes(address)));
  if (lost.length === 0) return [];
  const keys = lost.slice(0, 3).map(({ routingKey }) => showText(routingKey));
  const more = lost.length > 3 ? ` and ${lost.length - 3} more` : '';
  const what =
    lost.length === addresses.length ? 'every event' : `what has the routing key ${keys.join(' or ')}${more}`;
  const message = `${writer.name} → ${router.name}: ${what} reaches nobody, as no filter takes it.`;
  return [{ severity: 'warning', code: 'unmatched', message, node: router.id }];
}
