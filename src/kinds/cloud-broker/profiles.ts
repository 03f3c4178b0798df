import { readSubjects } from './subjects.ts';
import { hasOneConsumer } from '../shared/one-consumer.ts';
import { choiceOf, microsOf, numberOf, type NodeConfig } from '../shared/node-config.ts';

export const PROFILES = ['sqs', 'sqs-fifo', 'jetstream', 'pulsar'] as const;
/** SQS FIFO recognises a deduplication id for five minutes; nobody can set that. */
const FIFO_DEDUP_MICROS = 300_000_000;
const DEDUP_IDS = ['message', 'key'] as const;
const SUBSCRIPTIONS = ['shared', 'key-shared', 'exclusive', 'failover'] as const;
const MICROS_PER_SECOND = 1e6;

/** What an acknowledgement must be to count: the newest receipt, that and in time, or any. */
export const RECEIPT = { newest: 0, inTime: 1, any: 2 } as const;

/** What a profile comes to: the switches that make one broker another, times in microseconds. */
export interface Rules {
  /** Each consumer group has all messages for itself; else groups compete for them. */
  perGroup: boolean;
  /** One message of a key at a time, in order. */
  byKey: boolean;
  /** One consumer of a subscription at a time, who gets everything again from the first that it did not acknowledge. */
  inOrder: boolean;
  /** What comes back goes before all others of its line; else to the end. */
  returnsFirst: boolean;
  receipt: number;
  /** How long a delivered message stays with its consumer, Infinity for ever; by delivery, the last one for all later. */
  visibility: readonly number[];
  /** The same from when its consumer begins to work on it (Pulsar's client), Infinity for ever. */
  ackTimeout: number;
  /** Most deliveries of a message, Infinity for any number. */
  maxDeliveries: number;
  /** The limit is looked at when a message is to be delivered once more; else when its last delivery has run out. */
  limitOnDelivery: boolean;
  /** Wait after a consumer said no. */
  nackDelay: number;
  /** Wait after a consumer gave a message up, Infinity for none of its own: then the visibility goes on. */
  refusedDelay: number;
  /** Wait after a consumer died, Infinity for none of its own: then the visibility goes on. */
  crashDelay: number;
  delay: number;
  retention: number;
  maxInFlight: number;
  /** 0 for no deduplication. */
  dedupWindow: number;
  dedupByKey: boolean;
  /** Share of deliveries that are made twice. */
  duplicateShare: number;
  /** What no consumer takes stays; else it is dropped at once. Only a stream with subjects has such messages. */
  keepsRest: boolean;
}

/** The rules of a node. Reads every field, as each is of one profile or another. */
export function rulesOf(config: NodeConfig): Rules {
  const profile = PROFILES[choiceOf(config, 'profile', PROFILES)];
  const all = readFields(config);
  const common = {
    dedupByKey: all.dedupByKey,
    duplicateShare: profile === 'sqs' ? all.duplicateShare : 0,
    keepsRest: profile === 'jetstream' && all.keepsRest && all.hasSubjects,
    ackTimeout: profile === 'pulsar' && all.ackTimeout > 0 ? all.ackTimeout : Infinity,
  };
  switch (profile) {
    case 'jetstream':
      return { ...jetStream(all), ...common };
    case 'pulsar':
      return { ...pulsar(all), ...common };
    default:
      return { ...sqs(all, profile === 'sqs-fifo'), ...common };
  }
}

type Rest = Omit<Rules, 'dedupByKey' | 'duplicateShare' | 'keepsRest' | 'ackTimeout'>;

function sqs(all: ReturnType<typeof readFields>, isFifo: boolean): Rest {
  return {
    perGroup: false,
    byKey: isFifo,
    inOrder: false,
    returnsFirst: isFifo,
    receipt: isFifo ? RECEIPT.inTime : RECEIPT.newest,
    visibility: [all.visibilityTimeout],
    maxDeliveries: all.maxReceiveCount || Infinity,
    limitOnDelivery: true,
    nackDelay: 0,
    refusedDelay: Infinity,
    crashDelay: Infinity,
    delay: all.delaySeconds,
    retention: all.retentionPeriod,
    maxInFlight: all.inFlightLimit,
    dedupWindow: isFifo ? FIFO_DEDUP_MICROS : 0,
  };
}

function jetStream(all: ReturnType<typeof readFields>): Rest {
  return {
    perGroup: true,
    byKey: false,
    inOrder: false,
    returnsFirst: true,
    receipt: RECEIPT.any,
    visibility: all.backOff.length > 0 ? all.backOff : [all.ackWait],
    maxDeliveries: all.maxDeliver || Infinity,
    limitOnDelivery: false,
    nackDelay: 0,
    refusedDelay: Infinity,
    crashDelay: Infinity,
    delay: 0,
    retention: all.maxAge || Infinity,
    maxInFlight: all.maxAckPending || Infinity,
    dedupWindow: all.duplicateWindow,
  };
}

function pulsar(all: ReturnType<typeof readFields>): Rest {
  const inOrder = hasOneConsumer('pulsar', all.subscription);
  // The client counts redeliveries of shared subscriptions only, so others have no dead letters.
  const most = inOrder ? 0 : all.maxRedeliverCount;
  return {
    perGroup: true,
    byKey: all.subscription === 'key-shared',
    inOrder,
    returnsFirst: true,
    receipt: RECEIPT.any,
    visibility: [Infinity],
    maxDeliveries: most > 0 ? most + 1 : Infinity,
    limitOnDelivery: true,
    nackDelay: all.negativeAckDelay,
    refusedDelay: all.negativeAckDelay,
    crashDelay: 0,
    delay: 0,
    retention: Infinity,
    maxInFlight: all.maxUnacked || Infinity,
    dedupWindow: 0,
  };
}

function readFields(config: NodeConfig) {
  return {
    visibilityTimeout: microsOf(config, 'visibilityTimeout'),
    maxReceiveCount: numberOf(config, 'maxReceiveCount'),
    delaySeconds: microsOf(config, 'delaySeconds'),
    retentionPeriod: microsOf(config, 'retentionPeriod'),
    inFlightLimit: numberOf(config, 'inFlightLimit'),
    duplicateShare: numberOf(config, 'duplicateShare'),
    dedupByKey: choiceOf(config, 'dedupId', DEDUP_IDS) === 1,
    ackWait: microsOf(config, 'ackWait'),
    backOff: readBackOff(config.fields.backOff as string) ?? [],
    maxDeliver: numberOf(config, 'maxDeliver'),
    maxAckPending: numberOf(config, 'maxAckPending'),
    maxAge: microsOf(config, 'maxAge'),
    duplicateWindow: microsOf(config, 'duplicateWindow'),
    subscription: SUBSCRIPTIONS[choiceOf(config, 'subscription', SUBSCRIPTIONS)],
    negativeAckDelay: microsOf(config, 'negativeAckDelay'),
    ackTimeout: microsOf(config, 'ackTimeout'),
    maxRedeliverCount: numberOf(config, 'maxRedeliverCount'),
    maxUnacked: numberOf(config, 'maxUnacked'),
    keepsRest: config.fields.retention !== 'interest',
    hasSubjects: readSubjects(config.fields.subjects as string).length > 0,
  };
}

/** Seconds as text, such as `1, 5, 10`, in microseconds; empty for none, null for what is no such list. */
export function readBackOff(text: string): number[] | null {
  if (text.trim() === '') return [];
  const seconds = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const isFine = seconds.every((value) => value >= 0.001 && value <= 86_400);
  return isFine ? seconds.map((value) => Math.round(value * MICROS_PER_SECOND)) : null;
}
