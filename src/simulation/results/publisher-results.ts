import { CONNECTION_STATES, type ConnectionState } from '../../kinds/producer/connection-states.ts';
import type { RunKinds } from '../../kinds/run-kinds.ts';
import { toMs } from '../time.ts';

/** A producer with a RabbitMQ client: what its connection does, and how the broker answered. Counts cover the whole run. */
export interface PublisherResults {
  connection: ConnectionState;
  /** Since when it is in that state. */
  sinceMs: number;
  /** Messages without a confirm yet; always 0 without confirms. */
  outstanding: number;
  confirmed: number;
  /** Refused by a full queue (nack). */
  refused: number;
  /** Unroutable ones that came back; they are confirmed all the same. */
  returned: number;
}

/** The figures of a publisher; null for any other node. */
export function publisherResults({ kinds }: { kinds: RunKinds }, node: number): PublisherResults | null {
  const { publishers } = kinds.producers;
  if (!publishers?.isPublisher(node)) return null;
  const { state, since } = publishers.connection(node);
  return { connection: CONNECTION_STATES[state], sinceMs: toMs(since), ...publishers.counts(node) };
}
