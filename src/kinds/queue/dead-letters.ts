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
  /** 1 while the first of a queue is offered; never so between events. */
  private readonly isOffering: Uint8Array;
  /** Of each node, how many died for each reason. */
  private counts = new Float64Array();

  constructor(sim: Simulation, role: Uint8Array, addresses: Addresses) {
    this.addresses = addresses;
    const { columns, plan } = sim;
    this.edges = edgesByRole(plan, role, 'out', [EDGE_ROLE.dead]);
    this.lists = new MessageLists(columns, sim.messages, plan.nodeCount);
    this.isOffering = new Uint8Array(plan.nodeCount);
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
    this.lists.push(node, message);
    const isAlone = this.lists.length(node) === 1 && this.isOffering[node] === 0;
    if (isAlone) this.sendOn(sim, node, this.edges.edges[place]);
  }

  /** There is room for the first of those that wait; false if there was none after all. */
  room(sim: Simulation, node: number, edge: number, tag: number): boolean {
    if (placeOf(tag) >= 0) return this.safe!.room(sim, node, edge, placeOf(tag));
    if (!this.offerFirst(node, (message) => sim.resend(edge, message, tag))) return false;
    sim.metrics.count(node, METRIC.out);
    this.sendOn(sim, node, edge);
    return true;
  }

  /** Sends those that wait, up to the first that is not taken; that one stands in line. */
  private sendOn(sim: Simulation, node: number, edge: number): void {
    while (this.lists.length(node) > 0) {
      if (!this.offerFirst(node, (message) => sim.send(edge, message, 0))) return;
      sim.metrics.count(node, METRIC.out);
    }
  }

  /**
   * Offers the first of those that wait; false if it was not taken and is the first again. It is out of the list by
   * then, as its target threads it into a list of its own. What dies here meanwhile, as dead letters come round in a
   * circle, waits behind it.
   */
  private offerFirst(node: number, offer: (message: number) => boolean): boolean {
    const message = this.lists.shift(node);
    this.isOffering[node] = 1;
    const isTaken = offer(message);
    this.isOffering[node] = 0;
    if (!isTaken) this.lists.pushFront(node, message);
    return isTaken;
  }
}
