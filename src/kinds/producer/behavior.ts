import { METRIC } from '../../engine/metrics.ts';
import type { Distribution, ScheduleStep } from '../../design/fields.ts';
import type { Json } from '../../design/types.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import type { NodeBehavior, NodeGauge } from '../node-behavior.ts';
import type { Addresses } from '../shared/addresses.ts';
import type { CallGuards } from '../shared/call-guard/call-guards.ts';
import { forgetDeaths } from '../shared/deaths.ts';
import { EDGE_ROLE, edgesByRole, type EdgeRows } from '../shared/edge-roles.ts';
import { choiceOf, distributionOf, microsOf, numberOf, perMicro, toMicros } from '../shared/node-config.ts';
import type { NodeConfig } from '../shared/node-config.ts';
import { MARK } from '../shared/marks.ts';
import { leadsTo } from '../shared/upstream.ts';
import { ARRIVALS, ArrivalCurves, CONSTANT, POISSON } from './arrival-curve.ts';
import type { KafkaClients } from './kafka-clients.ts';
import { KeyChoice, readsKeys } from './key-choice.ts';
import { INT, REAL, ROW_SHIFT } from './producer-row.ts';
import { PUBLISHER_TIMER } from './publisher-timer.ts';
import type { Publishers } from './publishers.ts';
import { SpoiledMessages } from './spoiled-messages.ts';

const NONE = -1;
const NO_KEY = -1;
/** Times beyond this are no longer whole microseconds: never. */
const LATEST = Number.MAX_SAFE_INTEGER;
/** Bytes of the largest message: what its column holds. */
const LARGEST = 0x7fffffff;
/** Beside the roles of edges: to a topic, by way of the batches of a Kafka client. */
const BATCHED = 255;
/** The same to a queue or an exchange, on the connection of a RabbitMQ client. */
const PUBLISHED = 254;

/** How messages leave producers: with which addresses, along guarded edges, by clients, which are null if nobody has one. */
interface Ways {
  addresses: Addresses;
  guards: CallGuards;
  clients: KafkaClients | null;
  publishers: Publishers | null;
}

/**
 * Producers: each makes a message when its curve says so and sends it along every edge, in turn. A full target
 * holds it back: it makes no further message until this one is through. The exact time of the next message is kept
 * as a real number and rounded down only for the event, so that any rate is met on average.
 */
export class Producers implements NodeBehavior {
  private readonly curves: ArrivalCurves;
  private readonly keys: KeyChoice;
  private readonly out: EdgeRows;
  private readonly role: Uint8Array;
  private readonly addresses: Addresses;
  private readonly guards: CallGuards;
  readonly clients: KafkaClients | null;
  readonly publishers: Publishers | null;
  private ints = new Int32Array();
  private reals = new Float64Array();
  /** Of each node what its messages say: their priority, and how long in microseconds they may wait in a queue. */
  private readonly priority: Uint8Array;
  readonly spoiled: SpoiledMessages;
  private readonly ttl: Float64Array;

  constructor(
    sim: Simulation,
    configs: readonly NodeConfig[],
    nodes: readonly number[],
    role: Uint8Array,
    ways: Ways,
  ) {
    const { columns, plan } = sim;
    const { clients, publishers } = ways;
    const count = plan.nodeCount;
    this.role = role.map((of, edge) => {
      if (clients?.rows.has(edge)) return BATCHED;
      return publishers?.has(edge) ? PUBLISHED : of;
    });
    this.addresses = ways.addresses;
    this.guards = ways.guards;
    this.clients = clients;
    this.publishers = publishers;
    for (const client of [clients, publishers]) {
      if (client) client.onUnblocked = (run, node, edge) => this.goOn(run, node, edge);
    }
    this.out = edgesByRole(plan, role, 'out', [EDGE_ROLE.call, EDGE_ROLE.push]);
    this.priority = new Uint8Array(count);
    this.ttl = new Float64Array(count);
    this.curves = new ArrivalCurves(columns, count);
    this.spoiled = new SpoiledMessages(columns, count);
    this.keys = new KeyChoice(columns, count);
    columns.i32(this, 'ints', count << ROW_SHIFT);
    columns.f64(this, 'reals', count << ROW_SHIFT);
    const keyed = leadsTo(plan, (node) => readsKeys(configs[node]));
    for (const node of nodes) this.configure(sim, node, configs[node], keyed[node]);
  }

  start(sim: Simulation, node: number): void {
    if (this.out.start[node] < this.out.start[node + 1]) this.planNext(sim, node, 0);
  }

  /** The next message is due. */
  fire(sim: Simulation, node: number): void {
    const { messages, metrics } = sim;
    const { ints, reals } = this;
    const row = node << ROW_SHIFT;
    const message = messages.create(sim.now);
    ints[row | INT.handle] = NONE;
    reals[row | REAL.made]++;
    messages.key[message] = ints[row | INT.keyed] === 1 ? this.keys.draw(sim, node) : NO_KEY;
    const sameSize = reals[row | REAL.sameSize];
    messages.sizeBytes[message] = sameSize >= 0 ? sameSize : this.drawSize(sim, node);
    messages.type[message] = ints[row | INT.messageType];
    if (messages.hasRare === 1) this.markRare(sim, node, message);
    if (reals[row | REAL.poisonShare] > 0) this.maybePoison(sim, node, message);
    metrics.produced++;
    metrics.count(node, METRIC.in);
    if (sim.trace.messages) sim.trace.add(sim.now, TRACE.produced, node, messages.serial[message], 0, 0);
    ints[row | INT.message] = message;
    ints[row | INT.place] = this.out.start[node];
    if (this.sendOn(sim, node)) this.planNext(sim, node, reals[row | REAL.dueAt]);
  }

  /** An event of a client is due. */
  wake(sim: Simulation, node: number, type: number, arg: number): void {
    if (type >= PUBLISHER_TIMER.confirm) this.publishers!.fire(sim, node, type, arg);
    else this.clients!.fire(sim, node, type, arg);
  }

  room(sim: Simulation, node: number, edge: number, tag: number): void {
    if (!sim.resend(edge, this.ints[(node << ROW_SHIFT) | INT.offered], tag)) return;
    if (this.role[edge] === PUBLISHED) this.publishers!.accepted(sim, node, edge);
    this.goOn(sim, node, edge);
  }

  /** A database has answered a call. There are no second tries here: what failed is lost. */
  reply(sim: Simulation, node: number, _edge: number, message: number, succeeded: boolean): void {
    const { messages, metrics } = sim;
    this.ints[(node << ROW_SHIFT) | INT.calling]--;
    if (succeeded) {
      metrics.count(node, METRIC.out);
      metrics.acknowledge(node, sim.now - messages.bornAt[message]);
    } else {
      metrics.count(node, METRIC.failures);
      metrics.count(node, METRIC.dropped);
    }
    if (sim.trace.messages) {
      const code = succeeded ? TRACE.acknowledged : TRACE.dropped;
      sim.trace.add(sim.now, code, node, messages.serial[message], 0, 0);
    }
    messages.free(message);
  }

  setField(sim: Simulation, node: number, field: string, value: Json): void {
    const { curves } = this;
    switch (field) {
      case 'rate':
        return this.reshape(sim, node, () => (curves.rate[node] = perMicro(value)));
      case 'rampTo':
        return this.reshape(sim, node, () => (curves.rampTo[node] = perMicro(value)));
      case 'rampOver':
        return this.reshape(sim, node, () => (curves.rampOver[node] = toMicros(value)));
      case 'onFor':
        return this.reshape(sim, node, () => (curves.onFor[node] = toMicros(value)));
      case 'offFor':
        return this.reshape(sim, node, () => (curves.offFor[node] = toMicros(value)));
      case 'size':
        return this.setSize(sim, node, value as unknown as Distribution);
      case 'stopAfter':
        return this.changeEnd(sim, node, value as number);
    }
  }

  inject(sim: Simulation, node: number, fault: string, args: Readonly<Record<string, Json>>): void {
    if (fault === 'poison') this.spoiled.begin(node, args);
    else if (fault === 'schema') this.spoiled.breakSchema(node, 1);
    if (fault !== 'burst') this.reals[(node << ROW_SHIFT) | REAL.poisonShare] = this.spoiled.share(node);
    else this.reshape(sim, node, () => (this.curves.factor[node] = args.factor as number));
  }

  heal(sim: Simulation, node: number, fault: string): void {
    if (fault === 'poison') this.spoiled.end(node);
    else if (fault === 'schema') this.spoiled.breakSchema(node, 0);
    if (fault !== 'burst') this.reals[(node << ROW_SHIFT) | REAL.poisonShare] = this.spoiled.share(node);
    else this.reshape(sim, node, () => (this.curves.factor[node] = 1));
  }

  gauge(_sim: Simulation, node: number, into: NodeGauge): void {
    into.level = this.clients?.reservedShare(node) ?? NaN;
    if (this.clients?.hasClient(node) === true) {
      into.machineState = this.clients.states.state[node];
      into.machineSince = this.clients.states.since[node];
    }
    into.amount = this.reals[(node << ROW_SHIFT) | REAL.made];
    into.limit = this.reals[(node << ROW_SHIFT) | REAL.stopAfter];
  }

  held(sim: Simulation, node: number): number {
    const { ints } = this;
    const row = node << ROW_SHIFT;
    const calling = ints[row | INT.calling] + (this.clients?.held(sim, node) ?? 0);
    const message = ints[row | INT.message];
    if (message === NONE) return calling;
    return calling + (ints[row | INT.offered] === message ? 1 : 2);
  }

  private configure(sim: Simulation, node: number, config: NodeConfig, keyed: number): void {
    const { curves, ints, reals } = this;
    const row = node << ROW_SHIFT;
    curves.pattern[node] = choiceOf(config, 'arrivals', ARRIVALS);
    curves.rate[node] = perMicro(config.fields.rate);
    curves.onFor[node] = microsOf(config, 'onFor');
    curves.offFor[node] = microsOf(config, 'offFor');
    curves.rampTo[node] = perMicro(config.fields.rampTo);
    curves.rampOver[node] = microsOf(config, 'rampOver');
    const steps = config.fields.schedule as unknown as readonly ScheduleStep[];
    const rates = steps.map((step) => perMicro(step.ratePerSecond));
    curves.addSteps(
      node,
      steps.map((step) => toMicros(step.atMs)),
      rates,
    );
    this.keys.configure(node, config);
    ints[row | INT.handle] = NONE;
    ints[row | INT.message] = NONE;
    ints[row | INT.offered] = NONE;
    ints[row | INT.keyed] = keyed;
    ints[row | INT.messageType] = config.messageType;
    this.priority[node] = numberOf(config, 'priority');
    this.ttl[node] = microsOf(config, 'ttl') || Infinity;
    ints[row | INT.sizeSampler] = sim.samplers.add(distributionOf(config, 'size'));
    this.setSize(sim, node, distributionOf(config, 'size'));
    reals[row | REAL.stopAfter] = numberOf(config, 'stopAfter');
    this.measureGap(node);
  }

  private setSize(sim: Simulation, node: number, size: Distribution): void {
    const row = node << ROW_SHIFT;
    sim.samplers.replace(this.ints[row | INT.sizeSampler], size);
    this.reals[row | REAL.sameSize] = size.shape === 'constant' ? wholeBytes(size.mean) : NaN;
  }

  private drawSize(sim: Simulation, node: number): number {
    const sampler = this.ints[(node << ROW_SHIFT) | INT.sizeSampler];
    return wholeBytes(sim.samplers.sample(sampler, sim.random, sim.stream(node, PURPOSE.size)));
  }

  private markRare(sim: Simulation, node: number, message: number): void {
    const { messages } = sim;
    const { address, priority, ttl, returns, deaths, marks, transaction, lastDelay } = messages;
    if (address.length > 0) address[message] = this.addresses.draw(sim, node);
    if (priority.length > 0) priority[message] = this.priority[node];
    if (ttl.length > 0) ttl[message] = this.ttl[node];
    if (returns.length > 0) returns[message] = 0;
    if (transaction.length > 0) transaction[message] = 0;
    if (lastDelay.length > 0) lastDelay[message] = 0;
    if (marks.length > 0) marks[message] = this.keys.isTombstone(sim, node) ? MARK.tombstone : 0;
    if (deaths.length > 0) forgetDeaths(messages, message);
  }

  private maybePoison(sim: Simulation, node: number, message: number): void {
    sim.messages.flags[message] = this.spoiled.draw(sim, node);
    this.reals[(node << ROW_SHIFT) | REAL.poisonShare] = this.spoiled.share(node);
  }

  /** Sends the message along the edges that are left; false if one of them holds it back. */
  private sendOn(sim: Simulation, node: number): boolean {
    const { ints } = this;
    const row = node << ROW_SHIFT;
    const message = ints[row | INT.message];
    const end = this.out.start[node + 1];
    for (let place = ints[row | INT.place]; place < end; place++) {
      const edge = this.out.edges[place];
      let offered = message;
      if (place < end - 1) {
        offered = sim.messages.copy(message);
        sim.metrics.copied++;
        sim.metrics.count(node, METRIC.in);
      }
      const role = this.role[edge];
      const calls = role === EDGE_ROLE.call;
      if (calls && this.guards.of[edge] !== NONE) {
        ints[row | INT.calling]++;
        this.guards.call(sim, edge, offered, offered);
        continue;
      }
      const isBatched = role === BATCHED;
      const isThrough =
        role >= PUBLISHED ? this.give(sim, node, edge, offered) : sim.send(edge, offered, offered);
      if (!isThrough) {
        ints[row | INT.offered] = offered;
        ints[row | INT.place] = place;
        return false;
      }
      if (calls) ints[row | INT.calling]++;
      else if (!isBatched) sim.metrics.count(node, METRIC.out);
    }
    ints[row | INT.message] = NONE;
    return true;
  }

  /** A client takes a message; false if it holds the producer back. */
  private give(sim: Simulation, node: number, edge: number, message: number): boolean {
    if (this.role[edge] === BATCHED) return this.clients!.send(sim, node, edge, message);
    return this.publishers!.publish(sim, node, edge, message);
  }

  /** What stood in line, or was held back by a client, is through. */
  private goOn(sim: Simulation, node: number, edge: number): void {
    const { ints } = this;
    const row = node << ROW_SHIFT;
    if (this.role[edge] === EDGE_ROLE.call) ints[row | INT.calling]++;
    else if (this.role[edge] !== BATCHED) sim.metrics.count(node, METRIC.out);
    ints[row | INT.place]++;
    ints[row | INT.offered] = NONE;
    if (this.sendOn(sim, node)) this.planNext(sim, node, sim.now);
  }

  /** Draws what the next message needs, counted from the exact time `since`, and schedules it. */
  private planNext(sim: Simulation, node: number, since: number): void {
    const { reals } = this;
    const row = node << ROW_SHIFT;
    if (this.isOver(node)) return;
    const isEven = this.curves.pattern[node] === CONSTANT;
    reals[row | REAL.since] = since;
    reals[row | REAL.needed] = isEven ? 1 : sim.random.exponential(sim.stream(node, PURPOSE.arrival));
    this.schedule(sim, node);
  }

  private schedule(sim: Simulation, node: number): void {
    const { reals } = this;
    const row = node << ROW_SHIFT;
    const gap = reals[row | REAL.gap];
    const since = reals[row | REAL.since];
    const needed = reals[row | REAL.needed];
    const due = gap > 0 ? since + needed * gap : this.curves.due(node, since, needed);
    reals[row | REAL.dueAt] = due;
    if (due < LATEST) this.ints[row | INT.handle] = sim.at(Math.floor(due), node, 0, 0);
  }

  private measureGap(node: number): void {
    const { curves } = this;
    const isSteady = curves.pattern[node] === POISSON || curves.pattern[node] === CONSTANT;
    const gap = isSteady ? 1 / (curves.rate[node] * curves.factor[node]) : NaN;
    this.reals[(node << ROW_SHIFT) | REAL.gap] = gap;
  }

  /**
   * Changes the curve from now on. What the pending message still needs is kept and takes as long as the new curve
   * says, which is exact for even spacing and, as the exponential has no memory, for Poisson arrivals.
   */
  private reshape(sim: Simulation, node: number, change: () => void): void {
    const { reals } = this;
    const row = node << ROW_SHIFT;
    const pending = this.isPending(node);
    if (pending && sim.now > reals[row | REAL.since]) {
      const passed = this.curves.between(node, reals[row | REAL.since], sim.now);
      reals[row | REAL.needed] = Math.max(0, reals[row | REAL.needed] - passed);
      reals[row | REAL.since] = sim.now;
    }
    change();
    this.measureGap(node);
    if (!pending) return;
    this.withdraw(sim, node);
    this.schedule(sim, node);
  }

  private changeEnd(sim: Simulation, node: number, stopAfter: number): void {
    const wasOver = this.isOver(node);
    this.reals[(node << ROW_SHIFT) | REAL.stopAfter] = stopAfter;
    const isOver = this.isOver(node);
    if (isOver) this.withdraw(sim, node);
    else if (wasOver && this.isPending(node)) this.planNext(sim, node, sim.now);
  }

  private isOver(node: number): boolean {
    const { reals } = this;
    const row = node << ROW_SHIFT;
    const stopAfter = reals[row | REAL.stopAfter];
    return stopAfter > 0 && reals[row | REAL.made] >= stopAfter;
  }

  /** Whether it works towards a next message: it has somewhere to send it and is not held back. */
  private isPending(node: number): boolean {
    const hasNoMessage = this.ints[(node << ROW_SHIFT) | INT.message] === NONE;
    return hasNoMessage && !this.isOver(node) && this.out.start[node] < this.out.start[node + 1];
  }

  private withdraw(sim: Simulation, node: number): void {
    const { ints } = this;
    const row = node << ROW_SHIFT;
    if (ints[row | INT.handle] !== NONE) sim.cancel(ints[row | INT.handle]);
    ints[row | INT.handle] = NONE;
  }
}

/** Bytes of a message of this size: a whole number that its column holds. */
function wholeBytes(size: number): number {
  return Math.min(Math.round(size), LARGEST);
}
