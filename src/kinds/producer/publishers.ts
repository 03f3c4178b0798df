import { METRIC } from '../../engine/metrics.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import { compileMachine } from '../../machines/compile-machine.ts';
import { publisherConnectionMachine } from '../../machines/publisher-connection.machine.ts';
import type { Addresses } from '../shared/addresses.ts';
import { EDGE_ROLE } from '../shared/edge-roles.ts';
import { MACHINE } from '../shared/machine-rows.ts';
import { numberOf, type NodeConfig } from '../shared/node-config.ts';
import { PUBLISHER_TIMER } from './publisher-timer.ts';

const NONE = -1;
/** Credit flow as RabbitMQ has it by default, {400, 200}: what a sender begins with, and how much comes at a time. */
const FIRST_CREDIT = 400;
const GRANT = 200;

const machine = compileMachine(publisherConnectionMachine);
/** States of a publisher's connection, by name. */
export const CONNECTION = machine.state;

/** How the broker answers a message. */
export const CONFIRM = { confirmed: 0, refused: 1 } as const;

/** What a publisher must know of the queues of its broker. */
export interface BrokerQueues {
  /** Whether a queue would refuse a message of so many bytes now. */
  refuses(queue: number, bytes: number): boolean;
  /** Time in microseconds from a message's arrival in a queue until it is safe there. */
  confirmTime(queue: number): number;
  /** When the queue has handled a message that comes now, in microseconds; now for one without a limit. */
  handled(now: number, queue: number): number;
  /** Calls back when the broker's memory alarm begins and ends. */
  onAlarm(call: (sim: Simulation, isRaised: boolean) => void): void;
}

/** The ways that an exchange gives a message with an address. */
export interface Routes {
  routeOf(exchange: number, address: number): readonly { edge: number }[];
}

/** The connections of those producers that publish to RabbitMQ; null if none does. */
export function publishersOf(
  sim: Simulation,
  configs: readonly NodeConfig[],
  role: Uint8Array,
  parts: { addresses: Addresses; exchanges: Routes },
): Publishers | null {
  const most = configs.map((config) => (config.kind === 'producer' ? mostOutstanding(config) : 0));
  const nodes = configs.flatMap(({ fields }, node) => (fields.client === 'rabbitmq' ? [node] : []));
  return nodes.length > 0 ? new Publishers(sim, configs, nodes, most, role, parts) : null;
}

/** Most messages of a publisher without a confirm, 0 for one that asks for none. */
function mostOutstanding(config: NodeConfig): number {
  const most = numberOf(config, 'maxOutstanding');
  return config.fields.confirms === 'on' ? most : 0;
}

/**
 * Publishers on a connection to RabbitMQ: each message costs credit where a queue takes in only so many, waits for its
 * confirm if that is asked for, and is held back while the broker has an alarm. A message is in its queue at once; what
 * takes time is that the publisher hears of it.
 */
export class Publishers {
  /** Called when the message that was held back is with the broker. */
  onUnblocked: (sim: Simulation, node: number, edge: number) => void = () => {};
  private readonly nodes: readonly number[];
  private readonly addresses: Addresses;
  private readonly exchanges: Routes;
  private readonly isPublished: Uint8Array;
  /** Of each exchange 1. */
  private readonly isExchange: Uint8Array;
  /** Of each publisher: most messages without a confirm, 0 for one that asks for none. */
  private readonly most: readonly number[];
  private queues!: BrokerQueues;
  private stateOf = new Uint8Array();
  private since = new Float64Array();
  private outstanding = new Int32Array();
  private credit = new Int32Array();
  /** Messages sent to queues that grant credit. */
  private onCredit = new Float64Array();
  /** The message that is held back and its edge, NONE for none; the address of the one that stands in line. */
  private heldEdge = new Int32Array();
  private heldMessage = new Int32Array();
  private address = new Int32Array();
  /** Of each publisher, how many messages were confirmed, refused, and returned as unroutable. */
  private confirmed = new Float64Array();
  private refused = new Float64Array();
  private returned = new Float64Array();

  constructor(
    sim: Simulation,
    configs: readonly NodeConfig[],
    nodes: readonly number[],
    most: readonly number[],
    role: Uint8Array,
    parts: { addresses: Addresses; exchanges: Routes },
  ) {
    const { columns, plan } = sim;
    this.nodes = nodes;
    this.addresses = parts.addresses;
    this.exchanges = parts.exchanges;
    this.isExchange = Uint8Array.from(configs, ({ kind }) => (kind === 'exchange' ? 1 : 0));
    this.most = most;
    this.isPublished = Uint8Array.from(role, (of, edge) => {
      const isFrom = nodes.includes(plan.edgeFrom[edge]) && of === EDGE_ROLE.push;
      return isFrom && ['queue', 'exchange'].includes(configs[plan.edgeTo[edge]].kind) ? 1 : 0;
    });
    columns.u8(this, 'stateOf', plan.nodeCount).fill(machine.initial);
    columns.i32(this, 'credit', plan.nodeCount).fill(FIRST_CREDIT);
    for (const field of ['outstanding', 'address']) columns.i32(this, field, plan.nodeCount);
    for (const field of ['heldEdge', 'heldMessage']) columns.i32(this, field, plan.nodeCount).fill(NONE);
    for (const field of ['since', 'onCredit', 'confirmed', 'refused', 'returned']) {
      columns.f64(this, field, plan.nodeCount);
    }
  }

  /** The queues of the broker, which are made after the publishers. */
  attach(queues: BrokerQueues): void {
    this.queues = queues;
    queues.onAlarm((sim, isRaised) => {
      const event = isRaised ? machine.event.ALARM_RAISED : machine.event.ALARM_CLEARED;
      for (const node of this.nodes) {
        this.send(sim, node, event);
        if (!isRaised) sim.after(0, node, PUBLISHER_TIMER.resume, 0);
      }
    });
  }

  /** Whether messages go along an edge on a connection of these. */
  has(edge: number): boolean {
    return this.isPublished[edge] === 1;
  }

  /** Whether a node publishes on such a connection. */
  isPublisher(node: number): boolean {
    return this.nodes.includes(node);
  }

  /** basic.publish: false if the message is held back or stands in line; then `onUnblocked` or `accepted` follows. */
  publish(sim: Simulation, node: number, edge: number, message: number): boolean {
    if (this.isHeldBack(node)) {
      this.heldEdge[node] = edge;
      this.heldMessage[node] = message;
      sim.transfers.holdBack(sim, edge);
      return false;
    }
    const { address } = sim.messages;
    this.address[node] = address.length > 0 ? address[message] : NONE;
    // Looked at before the message itself makes a queue full.
    const bytes = sim.messages.sizeBytes[message];
    const isRefused = this.queuesOf(sim, node, edge).some((queue) => this.queues.refuses(queue, bytes));
    if (!sim.send(edge, message, message)) return false;
    this.published(sim, node, edge, isRefused);
    return true;
  }

  /** The message that stood in line is with the broker. */
  accepted(sim: Simulation, node: number, edge: number): void {
    this.published(sim, node, edge, false);
  }

  fire(sim: Simulation, node: number, type: number, arg: number): void {
    if (type === PUBLISHER_TIMER.confirm) {
      this.outstanding[node]--;
      if (arg === CONFIRM.refused) {
        this.refused[node]++;
        sim.metrics.count(node, METRIC.failures);
      } else this.confirmed[node]++;
    } else if (type === PUBLISHER_TIMER.grant) {
      this.credit[node] += arg;
      this.send(sim, node, machine.event.CREDIT_GRANTED);
    }
    this.release(sim, node);
  }

  /** State of a publisher's connection, and since when in microseconds; NONE for a node that is no publisher. */
  connection(node: number): { state: number; since: number } {
    const state = this.isPublisher(node) ? this.stateOf[node] : NONE;
    return { state, since: this.since[node] };
  }

  /** Messages without a confirm yet, and those that ended in each way. */
  counts(node: number): { outstanding: number; confirmed: number; refused: number; returned: number } {
    const { outstanding, confirmed, refused, returned } = this;
    return {
      outstanding: outstanding[node],
      confirmed: confirmed[node],
      refused: refused[node],
      returned: returned[node],
    };
  }

  /** Credit of a publisher, for the laws. */
  creditOf(node: number): number {
    return this.credit[node];
  }

  /** Whether a message of a publisher waits for a confirm, for credit or for the end of an alarm. */
  isHolding(node: number): boolean {
    return this.heldEdge[node] !== NONE;
  }

  /** Whether a publisher may not send now. */
  isHeldBack(node: number): boolean {
    const most = this.most[node];
    const waits = most > 0 && this.outstanding[node] >= most;
    return waits || this.credit[node] <= 0 || this.stateOf[node] === CONNECTION.blocked;
  }

  private published(sim: Simulation, node: number, edge: number, isRefused: boolean): void {
    const queues = this.queuesOf(sim, node, edge);
    if (queues.length === 0 && this.addresses.list[this.address[node]].mandatory) this.returned[node]++;
    let handledAt = sim.now;
    let safeAt = sim.now;
    for (const queue of isRefused ? [] : queues) {
      const handled = this.queues.handled(sim.now, queue);
      handledAt = Math.max(handledAt, handled);
      safeAt = Math.max(safeAt, handled + this.queues.confirmTime(queue));
    }
    if (handledAt > sim.now) this.useCredit(sim, node, handledAt);
    if (this.most[node] === 0) return;
    this.outstanding[node]++;
    const answer = isRefused ? CONFIRM.refused : CONFIRM.confirmed;
    sim.at(Math.ceil(safeAt), node, PUBLISHER_TIMER.confirm, answer);
  }

  private useCredit(sim: Simulation, node: number, handledAt: number): void {
    if (++this.onCredit[node] % GRANT === 0) {
      sim.at(Math.ceil(handledAt), node, PUBLISHER_TIMER.grant, GRANT);
    }
    if (--this.credit[node] <= 0) this.send(sim, node, machine.event.CREDIT_USED_UP);
  }

  /** What was held back goes to the broker, if nothing holds it back any more. */
  private release(sim: Simulation, node: number): void {
    const edge = this.heldEdge[node];
    if (edge === NONE || this.isHeldBack(node)) return;
    this.heldEdge[node] = NONE;
    sim.transfers.served(sim, edge);
    if (this.publish(sim, node, edge, this.heldMessage[node])) this.onUnblocked(sim, node, edge);
  }

  /** The queues that the message a publisher sends along an edge reaches. */
  private queuesOf(sim: Simulation, node: number, edge: number): readonly number[] {
    const to = sim.plan.edgeTo[edge];
    if (this.isExchange[to] === 0) return [to];
    return this.exchanges.routeOf(to, this.address[node]).map((way) => sim.plan.edgeTo[way.edge]);
  }

  private send(sim: Simulation, node: number, event: number): void {
    const before = this.stateOf[node];
    const after = machine.next[before * machine.events.length + event];
    if (after === before) return;
    this.stateOf[node] = after;
    this.since[node] = sim.now;
    sim.trace.add(sim.now, TRACE.machine, node, MACHINE.connection, after, 0);
  }
}
