import type { Simulation } from '../../../engine/simulation.ts';
import { TRACE } from '../../../engine/trace.ts';
import { BREAKER_STATE, CircuitBreaker, type BreakerConfig } from '../circuit-breaker.ts';
import { MACHINE } from '../machine-rows.ts';
import type { GuardConfig } from './guard-config.ts';
import { GUARD_TIMER } from './guard-timer.ts';

const NONE = -1;

/**
 * The circuit breakers of the guarded edges, one an edge at most. Changes of state that need no call come as events, so
 * that each happens at its time; every change is told to the trace.
 */
export class GuardBreakers {
  private readonly breakers: readonly (CircuitBreaker | null)[];
  private readonly configs: readonly (BreakerConfig | null)[];
  private readonly edges: readonly number[];
  /** Of each guard: the state that was told last, since when, how often it changed, and how often to open. */
  private state = new Uint8Array();
  private since = new Float64Array();
  private changes = new Float64Array();
  private openings = new Float64Array();
  private timer = new Int32Array();
  /** Shares of failed and of slow calls in percent, as of the last one; -1 while there are too few to tell. */
  private failureRate = new Float64Array();
  private slowRate = new Float64Array();

  constructor(sim: Simulation, edges: readonly number[], configs: readonly GuardConfig[]) {
    const { columns } = sim;
    this.edges = edges;
    this.configs = configs.map(({ breaker }) => breaker);
    this.breakers = this.configs.map((config) => config && new CircuitBreaker(columns, config));
    columns.u8(this, 'state', edges.length);
    columns.f64(this, 'since', edges.length);
    columns.f64(this, 'changes', edges.length);
    columns.f64(this, 'openings', edges.length);
    columns.i32(this, 'timer', edges.length).fill(NONE);
    columns.f64(this, 'failureRate', edges.length).fill(NONE);
    columns.f64(this, 'slowRate', edges.length).fill(NONE);
  }

  /** Whether a try may go. */
  permits(sim: Simulation, guard: number): boolean {
    const breaker = this.breakers[guard];
    if (!breaker) return true;
    const isPermitted = breaker.tryAcquirePermission(sim.now);
    this.note(sim, guard, breaker);
    return isPermitted;
  }

  /** A permission was not used: nobody will ever know how the try ended. */
  release(sim: Simulation, guard: number): void {
    const breaker = this.breakers[guard];
    if (!breaker) return;
    breaker.releasePermission(sim.now);
    this.note(sim, guard, breaker);
  }

  /** A try that was permitted has ended. */
  report(sim: Simulation, guard: number, failed: boolean, micros: number): void {
    const breaker = this.breakers[guard];
    if (!breaker) return;
    // It may turn half-open and, by this very result, open again: two changes at one instant.
    breaker.advance(sim.now);
    this.note(sim, guard, breaker);
    breaker.report(failed, micros, sim.now);
    this.note(sim, guard, breaker);
    // Kept, as asking a breaker lets its time pass: whoever looks at a run must not change it.
    const { failureRate, slowCallRate } = breaker.read(sim.now);
    this.failureRate[guard] = failureRate;
    this.slowRate[guard] = slowCallRate;
  }

  /** The time has come at which the state changes without a call. */
  fire(sim: Simulation, guard: number): void {
    this.timer[guard] = NONE;
    const breaker = this.breakers[guard]!;
    breaker.advance(sim.now);
    this.note(sim, guard, breaker);
  }

  /** Index of the state of its machine, NONE for an edge without a breaker. */
  stateOf(guard: number): number {
    return this.breakers[guard] ? this.state[guard] : NONE;
  }

  sinceOf(guard: number): number {
    return this.since[guard];
  }

  changesOf(guard: number): number {
    return this.changes[guard];
  }

  openingsOf(guard: number): number {
    return this.openings[guard];
  }

  /** Percent of the calls that counted after the last one had ended, -1 for too few. */
  failureRateOf(guard: number): number {
    return this.failureRate[guard];
  }

  slowRateOf(guard: number): number {
    return this.slowRate[guard];
  }

  private note(sim: Simulation, guard: number, breaker: CircuitBreaker): void {
    const state = breaker.stateIndex;
    if (state === this.state[guard]) return;
    const edge = this.edges[guard];
    const node = sim.transfers.from[edge];
    this.state[guard] = state;
    this.since[guard] = sim.now;
    this.changes[guard]++;
    if (state === BREAKER_STATE.open) this.openings[guard]++;
    sim.trace.add(sim.now, TRACE.machine, node, MACHINE.breaker, state, edge);
    if (this.timer[guard] !== NONE) sim.cancel(this.timer[guard]);
    const wait = this.waitOf(guard, state);
    this.timer[guard] = wait > 0 ? sim.after(wait, node, GUARD_TIMER.breaker, guard) : NONE;
  }

  /** Microseconds after which this state ends without a call, 0 for never. */
  private waitOf(guard: number, state: number): number {
    const config = this.configs[guard]!;
    if (state === BREAKER_STATE['half-open']) return config.maxWaitDurationInHalfOpenStateMicros;
    const endsByItself = state === BREAKER_STATE.open && config.automaticTransitionFromOpenToHalfOpenEnabled;
    return endsByItself ? config.waitDurationInOpenStateMicros : 0;
  }
}
