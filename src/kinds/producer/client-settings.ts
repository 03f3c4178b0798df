import type { Json } from '../../design/types.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { isTransactional } from '../shared/marks.ts';
import { choiceOf, distributionOf, microsOf, numberOf, type NodeConfig } from '../shared/node-config.ts';

const MICROS_PER_MS = 1000;
/** More requests in flight than this, and the broker no longer recognises every repetition. */
const MOST_IN_FLIGHT = 5;

/** `acks`, as places in its options. */
export const ACKS = { all: 0, leader: 1, none: 2 } as const;

/** `partitioner`, as places in its options. */
export const PARTITIONER = { default: 0, ignoreKeys: 1, perBatch: 2, roundRobin: 3 } as const;

/** How a producer ends its transactions, times in microseconds. */
export interface TransactionSettings {
  /** Most messages of one, and how long it takes at most before its end. */
  size: number;
  longest: number;
  abortShare: number;
  leaveShare: number;
  timeout: number;
}

/** The settings of one Kafka client, times in microseconds. They never change during a run. */
export interface ClientSettings {
  acks: number;
  batchSize: number;
  linger: number;
  bufferMemory: number;
  maxBlock: number;
  maxInFlight: number;
  /** Sampler of round trips. */
  latency: number;
  requestTimeout: number;
  deliveryTimeout: number;
  retries: number;
  backoff: number;
  backoffMax: number;
  metadataMaxAge: number;
  isIdempotent: boolean;
  /** One of `PARTITIONER`. */
  partitioner: number;
  isAdaptive: boolean;
  /** Null for a producer without transactions. */
  transactions: TransactionSettings | null;
}

/** The settings of a producer's client; null for one that hands over each message at once. */
export function clientSettings(sim: Simulation, config: NodeConfig): ClientSettings | null {
  const { fields } = config;
  const linger = microsOf(config, 'linger');
  const requestTimeout = microsOf(config, 'requestTimeout');
  const latency = distributionOf(config, 'requestLatency');
  const settings = {
    acks: choiceOf(config, 'acks', ['all', 'leader', 'none']),
    batchSize: Math.max(1, numberOf(config, 'batchSize')),
    linger,
    bufferMemory: numberOf(config, 'bufferMemory'),
    maxBlock: microsOf(config, 'maxBlock'),
    maxInFlight: numberOf(config, 'maxInFlight'),
    latency: -1,
    requestTimeout,
    // Too short a value of the user is refused before; the default is raised without a word, as the client does.
    deliveryTimeout: Math.max(microsOf(config, 'deliveryTimeout'), linger + requestTimeout),
    retries: numberOf(config, 'retries'),
    backoff: microsOf(config, 'retryBackoff'),
    backoffMax: microsOf(config, 'retryBackoffMax'),
    metadataMaxAge: microsOf(config, 'metadataMaxAge'),
    isIdempotent: fields.idempotence !== 'off' && againstIdempotence(fields) === null,
    partitioner: choiceOf(config, 'partitioner', ['default', 'ignore-keys', 'per-batch', 'round-robin']),
    isAdaptive: fields.adaptivePartitioning === 'on',
    transactions: transactionSettings(config),
  };
  if (fields.client !== 'kafka') return null;
  settings.latency = sim.samplers.add(latency);
  sim.samplers.scale(settings.latency, MICROS_PER_MS);
  return settings;
}

function transactionSettings(config: NodeConfig): TransactionSettings | null {
  const settings = {
    size: numberOf(config, 'transactionSize'),
    longest: microsOf(config, 'transactionTime'),
    abortShare: numberOf(config, 'abortShare'),
    leaveShare: numberOf(config, 'leaveShare'),
    timeout: microsOf(config, 'transactionTimeout'),
  };
  return isTransactional(config) ? settings : null;
}

/** Which field forbids an idempotent producer, and the client's sentence; null if none does. */
export function againstIdempotence(
  fields: Readonly<Record<string, Json>>,
): { field: string; sentence: string } | null {
  if (fields.acks !== 'all') {
    return { field: 'acks', sentence: 'Must set acks to all in order to use the idempotent producer.' };
  }
  if (fields.retries === 0) {
    const sentence = 'Must set retries to non-zero when using the idempotent producer.';
    return { field: 'retries', sentence };
  }
  if ((fields.maxInFlight as number) > MOST_IN_FLIGHT) {
    const sentence = `Must set max.in.flight.requests.per.connection to at most ${MOST_IN_FLIGHT} to use the idempotent producer.`;
    return { field: 'maxInFlight', sentence };
  }
  return null;
}
