import type { Design, DesignNode, Json, Problem } from '../../design/types.ts';
import { showText } from '../../design/wording.ts';
import { readBackOff } from '../../kinds/cloud-broker/profiles.ts';
import { hasOneConsumer } from '../../kinds/shared/one-consumer.ts';
import { resolveFields } from '../../kinds/field-values.ts';
import { edgesBy } from './connection-problems.ts';

type Fields = Record<string, Json>;

/** What a managed broker refuses, and what surprises whoever uses it. Fields are known to be valid one by one. */
export function cloudProblems(design: Design): Problem[] {
  const nodes = new Map(design.nodes.map((node) => [node.id, node]));
  const into = edgesBy(design.edges, 'to');
  const out = edgesBy(design.edges, 'from');
  return design.nodes.flatMap((node, at) => {
    if (node.kind !== 'cloud-broker') return [];
    const fields = resolveFields(node);
    const writers = (into.get(node.id) ?? []).flatMap(({ from }) => nodes.get(from) ?? []);
    const edges = out.get(node.id) ?? [];
    const readers = edges.flatMap(({ to, fromPort }) => (fromPort === 'out' ? (nodes.get(to) ?? []) : []));
    const hasDeadLetters = edges.some(({ fromPort }) => fromPort === 'dead');
    return [
      ...backOffProblems(node, fields, `nodes[${at}].fields.backOff`),
      ...groupIdProblems(node, fields, writers),
      ...limitProblems(node, fields, hasDeadLetters),
      ...readers.flatMap((reader) => slowReader(node, fields, reader)),
      ...readers.flatMap((reader) => busyProblems(node, fields, reader)),
    ];
  });
}

/** The server refuses a consumer whose BackOff list is longer than MaxDeliver. */
function backOffProblems(
  node: DesignNode,
  { profile, backOff, maxDeliver }: Fields,
  path: string,
): Problem[] {
  if (profile !== 'jetstream') return [];
  const list = readBackOff(backOff as string);
  const about = { severity: 'error', node: node.id, field: 'backOff', path } as const;
  if (list === null) {
    const message = `${node.name}: found the back-off ${showText(backOff as string)}, expected seconds with commas between them, such as 1, 5, 10, each from 0.001 to 86,400.`;
    return [{ ...about, code: 'back-off-not-read', message }];
  }
  if (maxDeliver === 0 || list.length <= Number(maxDeliver)) return [];
  const message = `${node.name}: found a back-off of ${list.length} steps, expected at most ${Number(maxDeliver)}. The server answers: max deliver is required to be > length of backoff values.`;
  return [{ ...about, code: 'back-off-too-long', message }];
}

/** Every message to a FIFO queue must say which group it is of. */
function groupIdProblems(node: DesignNode, { profile }: Fields, writers: readonly DesignNode[]): Problem[] {
  if (profile !== 'sqs-fifo') return [];
  const keyless = writers.find((writer) => resolveFields(writer).keys === 'none');
  if (!keyless) return [];
  const message = `${keyless.name}: found no keys, expected some, as they are the MessageGroupId for ${node.name}. SQS answers: The request must contain the parameter MessageGroupId.`;
  return [{ severity: 'error', code: 'no-message-group', message, node: keyless.id, field: 'keys' }];
}

/** A limit without dead letters loses messages; dead letters without a limit never come. */
function limitProblems(node: DesignNode, fields: Fields, hasDeadLetters: boolean): Problem[] {
  const { profile, maxReceiveCount, maxDeliver, maxRedeliverCount } = fields;
  const field =
    { jetstream: 'maxDeliver', pulsar: 'maxRedeliverCount' }[profile as string] ?? 'maxReceiveCount';
  const limit = { maxReceiveCount, maxDeliver, maxRedeliverCount }[field];
  const warn = (code: string, message: string): Problem[] => [
    { severity: 'warning', code, message, node: node.id, field },
  ];
  if (hasOneConsumer(profile, fields.subscription)) {
    if (limit === 0 && !hasDeadLetters) return [];
    return warn(
      'dead-letters-never',
      `${node.name}: nothing becomes a dead letter, as Pulsar has dead letters for Shared and Key_Shared subscriptions only.`,
    );
  }
  if (limit !== 0 && !hasDeadLetters && profile !== 'jetstream') {
    return warn(
      'no-dead-letter-edge',
      `${node.name} has nowhere to put dead letters: what fails too often is lost.`,
    );
  }
  if (limit === 0 && hasDeadLetters) {
    return warn(
      'dead-letters-never',
      `${node.name}: nothing becomes a dead letter, as messages are delivered without a limit.`,
    );
  }
  return [];
}

/** An Exclusive subscription has one consumer; the run goes on without the others, as the system would. */
function busyProblems(node: DesignNode, fields: Fields, reader: DesignNode): Problem[] {
  const { members } = resolveFields(reader);
  if (fields.profile !== 'pulsar' || fields.subscription !== 'exclusive' || Number(members) <= 1) return [];
  const message = `${reader.name}: found ${Number(members)} members, expected 1, as its subscription of ${node.name} is Exclusive: the others do nothing. Pulsar answers them: ConsumerBusy, Exclusive consumer is already connected.`;
  return [{ severity: 'warning', code: 'consumer-busy', message, node: reader.id, field: 'members' }];
}

/** Work that takes longer than the broker waits is begun a second time. */
function slowReader(node: DesignNode, fields: Fields, reader: DesignNode): Problem[] {
  const { profile, visibilityTimeout, ackWait, ackTimeout, backOff } = fields;
  if (profile === 'jetstream' && backOff !== '') return [];
  const field = { jetstream: 'ackWait', pulsar: 'ackTimeout' }[profile as string] ?? 'visibilityTimeout';
  const waits = Number({ visibilityTimeout, ackWait, ackTimeout }[field]);
  const { shape, mean } = resolveFields(reader).serviceTime as { shape: string; mean: number };
  if (shape !== 'constant' || waits === 0 || mean <= waits) return [];
  const message = `${reader.name} needs longer for a message than ${node.name} waits for its acknowledgement: every message is done again and again.`;
  return [{ severity: 'warning', code: 'slower-than-timeout', message, node: node.id, field }];
}
