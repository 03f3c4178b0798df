import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import type { NodeBehavior, NodeGauge } from '../node-behavior.ts';
import type { Addresses } from '../shared/addresses.ts';
import { DeadLine } from '../shared/dead-line.ts';
import { EDGE_ROLE } from '../shared/edge-roles.ts';
import { LETTER_REASON } from '../shared/letter-reasons.ts';
import type { NodeConfig } from '../shared/node-config.ts';
import { filterOf, type Filter } from './content-filter.ts';
import { Deliveries } from './deliveries.ts';
import type { FifoTopicResults } from './fifo-routers.ts';
import { retryPlan, type RetryPlan } from './retry-plan.ts';
import { SUBSCRIPTION_COUNT, SubscriptionCounts, type SubscriptionResults } from './subscription-counts.ts';

const NONE = -1;
/** Event types, with a delivery: it is tried again; it has waited long enough for an answer. */
const RETRY = 0;
const SILENCE = 1;
/** Why an event is dropped, as the trace says it: no filter took it, the subscription gave it up, or it is a repetition. */
export const ROUTER_LOSS = { unmatched: 0, givenUp: 1, repeated: 2 } as const;
/** What the page shows of all subscriptions of a router together, behind the events that no filter took. */
const SHOWN = ['timeouts', 'deadLettered', 'dropped'] as const;
/** `Messages.tries` has a byte. */
const MOST_TRIES = 255;

/** What an event router asks of the network. */
interface Network {
  isCut(edge: number): boolean;
  /** The router no longer stands in line before the end of an edge. */
  leftLine(sim: Simulation, edge: number): void;
}

/** A subscription: its edge, what it takes, and how it is tried again. */
export interface Subscription {
  edge: number;
  takes: Filter;
  plan: RetryPlan;
  /** Whether the target answers, so that the message stays here until then. */
  isCalled: boolean;
  hasDeadLetters: boolean;
}

/**
 * Event routers: every event goes at once to each subscription that takes it, a copy each. What a target takes for sure
 * is gone; a call keeps its copy here until it is answered, and what fails is tried again by the plan of its edge.
 */
export class EventRouters implements NodeBehavior {
  readonly counts: SubscriptionCounts;
  protected readonly deliveries: Deliveries;
  private readonly dead: DeadLine;
  private readonly addresses: Addresses;
  private readonly role: Uint8Array;
  private readonly profiles: readonly Json[];
  private readonly edgeFields: readonly Readonly<Record<string, Json>>[];
  protected readonly subscriptions = new Map<number, readonly Subscription[]>();
  private readonly ofEdge: Subscription[] = [];
  /** By router, then by address: who takes it. What never changes need not be worked out twice. */
  private readonly takers: (readonly Subscription[] | undefined)[][] = [];
  protected network: Network = { isCut: () => false, leftLine: () => {} };

  constructor(
    sim: Simulation,
    configs: readonly NodeConfig[],
    nodes: readonly number[],
    role: Uint8Array,
    edgeFields: readonly Readonly<Record<string, Json>>[],
    addresses: Addresses,
  ) {
    const { columns, plan } = sim;
    this.addresses = addresses;
    this.role = role;
    this.edgeFields = edgeFields;
    this.profiles = configs.map(({ fields }, node) => (nodes.includes(node) ? fields.profile : ''));
    this.counts = new SubscriptionCounts(columns, nodes.length === 0 ? 0 : plan.edgeCount, plan.nodeCount);
    this.deliveries = new Deliveries(columns);
    this.dead = new DeadLine(sim, role);
    for (const node of nodes) {
      const edges = plan.outEdges.subarray(plan.outStart[node], plan.outStart[node + 1]);
      const own = [...edges].filter((edge) => role[edge] !== EDGE_ROLE.dead);
      this.subscriptions.set(
        node,
        own.map((edge) => this.subscribe(node, edge)),
      );
      this.takers[node] = [];
    }
  }

  /** Set once, as the network is built after the kinds. */
  sendOver(network: Network): void {
    this.network = network;
  }

  offer(sim: Simulation, node: number, message: number): boolean {
    const { messages, metrics } = sim;
    metrics.count(node, METRIC.in);
    messages.enteredAt[message] = sim.now;
    const takers = this.takersOf(node, messages.address[message]);
    if (takers.length === 0) {
      this.counts.unmatched(node);
      this.drop(sim, node, message, ROUTER_LOSS.unmatched);
      return true;
    }
    for (let place = 0; place < takers.length; place++) {
      const isLast = place === takers.length - 1;
      const copy = isLast ? message : messages.copy(message);
      if (!isLast) {
        metrics.copied++;
        this.counts.fanned(node);
      }
      this.deliver(sim, node, takers[place], copy);
    }
    return true;
  }

  /** A call is answered, maybe too late for its delivery. */
  reply(sim: Simulation, node: number, edge: number, call: number, succeeded: boolean): void {
    const delivery = this.deliveries.endCall(call);
    if (delivery === NONE) {
      this.counts.add(edge, SUBSCRIPTION_COUNT.late);
      return;
    }
    this.stopTimer(sim, delivery);
    if (!succeeded) {
      this.failed(sim, node, delivery);
      return;
    }
    const { messages, metrics } = sim;
    const message = this.deliveries.message[delivery];
    this.deliveries.close(delivery);
    this.counts.add(edge, SUBSCRIPTION_COUNT.delivered);
    metrics.count(node, METRIC.out);
    metrics.acknowledge(node, sim.now - messages.bornAt[message]);
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.acknowledged, node, messages.serial[message], 0, 0);
    }
    messages.free(message);
  }

  fire(sim: Simulation, node: number, type: number, delivery: number): void {
    this.deliveries.timer[delivery] = NONE;
    if (type === RETRY) {
      sim.metrics.queuedBy(node, -1);
      sim.metrics.count(node, METRIC.retries);
      this.counts.add(this.deliveries.edge[delivery], SUBSCRIPTION_COUNT.retries);
      this.attempt(sim, node, delivery);
      return;
    }
    this.deliveries.forsakeCall(delivery);
    this.counts.add(this.deliveries.edge[delivery], SUBSCRIPTION_COUNT.timeouts);
    this.failed(sim, node, delivery);
  }

  /** There is room for the first of the dead letters that wait. */
  room(sim: Simulation, node: number, edge: number, tag: number): void {
    this.dead.room(sim, node, edge, tag);
  }

  setField(): void {}

  inject(): void {}

  heal(): void {}

  gauge(sim: Simulation, node: number, into: NodeGauge): void {
    into.amount = sim.metrics.of(node, METRIC.queued);
  }

  held(_sim: Simulation, node: number): number {
    const own = this.subscriptions.get(node) ?? [];
    return own.reduce((sum, { edge }) => sum + this.deliveries.walk(edge), this.dead.walk(node));
  }

  /** What became of the events of an edge; null for one that is no subscription. */
  results(edge: number): SubscriptionResults | null {
    return this.ofEdge[edge] ? { ...this.counts.all(edge), pending: this.deliveries.walk(edge) } : null;
  }

  /** What a FIFO topic turned away; null for any other router. */
  fifoResults(_node: number): FifoTopicResults | null {
    return null;
  }

  /** What the page shows of a router, in the order of its columns in a frame. */
  shown(node: number, place: number): number {
    if (place === 0) return this.counts.unmatchedBy(node);
    const own = this.subscriptions.get(node)!;
    return own.reduce((sum, { edge }) => sum + this.counts.of(edge, SHOWN[place - 1]), 0);
  }

  /** What of an edge is a subscription; undefined for any other edge. */
  subscriptionOf(edge: number): Subscription | undefined {
    return this.ofEdge[edge];
  }

  private subscribe(node: number, edge: number): Subscription {
    const profile = this.profiles[node];
    const fields = this.edgeFields[edge];
    const subscription = {
      edge,
      takes: filterOf(profile, fields),
      plan: retryPlan(profile, fields),
      isCalled: this.role[edge] === EDGE_ROLE.call,
      hasDeadLetters: fields.deadLetters === 'queue' && this.dead.leadsOn(node),
    };
    this.ofEdge[edge] = subscription;
    return subscription;
  }

  private takersOf(node: number, address: number): readonly Subscription[] {
    return (this.takers[node][address] ??= this.subscriptions
      .get(node)!
      .filter(({ takes }) => takes(this.addresses.list[address])));
  }

  /** The first attempt; most end here. */
  protected deliver(sim: Simulation, node: number, { edge, isCalled }: Subscription, message: number): void {
    this.counts.add(edge, SUBSCRIPTION_COUNT.matched);
    if (!isCalled && !this.network.isCut(edge)) {
      sim.metrics.count(node, METRIC.attempts);
      if (this.hand(sim, node, edge, message)) return;
      const delivery = this.deliveries.open(message, edge, sim.now);
      this.deliveries.tries[delivery] = 1;
      this.failed(sim, node, delivery);
      return;
    }
    this.attempt(sim, node, this.deliveries.open(message, edge, sim.now));
  }

  protected attempt(sim: Simulation, node: number, delivery: number): void {
    const { deliveries } = this;
    const edge = deliveries.edge[delivery];
    const { isCalled, plan } = this.ofEdge[edge];
    deliveries.tries[delivery]++;
    sim.metrics.count(node, METRIC.attempts);
    if (this.network.isCut(edge)) {
      deliveries.timer[delivery] = sim.after(plan.answerMicros, node, SILENCE, delivery);
    } else if (isCalled) {
      const call = deliveries.beginCall(delivery);
      deliveries.timer[delivery] = sim.after(plan.answerMicros, node, SILENCE, delivery);
      if (sim.send(edge, deliveries.message[delivery], call)) return;
      sim.cancelWait(edge, call);
      deliveries.endCall(call);
      this.stopTimer(sim, delivery);
      this.failed(sim, node, delivery);
    } else if (this.hand(sim, node, edge, deliveries.message[delivery])) deliveries.close(delivery);
    else this.failed(sim, node, delivery);
  }

  /** Hands a message over for good; false if its target does not take it. */
  protected hand(sim: Simulation, node: number, edge: number, message: number): boolean {
    if (!sim.send(edge, message, 0)) {
      sim.cancelWait(edge, 0);
      this.network.leftLine(sim, edge);
      return false;
    }
    this.counts.add(edge, SUBSCRIPTION_COUNT.delivered);
    sim.metrics.count(node, METRIC.out);
    return true;
  }

  protected failed(sim: Simulation, node: number, delivery: number): void {
    const { deliveries } = this;
    const { plan, edge } = this.ofEdge[deliveries.edge[delivery]];
    const retry = deliveries.tries[delivery] - 1;
    sim.metrics.count(node, METRIC.failures);
    this.counts.add(edge, SUBSCRIPTION_COUNT.failures);
    if (retry >= plan.mostRetries) {
      this.giveUp(sim, node, delivery, LETTER_REASON.exhausted);
      return;
    }
    const draw = plan.isJittered ? sim.random.uniform(sim.stream(node, PURPOSE.backoff)) : 0;
    const wait = plan.wait(retry, draw);
    if (sim.now + wait - deliveries.since[delivery] > plan.mostAge) {
      this.giveUp(sim, node, delivery, LETTER_REASON.expired);
      return;
    }
    sim.metrics.queuedBy(node, 1);
    deliveries.timer[delivery] = sim.after(wait, node, RETRY, delivery);
  }

  private giveUp(sim: Simulation, node: number, delivery: number, reason: number): void {
    const { messages } = sim;
    const message = this.deliveries.message[delivery];
    const edge = this.deliveries.edge[delivery];
    const tries = this.deliveries.tries[delivery];
    this.deliveries.close(delivery);
    if (!this.ofEdge[edge].hasDeadLetters) {
      this.counts.add(edge, SUBSCRIPTION_COUNT.dropped);
      this.drop(sim, node, message, ROUTER_LOSS.givenUp);
      return;
    }
    this.counts.add(edge, SUBSCRIPTION_COUNT.deadLettered);
    messages.sayFailed(message, reason, Math.min(MOST_TRIES, tries));
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.deadLettered, node, messages.serial[message], reason, tries);
    }
    this.dead.send(sim, node, message);
  }

  protected drop(sim: Simulation, node: number, message: number, reason: number): void {
    sim.metrics.count(node, METRIC.dropped);
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.dropped, node, sim.messages.serial[message], reason, 0);
    }
    sim.messages.free(message);
  }

  private stopTimer(sim: Simulation, delivery: number): void {
    if (this.deliveries.timer[delivery] === NONE) return;
    sim.cancel(this.deliveries.timer[delivery]);
    this.deliveries.timer[delivery] = NONE;
  }
}
