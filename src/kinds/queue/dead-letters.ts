import { METRIC } from '../../engine/metrics.ts';
import { MessageLists } from '../../engine/message-lists.ts';
import { MESSAGE_FLAG } from '../../engine/messages.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import type { Addresses } from '../shared/addresses.ts';
import { DEATH, recordDeath } from '../shared/deaths.ts';
import { EDGE_ROLE, edgesByRole, type EdgeRows } from '../shared/edge-roles.ts';
import { placeOf, type SafeLetters } from './safe-letters.ts';

const REASONS_SHIFT = 2;

/**
 * Messages that die in a queue: they go where its dead letters go, in order, and wait there in line if that is full.
 * Where no edge leads on, or the queue does not want it, they end.
 */
export class DeadLetters {
  private readonly lists: MessageLists;
  readonly edges: EdgeRows;
  /** Those of queues that dead-letter at least once; null if none does. Set by the queues. */
  safe: SafeLetters | null = null;
  private readonly addresses: Addresses;
  /** Of each node, how many died for each reason. */
  private counts = new Float64Array();

  constructor(sim: Simulation, role: Uint8Array, addresses: Addresses) {
    this.addresses = addresses;
    const { columns, plan } = sim;
    this.edges = edgesByRole(plan, role, 'out', [EDGE_ROLE.dead]);
    this.lists = new MessageLists(columns, sim.messages, plan.nodeCount);
    columns.f64(this, 'counts', plan.nodeCount << REASONS_SHIFT);
  }

  /** Messages of a queue that stand before a full target, or that no target has confirmed. */
  waiting(node: number): number {
    return this.lists.length(node) + (this.safe === null ? 0 : this.safe.waiting(node));
  }

  walk(node: number): number {
    return this.lists.walk(node) + (this.safe?.walk(node) ?? 0);
  }

  /** How many messages died in a queue for a reason. */
  count(node: number, reason: number): number {
    return this.counts[(node << REASONS_SHIFT) | reason];
  }

  /** A message that lies in no list any more dies; `isKept` if it goes to the dead letters where there are any. */
  die(sim: Simulation, node: number, message: number, reason: number, isKept: boolean): void {
    const { messages, metrics } = sim;
    this.counts[(node << REASONS_SHIFT) | reason]++;
    const place = this.edges.start[node];
    if (!isKept || place === this.edges.start[node + 1]) {
      const expired = reason === DEATH.expired;
      metrics.count(node, expired ? METRIC.expired : METRIC.dropped);
      if (sim.trace.messages) {
        const code = expired ? TRACE.expired : TRACE.dropped;
        sim.trace.add(sim.now, code, node, messages.serial[message], reason, 0);
      }
      messages.free(message);
      return;
    }
    const count = messages.deaths.length > 0 ? recordDeath(messages, message, node, reason) : 1;
    messages.sayFailed(message, reason, messages.attempts[message]);
    messages.attempts[message] = 0;
    messages.flags[message] &= ~(MESSAGE_FLAG.redelivered | MESSAGE_FLAG.rejected);
    messages.flags[message] |= MESSAGE_FLAG.dying;
    // What expired once by a time of its own does not do so again.
    if (messages.ttl.length > 0) messages.ttl[message] = Infinity;
    if (messages.returns.length > 0) messages.returns[message] = 0;
    const becomes =
      messages.address.length > 0 ? this.addresses.deadOf(node, messages.address[message]) : null;
    if (becomes !== null) messages.address[message] = becomes;
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.deadLettered, node, messages.serial[message], reason, count);
    }
    if (this.safe?.has(node)) {
      this.safe.add(sim, node, message);
      return;
    }
    const isFirst = this.lists.length(node) === 0;
    if (isFirst && sim.send(this.edges.edges[place], message, 0)) metrics.count(node, METRIC.out);
    else this.lists.push(node, message);
  }

  /** There is room for the first of those that wait; false if there was none after all. */
  room(sim: Simulation, node: number, edge: number, tag: number): boolean {
    const { lists } = this;
    if (placeOf(tag) >= 0) return this.safe!.room(sim, node, edge, placeOf(tag));
    // Taken out before the offer, as its target threads it into a list of its own.
    let message = lists.shift(node);
    if (!sim.resend(edge, message, tag)) {
      lists.pushFront(node, message);
      return false;
    }
    sim.metrics.count(node, METRIC.out);
    while (lists.length(node) > 0) {
      message = lists.shift(node);
      if (!sim.send(edge, message, 0)) {
        lists.pushFront(node, message);
        break;
      }
      sim.metrics.count(node, METRIC.out);
    }
    return true;
  }
}
