import { METRIC } from '../../engine/metrics.ts';
import type { Distribution } from '../../design/fields.ts';
import type { Json } from '../../design/types.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { NodeBehavior, NodeGauge } from '../node-behavior.ts';
import { CallsInProgress } from '../shared/calls-in-progress.ts';
import { distributionOf, numberOf, type NodeConfig } from '../shared/node-config.ts';
import { RecentOutcomes } from '../shared/recent-outcomes.ts';
import { DATABASE_EVENT, DATABASE_STATE, DatabaseStates } from './database-states.ts';

const MICROS_PER_MS = 1000;
const NONE = -1;
const { up: UP, full: FULL, stopped: STOPPED } = DATABASE_STATE;

/**
 * Databases: a call takes a connection for its service time and is then answered. When all connections are busy
 * the call is refused and its caller stands in the line that the engine keeps.
 */
export class Databases extends CallsInProgress implements NodeBehavior {
  private connections = new Int32Array();
  private busy = new Int32Array();
  readonly states: DatabaseStates;
  private failure = new Float64Array();
  private service = new Int32Array();
  private readonly outcomes: RecentOutcomes;

  constructor(sim: Simulation, configs: readonly NodeConfig[], nodes: readonly number[]) {
    const { columns, plan } = sim;
    super(columns, plan.nodeCount);
    columns.i32(this, 'connections', plan.nodeCount);
    columns.i32(this, 'busy', plan.nodeCount);
    this.states = new DatabaseStates(columns, plan.nodeCount);
    columns.f64(this, 'failure', plan.nodeCount);
    columns.i32(this, 'service', plan.nodeCount);
    this.outcomes = new RecentOutcomes(columns, plan.nodeCount);
    for (const node of nodes) {
      this.connections[node] = numberOf(configs[node], 'connections');
      this.failure[node] = numberOf(configs[node], 'failureProbability');
      this.service[node] = sim.samplers.add(distributionOf(configs[node], 'serviceTime'));
      sim.samplers.scale(this.service[node], MICROS_PER_MS);
    }
  }

  offer(sim: Simulation, node: number, edge: number, tag: number): boolean {
    if (this.states.state[node] === STOPPED || this.busy[node] >= this.connections[node]) {
      this.states.letsWait(sim.now, node);
      return false;
    }
    const stream = sim.stream(node, PURPOSE.service);
    const time = Math.round(sim.samplers.sample(this.service[node], sim.random, stream));
    const call = this.pool.take();
    this.callEdge[call] = edge;
    this.callTag[call] = tag;
    this.callTime[call] = time;
    this.callHandle[call] = sim.after(time, node, 0, call);
    this.link(node, call);
    this.busy[node]++;
    sim.metrics.count(node, METRIC.in);
    sim.metrics.count(node, METRIC.attempts);
    sim.metrics.busyBy(node, 1);
    // Whoever stood in line meanwhile was not counted by who freed the connections.
    if (this.busy[node] < this.connections[node]) sim.roomFreed(node);
    // Who stands behind the caller that was let in is not asked.
    else if (this.states.state[node] === UP && sim.transfers.waiters.count[node] > 0)
      this.states.letsWait(sim.now, node);
    return true;
  }

  /** A call is done. */
  fire(sim: Simulation, node: number, _type: number, call: number): void {
    const chance = this.failure[node];
    const failed = chance > 0 && sim.random.uniform(sim.stream(node, PURPOSE.failure)) < chance;
    sim.metrics.served(node, this.callTime[call]);
    sim.metrics.completed(node, this.callTime[call]);
    this.finish(sim, node, call, !failed);
  }

  setField(sim: Simulation, node: number, field: string, value: Json): void {
    if (field === 'failureProbability') this.failure[node] = value as number;
    else if (field === 'serviceTime') {
      sim.samplers.replace(this.service[node], value as unknown as Distribution);
    } else {
      this.connections[node] = value as number;
      this.letIn(sim, node);
    }
  }

  inject(sim: Simulation, node: number, fault: string, args: Readonly<Record<string, Json>>): void {
    if (fault === 'slow') {
      sim.samplers.scale(this.service[node], MICROS_PER_MS * (args.factor as number));
      return;
    }
    this.states.send(sim.now, node, DATABASE_EVENT.STOPPED);
    while (this.firstCall[node] !== NONE) {
      const call = this.firstCall[node];
      sim.cancel(this.callHandle[call]);
      this.finish(sim, node, call, false);
    }
  }

  heal(sim: Simulation, node: number, fault: string): void {
    if (fault === 'slow') {
      sim.samplers.scale(this.service[node], MICROS_PER_MS);
      return;
    }
    this.states.send(sim.now, node, DATABASE_EVENT.STARTED);
    this.letIn(sim, node);
  }

  gauge(_sim: Simulation, node: number, into: NodeGauge): void {
    into.level = Math.min(1, this.busy[node] / this.connections[node]);
    into.amount = this.busy[node];
    into.limit = this.connections[node];
    into.busy = this.busy[node];
    // A connection that was taken away goes when its call is done.
    into.servers = Math.max(this.connections[node], this.busy[node]);
    into.down = this.states.state[node] === STOPPED;
    into.machineState = this.states.state[node];
    into.machineSince = this.states.since[node];
    into.failing = this.outcomes.areMostlyFailures(node);
  }

  /** Messages stay with the callers. */
  held(): number {
    return 0;
  }

  private finish(sim: Simulation, node: number, call: number, succeeded: boolean): void {
    const edge = this.callEdge[call];
    const tag = this.callTag[call];
    this.unlink(node, call);
    this.pool.give(call);
    this.busy[node]--;
    this.outcomes.note(node, succeeded);
    sim.metrics.count(node, METRIC.out);
    sim.metrics.add(node, METRIC.failures, succeeded ? 0 : 1);
    sim.metrics.busyBy(node, -1);
    const state = this.states.state[node];
    if (state !== STOPPED && this.busy[node] < this.connections[node]) sim.roomFreed(node);
    if (state === FULL) this.frees(sim, node);
    sim.reply(edge, tag, succeeded);
  }

  /** A connection of a full database is free: for nobody, unless somebody waits for it. */
  private frees(sim: Simulation, node: number): void {
    const isFree = this.busy[node] < this.connections[node] && sim.transfers.waiters.count[node] === 0;
    if (isFree) this.states.frees(sim.now, node, this.busy[node]);
  }

  /** Calls as many waiting callers as there are free connections. */
  private letIn(sim: Simulation, node: number): void {
    if (this.states.state[node] === STOPPED) return;
    const free = Math.max(0, this.connections[node] - this.busy[node]);
    const waiting = sim.transfers.waiters.count[node];
    // Who stays in line is not asked again, so nobody else would say so.
    if (waiting > free) this.states.letsWait(sim.now, node);
    for (let i = Math.min(free, waiting); i > 0; i--) sim.roomFreed(node);
  }
}
