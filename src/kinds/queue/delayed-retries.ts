import type { Simulation } from '../../engine/simulation.ts';
import { SlotPool } from '../../lib/slot-pool.ts';
import { GIVEN_BACK } from '../shared/given-back.ts';
import { microsOf, type NodeConfig } from '../shared/node-config.ts';
import { delaysRetries, deliveryLimitOf } from './queue-order.ts';

/** Event type of a queue: a message has waited for its retry. Its argument is the place of the message. */
export const RETRY_DUE = 3;

const NONE = -1;
const FIRST = 64;
/** More than messages may be alive. */
const MOST = 16_000_000;
const MOST_RETURNS = 0xffff;

/** How one queue delays retries, in microseconds. */
interface Rule {
  type: string;
  min: number;
  max: number;
  /** It has no delivery limit, so nobody else counts what comes back. */
  counts: boolean;
}

/** Those of the queues that delay retries; null if none does. */
export function delayedRetries(sim: Simulation, configs: readonly NodeConfig[]): DelayedRetries | null {
  return configs.some(delaysRetries) ? new DelayedRetries(sim, configs) : null;
}

/**
 * Messages that came back to quorum queues with a delay and are not ready yet: for min(min × count, max), where count
 * is how often a consumer failed at the message (RabbitMQ 4.3, docs/quorum-queues, "Delayed Retry"). What was only let
 * go of is not counted, so it waits for the shortest delay at least. Made only where a design has such a queue.
 */
export class DelayedRetries {
  private readonly rules: ReadonlyMap<number, Rule>;
  private readonly places: SlotPool;
  /** Of each place: its message, NONE for a free one, and the queue that it is of. */
  private message = new Int32Array();
  private queue = new Int32Array();
  /** Messages of each queue. */
  private count = new Int32Array();

  constructor(sim: Simulation, configs: readonly NodeConfig[]) {
    const { columns, plan } = sim;
    columns.i32(this, 'message', FIRST).fill(NONE);
    columns.i32(this, 'queue', FIRST);
    columns.i32(this, 'count', plan.nodeCount);
    this.places = new SlotPool(columns, FIRST, MOST, 'messages that wait for their retry');
    this.places.onGrow = (size) => {
      const before = this.message.length;
      columns.grow(this, 'message', size);
      columns.grow(this, 'queue', size);
      this.message.fill(NONE, before);
    };
    this.rules = new Map(
      configs.flatMap((config, node) => (delaysRetries(config) ? [[node, ruleOf(config)]] : [])),
    );
  }

  /** A message that a consumer gave back in this way is held, if its queue does so; false if it is ready at once. */
  hold(sim: Simulation, node: number, way: number, message: number): boolean {
    const rule = this.rules.get(node)!;
    const { returns } = sim.messages;
    const hasFailed = way !== GIVEN_BACK.released;
    if (rule.counts && hasFailed && returns[message] < MOST_RETURNS) returns[message]++;
    if (rule.type !== 'all' && rule.type !== (hasFailed ? 'failed' : 'returned')) return false;
    const place = this.places.take();
    this.message[place] = message;
    this.queue[place] = node;
    this.count[node]++;
    const delay = Math.min(rule.min * Math.max(1, returns[message]), rule.max);
    sim.after(delay, node, RETRY_DUE, place);
    return true;
  }

  /** The time of the message at a place is over; returns the message. */
  release(place: number): number {
    const message = this.message[place];
    this.message[place] = NONE;
    this.count[this.queue[place]]--;
    this.places.give(place);
    return message;
  }

  /** How many messages of a queue wait for their retry. */
  waiting(node: number): number {
    return this.count[node];
  }

  /** The same messages, found one by one. */
  messagesIn(node: number): number[] {
    return [...this.message].filter((message, place) => message !== NONE && this.queue[place] === node);
  }

  /** The message at a place, -1 for none. */
  messageAt(place: number): number {
    return this.message[place];
  }
}

function ruleOf(config: NodeConfig): Rule {
  return {
    type: config.fields.delayedRetryType as string,
    min: microsOf(config, 'delayedRetryMin'),
    max: microsOf(config, 'delayedRetryMax'),
    counts: deliveryLimitOf(config) === 0,
  };
}
