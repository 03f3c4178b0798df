import type { Distribution, ScheduleStep } from '../../design/fields.ts';
import type { Json } from '../../design/types.ts';
import { MESSAGE_FLAG } from '../../engine/messages.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import type { NodeBehavior, NodeGauge } from '../node-behavior.ts';
import type { Addresses } from '../shared/addresses.ts';
import { EDGE_ROLE, edgesByRole, type EdgeRows } from '../shared/edge-roles.ts';
import { choiceOf, distributionOf, microsOf, numberOf, perMicro, toMicros } from '../shared/node-config.ts';
import type { NodeConfig } from '../shared/node-config.ts';
import { ARRIVALS, ArrivalCurves, CONSTANT, POISSON } from './arrival-curve.ts';
import { KeyChoice } from './key-choice.ts';

const NONE = -1;
/** Times beyond this are no longer whole microseconds: never. */
const LATEST = Number.MAX_SAFE_INTEGER;
/** Bytes of the largest message: what its column holds. */
const LARGEST = 0x7fffffff;

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
  private sizeSampler = new Int32Array();
  private messageType = new Uint8Array();
  private stopAfter = new Float64Array();
  private poisonShare = new Float64Array();
  /** Messages made so far, copies not counted. */
  private made = new Float64Array();
  /** The amount of the curve that the next message still needs, counted from the exact time `since`. */
  private needed = new Float64Array();
  private since = new Float64Array();
  private dueAt = new Float64Array();
  private handle = new Int32Array();
  /** Of a message not through yet: the message, what stands in line (it, or a copy), and its place in `out`. */
  private message = new Int32Array();
  private offered = new Int32Array();
  private place = new Int32Array();
  /** Calls to a database that are not answered yet. */
  private calling = new Int32Array();

  constructor(
    sim: Simulation,
    configs: readonly NodeConfig[],
    nodes: readonly number[],
    role: Uint8Array,
    addresses: Addresses,
  ) {
    const { columns, plan } = sim;
    const count = plan.nodeCount;
    this.role = role;
    this.addresses = addresses;
    this.out = edgesByRole(plan, role, 'out', [EDGE_ROLE.call, EDGE_ROLE.push]);
    this.curves = new ArrivalCurves(columns, count);
    this.keys = new KeyChoice(columns, count);
    columns.i32(this, 'sizeSampler', count);
    columns.u8(this, 'messageType', count);
    columns.f64(this, 'stopAfter', count);
    columns.f64(this, 'poisonShare', count);
    columns.f64(this, 'made', count);
    columns.f64(this, 'needed', count);
    columns.f64(this, 'since', count);
    columns.f64(this, 'dueAt', count);
    columns.i32(this, 'handle', count).fill(NONE);
    columns.i32(this, 'message', count).fill(NONE);
    columns.i32(this, 'offered', count).fill(NONE);
    columns.i32(this, 'place', count);
    columns.i32(this, 'calling', count);
    for (const node of nodes) this.configure(sim, node, configs[node]);
  }

  start(sim: Simulation, node: number): void {
    if (this.out.start[node] < this.out.start[node + 1]) this.planNext(sim, node, 0);
  }

  /** The next message is due. */
  fire(sim: Simulation, node: number): void {
    const { messages, metrics, random } = sim;
    const message = messages.create(sim.now);
    this.handle[node] = NONE;
    this.made[node]++;
    messages.key[message] = this.keys.draw(sim, node);
    const size = sim.samplers.sample(this.sizeSampler[node], random, sim.stream(node, PURPOSE.size));
    messages.sizeBytes[message] = Math.min(Math.round(size), LARGEST);
    messages.type[message] = this.messageType[node];
    if (messages.address.length > 0) messages.address[message] = this.addresses.draw(sim, node);
    const share = this.poisonShare[node];
    if (share > 0 && random.uniform(sim.stream(node, PURPOSE.fault)) < share) {
      messages.flags[message] = MESSAGE_FLAG.poison;
    }
    metrics.produced++;
    metrics.in[node]++;
    if (sim.trace.messages) sim.trace.add(sim.now, TRACE.produced, node, messages.serial[message], 0, 0);
    this.message[node] = message;
    this.place[node] = this.out.start[node];
    if (this.sendOn(sim, node)) this.planNext(sim, node, this.dueAt[node]);
  }

  room(sim: Simulation, node: number, edge: number, tag: number): void {
    if (!sim.resend(edge, this.offered[node], tag)) return;
    this.accepted(sim, node, edge);
    if (this.sendOn(sim, node)) this.planNext(sim, node, sim.now);
  }

  /** A database has answered a call. There are no second tries here: what failed is lost. */
  reply(sim: Simulation, node: number, _edge: number, message: number, succeeded: boolean): void {
    const { messages, metrics } = sim;
    this.calling[node]--;
    if (succeeded) {
      metrics.out[node]++;
      metrics.acknowledge(node, sim.now - messages.bornAt[message]);
    } else {
      metrics.failures[node]++;
      metrics.dropped[node]++;
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
        return sim.samplers.replace(this.sizeSampler[node], value as unknown as Distribution);
      case 'stopAfter':
        return this.changeEnd(sim, node, value as number);
    }
  }

  inject(sim: Simulation, node: number, fault: string, args: Readonly<Record<string, Json>>): void {
    if (fault === 'poison') this.poisonShare[node] = args.share as number;
    else this.reshape(sim, node, () => (this.curves.factor[node] = args.factor as number));
  }

  heal(sim: Simulation, node: number, fault: string): void {
    if (fault === 'poison') this.poisonShare[node] = 0;
    else this.reshape(sim, node, () => (this.curves.factor[node] = 1));
  }

  gauge(_sim: Simulation, node: number, into: NodeGauge): void {
    into.level = NaN;
    into.amount = this.made[node];
    into.limit = this.stopAfter[node];
    into.busy = 0;
    into.servers = 0;
    into.down = false;
    into.failing = false;
    into.machineState = NONE;
    into.machineSince = 0;
  }

  held(_sim: Simulation, node: number): number {
    const message = this.message[node];
    if (message === NONE) return this.calling[node];
    return this.calling[node] + (this.offered[node] === message ? 1 : 2);
  }

  private configure(sim: Simulation, node: number, config: NodeConfig): void {
    const { curves } = this;
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
    this.sizeSampler[node] = sim.samplers.add(distributionOf(config, 'size'));
    this.messageType[node] = config.messageType;
    this.stopAfter[node] = numberOf(config, 'stopAfter');
  }

  /** Sends the message along the edges that are left; false if one of them holds it back. */
  private sendOn(sim: Simulation, node: number): boolean {
    const message = this.message[node];
    const end = this.out.start[node + 1];
    for (let place = this.place[node]; place < end; place++) {
      const edge = this.out.edges[place];
      let offered = message;
      if (place < end - 1) {
        offered = sim.messages.copy(message);
        sim.metrics.copied++;
        sim.metrics.in[node]++;
      }
      if (!sim.send(edge, offered, offered)) {
        this.offered[node] = offered;
        this.place[node] = place;
        return false;
      }
      if (this.role[edge] === EDGE_ROLE.call) this.calling[node]++;
      else sim.metrics.out[node]++;
    }
    this.message[node] = NONE;
    return true;
  }

  /** What stood in line is through. */
  private accepted(sim: Simulation, node: number, edge: number): void {
    if (this.role[edge] === EDGE_ROLE.call) this.calling[node]++;
    else sim.metrics.out[node]++;
    this.place[node]++;
    this.offered[node] = NONE;
  }

  /** Draws what the next message needs, counted from the exact time `since`, and schedules it. */
  private planNext(sim: Simulation, node: number, since: number): void {
    const stopAfter = this.stopAfter[node];
    if (stopAfter > 0 && this.made[node] >= stopAfter) return;
    this.since[node] = since;
    this.needed[node] =
      this.curves.pattern[node] === CONSTANT ? 1 : sim.random.exponential(sim.stream(node, PURPOSE.arrival));
    this.schedule(sim, node);
  }

  private schedule(sim: Simulation, node: number): void {
    const { curves } = this;
    const due =
      curves.pattern[node] === POISSON
        ? this.since[node] + this.needed[node] / (curves.rate[node] * curves.factor[node])
        : curves.due(node, this.since[node], this.needed[node]);
    this.dueAt[node] = due;
    if (due < LATEST) this.handle[node] = sim.at(Math.floor(due), node, 0, 0);
  }

  /**
   * Changes the curve from now on. What the pending message still needs is kept and takes as long as the new curve
   * says, which is exact for even spacing and, as the exponential has no memory, for Poisson arrivals.
   */
  private reshape(sim: Simulation, node: number, change: () => void): void {
    const pending = this.isPending(node);
    if (pending && sim.now > this.since[node]) {
      const passed = this.curves.between(node, this.since[node], sim.now);
      this.needed[node] = Math.max(0, this.needed[node] - passed);
      this.since[node] = sim.now;
    }
    change();
    if (!pending) return;
    this.withdraw(sim, node);
    this.schedule(sim, node);
  }

  private changeEnd(sim: Simulation, node: number, stopAfter: number): void {
    const wasOver = this.isOver(node);
    this.stopAfter[node] = stopAfter;
    const isOver = this.isOver(node);
    if (isOver) this.withdraw(sim, node);
    else if (wasOver && this.isPending(node)) this.planNext(sim, node, sim.now);
  }

  private isOver(node: number): boolean {
    return this.stopAfter[node] > 0 && this.made[node] >= this.stopAfter[node];
  }

  /** Whether it works towards a next message: it has somewhere to send it and is not held back. */
  private isPending(node: number): boolean {
    return (
      this.message[node] === NONE && !this.isOver(node) && this.out.start[node] < this.out.start[node + 1]
    );
  }

  private withdraw(sim: Simulation, node: number): void {
    if (this.handle[node] !== NONE) sim.cancel(this.handle[node]);
    this.handle[node] = NONE;
  }
}
