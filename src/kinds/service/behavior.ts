import type { Distribution } from '../../design/fields.ts';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { NodeBehavior, NodeGauge } from '../node-behavior.ts';
import { FixedCycles, TokenBucket, type RateLimiter } from '../shared/call-guard/rate-limiters.ts';
import { CallsInProgress } from '../shared/calls-in-progress.ts';
import { choiceOf, distributionOf, microsOf, numberOf, type NodeConfig } from '../shared/node-config.ts';
import { RecentOutcomes } from '../shared/recent-outcomes.ts';
import { SERVICE_EVENT, SERVICE_STATE, ServiceStates } from './service-states.ts';

const MICROS_PER_MS = 1000;
const NONE = -1;
/** Event types: a call is done; a refused call is told so. */
const SERVED = 0;
const REFUSED = 1;
const RATE_LIMITS = ['off', 'cycles', 'bucket'] as const;
const OFF = 0;
const CYCLES = 1;

/** How calls ended, as results name it, and its place in a row of counts. */
export const ANSWER = {
  /** 500, after the full response time. */
  error: 0,
  /** 429. */
  rateLimited: 1,
  /** 503: the line is full. */
  overloaded: 2,
  /** No connection, or no answer, in an outage. */
  unavailable: 3,
} as const;
export type Refusal = keyof typeof ANSWER;
const ROW_SHIFT = 2;

/**
 * External services: every call is taken, and works, waits in the line of the service, is on its way back with a
 * refusal, or hangs in an outage. So callers never stand in the engine's line before one.
 */
export class Services extends CallsInProgress implements NodeBehavior {
  private concurrency = new Int32Array();
  private queueLimit = new Int32Array();
  private busy = new Int32Array();
  readonly states: ServiceStates;
  private failure = new Float64Array();
  private errorShare = new Float64Array();
  private refusalTime = new Float64Array();
  private service = new Int32Array();
  /** The line of calls that wait, or that hang in an outage: threaded through `callAfter`. */
  private lineHead = new Int32Array();
  private lineTail = new Int32Array();
  private lineLength = new Int32Array();
  /** Refused calls that do not know it yet. */
  private refusedCalls = new Int32Array();
  private answers = new Float64Array();
  private callCameAt = new Float64Array();
  private readonly limiters = new Map<number, RateLimiter>();
  private readonly outcomes: RecentOutcomes;

  constructor(sim: Simulation, configs: readonly NodeConfig[], nodes: readonly number[]) {
    const { columns, plan } = sim;
    super(columns, plan.nodeCount);
    const whole = ['concurrency', 'queueLimit', 'busy', 'service', 'lineLength', 'refusedCalls'];
    for (const field of whole) columns.i32(this, field, plan.nodeCount);
    for (const field of ['lineHead', 'lineTail']) columns.i32(this, field, plan.nodeCount).fill(NONE);
    for (const field of ['failure', 'errorShare', 'refusalTime']) columns.f64(this, field, plan.nodeCount);
    this.states = new ServiceStates(columns, plan.nodeCount);
    columns.f64(this, 'answers', plan.nodeCount << ROW_SHIFT);
    columns.f64(this, 'callCameAt', this.callTime.length);
    const { onGrow } = this.pool;
    this.pool.onGrow = (size) => {
      onGrow(size);
      columns.grow(this, 'callCameAt', size);
    };
    this.outcomes = new RecentOutcomes(columns, plan.nodeCount);
    for (const node of nodes) this.configure(sim, node, configs[node]);
  }

  offer(sim: Simulation, node: number, edge: number, tag: number): boolean {
    const call = this.pool.take();
    this.callEdge[call] = edge;
    this.callTag[call] = tag;
    this.callCameAt[call] = sim.now;
    sim.metrics.count(node, METRIC.in);
    sim.metrics.count(node, METRIC.attempts);
    const state = this.states.state[node];
    if (state === SERVICE_STATE.silent) this.standInLine(sim, node, call);
    else if (state === SERVICE_STATE.refusing) this.refuse(sim, node, call, ANSWER.unavailable);
    else if ((this.limiters.get(node)?.reserve(sim.now) ?? 0) < 0) {
      this.states.refuses(sim.now, node, SERVICE_EVENT.OVER_RATE_LIMIT);
      this.refuse(sim, node, call, ANSWER.rateLimited);
      return true;
    } else if (this.busy[node] < this.concurrency[node]) this.serve(sim, node, call);
    else if (this.lineLength[node] < this.queueLimit[node]) this.standInLine(sim, node, call);
    else {
      this.states.refuses(sim.now, node, SERVICE_EVENT.LINE_FULL);
      this.refuse(sim, node, call, ANSWER.overloaded);
    }
    if (state !== SERVICE_STATE.up) this.states.takes(sim.now, node);
    return true;
  }

  fire(sim: Simulation, node: number, type: number, call: number): void {
    if (type === REFUSED) {
      this.refusedCalls[node]--;
      this.answer(sim, node, call, false);
      return;
    }
    const chance = Math.max(this.failure[node], this.errorShare[node]);
    const failed = chance > 0 && sim.random.uniform(sim.stream(node, PURPOSE.failure)) < chance;
    sim.metrics.served(node, this.callTime[call]);
    sim.metrics.completed(node, sim.now - this.callCameAt[call]);
    if (failed) this.note(node, ANSWER.error);
    this.stopServing(sim, node, call);
    // Before the answer, upon which the caller may call again: who waits goes first.
    this.serveLine(sim, node);
    this.answer(sim, node, call, !failed);
  }

  setField(sim: Simulation, node: number, field: string, value: Json): void {
    if (field === 'failureProbability') this.failure[node] = value as number;
    else if (field === 'serviceTime') {
      sim.samplers.replace(this.service[node], value as unknown as Distribution);
    } else if (field === 'queueLimit') this.queueLimit[node] = value as number;
    else {
      this.concurrency[node] = value as number;
      this.serveLine(sim, node);
    }
  }

  inject(sim: Simulation, node: number, fault: string, args: Readonly<Record<string, Json>>): void {
    if (fault === 'slow') sim.samplers.scale(this.service[node], MICROS_PER_MS * (args.factor as number));
    else if (fault === 'errors') this.errorShare[node] = args.share as number;
    else {
      // A second outage on top of the first: what hung fails, so that nothing is left of the old one.
      this.states.send(sim.now, node, SERVICE_EVENT.OUTAGE_REFUSES);
      if (args.answers === 'silence') this.hang(sim, node);
      else this.failAll(sim, node);
    }
  }

  heal(sim: Simulation, node: number, fault: string): void {
    if (fault === 'slow') sim.samplers.scale(this.service[node], MICROS_PER_MS);
    else if (fault === 'errors') this.errorShare[node] = 0;
    else {
      // What hangs fails first; whoever calls again upon that finds the service well.
      const hung = this.lineLength[node];
      this.states.send(sim.now, node, SERVICE_EVENT.OUTAGE_OVER);
      this.failLine(sim, node, hung);
      this.serveLine(sim, node);
    }
  }

  gauge(_sim: Simulation, node: number, into: NodeGauge): void {
    into.level = Math.min(1, this.busy[node] / this.concurrency[node]);
    into.amount = this.busy[node];
    into.limit = this.concurrency[node];
    into.busy = this.busy[node];
    into.servers = Math.max(this.concurrency[node], this.busy[node]);
    into.down = this.states.isDown(node);
    into.machineState = this.states.state[node];
    into.machineSince = this.states.since[node];
    into.failing = this.outcomes.areMostlyFailures(node);
  }

  /** Messages stay with the callers. */
  held(): number {
    return 0;
  }

  /** How many calls ended in one of the ways of `ANSWER`. */
  answered(node: number, how: number): number {
    return this.answers[(node << ROW_SHIFT) | how];
  }

  /** The same by the names of the ways. */
  refusals(node: number): Record<Refusal, number> {
    const counts = Object.entries(ANSWER).map(([name, how]) => [name, this.answered(node, how)]);
    return Object.fromEntries(counts) as Record<Refusal, number>;
  }

  /** Calls that it worked on, well or badly: all that it answered but those that it refused. */
  worked(sim: Simulation, node: number): number {
    const refused = this.answered(node, ANSWER.rateLimited) + this.answered(node, ANSWER.overloaded);
    const notDone = refused + this.answered(node, ANSWER.unavailable);
    return sim.metrics.of(node, METRIC.out) + this.refusedCalls[node] - notDone;
  }

  /** Calls in the line of a service, by walking it; in a silent outage those that hang. */
  inLine(node: number): number {
    let calls = 0;
    for (let call = this.lineHead[node]; call !== NONE; call = this.callAfter[call]) calls++;
    return calls;
  }

  /** Calls that were refused and do not know it yet. */
  refusing(node: number): number {
    return this.refusedCalls[node];
  }

  /** Whether a service is in an outage of either sort. */
  isDown(node: number): boolean {
    return this.states.isDown(node);
  }

  private configure(sim: Simulation, node: number, config: NodeConfig): void {
    this.concurrency[node] = numberOf(config, 'concurrency');
    this.queueLimit[node] = numberOf(config, 'queueLimit');
    this.failure[node] = numberOf(config, 'failureProbability');
    this.refusalTime[node] = microsOf(config, 'refusalTime');
    this.service[node] = sim.samplers.add(distributionOf(config, 'serviceTime'));
    sim.samplers.scale(this.service[node], MICROS_PER_MS);
    const limit = choiceOf(config, 'rateLimit', RATE_LIMITS);
    const permits = numberOf(config, 'ratePermits');
    const periodMicros = microsOf(config, 'ratePeriod');
    if (limit === OFF) return;
    const Limiter = limit === CYCLES ? FixedCycles : TokenBucket;
    const rule = { isBucket: limit !== CYCLES, permits, periodMicros, timeoutMicros: 0 };
    this.limiters.set(node, new Limiter(sim.columns, rule));
  }

  private serve(sim: Simulation, node: number, call: number): void {
    const stream = sim.stream(node, PURPOSE.service);
    const time = Math.round(sim.samplers.sample(this.service[node], sim.random, stream));
    this.callTime[call] = time;
    this.callHandle[call] = sim.after(time, node, SERVED, call);
    this.link(node, call);
    this.busy[node]++;
    sim.metrics.busyBy(node, 1);
    sim.metrics.waited(node, sim.now - this.callCameAt[call]);
  }

  private stopServing(sim: Simulation, node: number, call: number): void {
    this.unlink(node, call);
    this.busy[node]--;
    sim.metrics.busyBy(node, -1);
  }

  private standInLine(sim: Simulation, node: number, call: number): void {
    const tail = this.lineTail[node];
    this.callAfter[call] = NONE;
    if (tail === NONE) this.lineHead[node] = call;
    else this.callAfter[tail] = call;
    this.lineTail[node] = call;
    this.lineLength[node]++;
    sim.metrics.queuedBy(node, 1);
  }

  private leaveLine(sim: Simulation, node: number): number {
    const call = this.lineHead[node];
    this.lineHead[node] = this.callAfter[call];
    if (this.lineHead[node] === NONE) this.lineTail[node] = NONE;
    this.lineLength[node]--;
    sim.metrics.queuedBy(node, -1);
    return call;
  }

  /** Takes calls out of the line for as long as there are places. */
  private serveLine(sim: Simulation, node: number): void {
    if (this.states.isDown(node)) return;
    while (this.lineLength[node] > 0 && this.busy[node] < this.concurrency[node]) {
      this.serve(sim, node, this.leaveLine(sim, node));
    }
  }

  /** The call does no work, and its caller is told so in a moment. */
  private refuse(sim: Simulation, node: number, call: number, why: number): void {
    this.note(node, why);
    this.refusedCalls[node]++;
    sim.after(this.refusalTime[node], node, REFUSED, call);
  }

  private hang(sim: Simulation, node: number): void {
    this.states.send(sim.now, node, SERVICE_EVENT.OUTAGE_IS_SILENT);
    while (this.firstCall[node] !== NONE) {
      const call = this.firstCall[node];
      sim.cancel(this.callHandle[call]);
      this.stopServing(sim, node, call);
      this.standInLine(sim, node, call);
    }
  }

  private failAll(sim: Simulation, node: number): void {
    while (this.firstCall[node] !== NONE) {
      const call = this.firstCall[node];
      sim.cancel(this.callHandle[call]);
      this.stopServing(sim, node, call);
      this.note(node, ANSWER.unavailable);
      this.answer(sim, node, call, false);
    }
    this.failLine(sim, node, this.lineLength[node]);
  }

  /** The first calls of the line fail. */
  private failLine(sim: Simulation, node: number, count: number): void {
    for (let left = count; left > 0; left--) {
      const call = this.leaveLine(sim, node);
      this.note(node, ANSWER.unavailable);
      this.answer(sim, node, call, false);
    }
  }

  private answer(sim: Simulation, node: number, call: number, succeeded: boolean): void {
    const edge = this.callEdge[call];
    const tag = this.callTag[call];
    this.pool.give(call);
    this.outcomes.note(node, succeeded);
    sim.metrics.count(node, METRIC.out);
    sim.metrics.add(node, METRIC.failures, succeeded ? 0 : 1);
    sim.reply(edge, tag, succeeded);
  }

  private note(node: number, how: number): void {
    this.answers[(node << ROW_SHIFT) | how]++;
  }
}
