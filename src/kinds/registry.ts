import { brokerCluster } from './broker-cluster/kind.ts';
import { cloudBroker } from './cloud-broker/kind.ts';
import { consumerGroup } from './consumer-group/kind.ts';
import { database } from './database/kind.ts';
import { deadLetterQueue } from './dead-letter-queue/kind.ts';
import { eventRouter } from './event-router/kind.ts';
import { exchange } from './exchange/kind.ts';
import type { KindDefinition } from './kind.ts';
import { producer } from './producer/kind.ts';
import { queue } from './queue/kind.ts';
import { service } from './service/kind.ts';
import { topic } from './topic/kind.ts';

/** Every kind, in palette order. A kind's place in this list is its integer in a plan. */
export const KINDS: readonly KindDefinition[] = [
  producer,
  topic,
  queue,
  consumerGroup,
  database,
  deadLetterQueue,
  exchange,
  service,
  brokerCluster,
  cloudBroker,
  eventRouter,
];

const byName = new Map(KINDS.map((definition) => [definition.kind, definition]));

/** The definition of a kind, or undefined for one that this version does not know. */
export function kindDefinition(kind: string): KindDefinition | undefined {
  return byName.get(kind);
}

/** Place of a kind in `KINDS`, or -1. */
export function kindIndex(kind: string): number {
  return KINDS.findIndex((definition) => definition.kind === kind);
}
