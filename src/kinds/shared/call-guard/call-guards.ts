import type { Json } from '../../../design/types.ts';
import { PURPOSE } from '../../../engine/plan.ts';
import type { Simulation } from '../../../engine/simulation.ts';
import { EDGE_ROLE } from '../edge-roles.ts';
import { guardConfig, type GuardConfig } from './guard-config.ts';
import { GuardBreakers } from './guard-breakers.ts';
import { GUARD_TIMER } from './guard-timer.ts';
import { CALL, CALL_PHASE, CALL_SHIFT, CALL_TIME, CALL_TIME_SHIFT, GuardedCalls } from './guarded-calls.ts';
import { FixedCycles, TokenBucket, type RateLimiter } from './rate-limiters.ts';
import { retryWait } from './retry-waits.ts';

const NONE = -1;

/** What is counted of each guard, one row of 16 doubles. */
export const GUARD_COUNT = {
  /** Calls that callers asked for, and how they ended: answered, with the fallback, failed, or with their caller. */
  calls: 0,
  succeeded: 1,
  fellBack: 2,
  failed: 3,
  abandoned: 4,
  /** Tries, refused ones included, and those of them that went out to the target. */
  tries: 5,
  sent: 6,
  timeouts: 7,
  refusedByBreaker: 8,
  refusedByLimiter: 9,
  refusedByBulkhead: 10,
  /** Answers that came after their call had given up. */
  late: 11,
} as const;
const COUNT_SHIFT = 4;

/** Tells the caller how its call ended, as `Behaviors.reply` does. */
export type Answer = (sim: Simulation, node: number, edge: number, tag: number, succeeded: boolean) => void;

/**
 * Calls along edges that have guards, in resilience4j's order: a fallback around retry, circuit breaker, rate limiter,
 * time limiter and bulkhead. The caller hands a call over and hears once how it ended, maybe before `call` returns.
 * A try that timed out keeps its place in the bulkhead and at the target until the target is done with it.
 */
export class CallGuards {
  /** The guard of each edge, -1 for none. */
  readonly of: Int32Array;
  /** The edge of each guard. */
  readonly edges: readonly number[];
  readonly breakers: GuardBreakers;
  readonly calls: GuardedCalls;
  private readonly configs: readonly GuardConfig[];
  private readonly limiters: readonly (RateLimiter | null)[];
  private readonly answer: Answer;
  private counts = new Float64Array();
  /** Of each guard: tries in its bulkhead. */
  private running = new Int32Array();

  constructor(
    sim: Simulation,
    role: Uint8Array,
    edgeFields: readonly Readonly<Record<string, Json>>[],
    answer: Answer,
  ) {
    const { columns, plan } = sim;
    this.answer = answer;
    this.of = new Int32Array(plan.edgeCount).fill(NONE);
    const edges: number[] = [];
    const configs: GuardConfig[] = [];
    for (let edge = 0; edge < plan.edgeCount; edge++) {
      const config = role[edge] === EDGE_ROLE.call ? guardConfig(edgeFields[edge]) : null;
      if (!config) continue;
      this.of[edge] = edges.length;
      edges.push(edge);
      configs.push(config);
    }
    this.edges = edges;
    this.configs = configs;
    this.limiters = configs.map(({ limiter }) => {
      if (!limiter) return null;
      return limiter.isBucket ? new TokenBucket(columns, limiter) : new FixedCycles(columns, limiter);
    });
    this.breakers = new GuardBreakers(sim, edges, configs);
    this.calls = new GuardedCalls(columns, edges.length);
    columns.f64(this, 'counts', edges.length << COUNT_SHIFT);
    columns.i32(this, 'running', edges.length);
  }

  /** A caller calls along a guarded edge and keeps the message; `tag` is what it knows the call by. */
  call(sim: Simulation, edge: number, message: number, tag: number): void {
    const guard = this.of[edge];
    this.count(guard, GUARD_COUNT.calls);
    this.try(sim, this.calls.begin(guard, tag, message));
  }

  /** The caller is gone and no answer reaches it. The target goes on with a try that it has. */
  abandon(sim: Simulation, edge: number, tag: number): void {
    const guard = this.of[edge];
    const call = guard === NONE ? NONE : this.calls.find(guard, tag);
    if (call === NONE) return;
    const phase = this.calls.cells[(call << CALL_SHIFT) | CALL.phase];
    this.count(guard, GUARD_COUNT.abandoned);
    this.stopWaiting(sim, call);
    if (phase !== CALL_PHASE.retrying) this.breakers.release(sim, guard);
    this.calls.end(call);
  }

  /** There is room at the target for a try that stands in line. */
  room(sim: Simulation, edge: number, attempt: number): void {
    const { cells, callOf } = this.calls;
    const at = callOf[attempt] << CALL_SHIFT;
    if (sim.resend(edge, cells[at | CALL.message], attempt)) cells[at | CALL.phase] = CALL_PHASE.calling;
  }

  /** The target is done with a try. */
  reply(sim: Simulation, edge: number, attempt: number, succeeded: boolean): void {
    const guard = this.of[edge];
    const call = this.calls.callOf[attempt];
    this.calls.endTry(attempt);
    this.placeFreed(sim, guard);
    if (call === NONE) this.count(guard, GUARD_COUNT.late);
    else this.ended(sim, call, succeeded);
  }

  /** An event of a call, or of a breaker, is due. */
  fire(sim: Simulation, type: number, arg: number): void {
    if (type === GUARD_TIMER.breaker) {
      this.breakers.fire(sim, arg);
      return;
    }
    const at = arg << CALL_SHIFT;
    const { cells } = this.calls;
    const guard = cells[at | CALL.guard];
    if (type === GUARD_TIMER.timedOut) {
      cells[at | CALL.timeout] = NONE;
      this.count(guard, GUARD_COUNT.timeouts);
      this.stopWaiting(sim, arg);
      this.ended(sim, arg, false);
      return;
    }
    cells[at | CALL.timer] = NONE;
    if (type === GUARD_TIMER.limited) this.begin(sim, arg);
    else if (type === GUARD_TIMER.retry) this.try(sim, arg);
    else {
      this.calls.unqueue(arg);
      this.count(guard, GUARD_COUNT.refusedByBulkhead);
      this.ended(sim, arg, false);
    }
  }

  /** A figure of a guard, over the whole run. */
  counted(guard: number, what: (typeof GUARD_COUNT)[keyof typeof GUARD_COUNT]): number {
    return this.counts[(guard << COUNT_SHIFT) | what];
  }

  /** Tries in the bulkhead of a guard; all tries that the target has, where there is none. */
  runningOf(guard: number): number {
    return this.running[guard];
  }

  configOf(guard: number): GuardConfig {
    return this.configs[guard];
  }

  /** One try, from the breaker inwards. */
  private try(sim: Simulation, call: number): void {
    const { cells, times } = this.calls;
    const at = call << CALL_SHIFT;
    const guard = cells[at | CALL.guard];
    cells[at | CALL.tries]++;
    this.count(guard, GUARD_COUNT.tries);
    if (!this.breakers.permits(sim, guard)) {
      this.count(guard, GUARD_COUNT.refusedByBreaker);
      this.failed(sim, call);
      return;
    }
    times[(call << CALL_TIME_SHIFT) | CALL_TIME.permittedAt] = sim.now;
    const wait = this.limiters[guard]?.reserve(sim.now) ?? 0;
    if (wait < 0) {
      this.count(guard, GUARD_COUNT.refusedByLimiter);
      this.ended(sim, call, false);
    } else if (wait > 0) {
      this.wait(sim, call, CALL_PHASE.limited, wait, GUARD_TIMER.limited);
    } else {
      this.begin(sim, call);
    }
  }

  /** The time of the try begins. */
  private begin(sim: Simulation, call: number): void {
    const { cells } = this.calls;
    const at = call << CALL_SHIFT;
    const guard = cells[at | CALL.guard];
    const { timeoutMicros, bulkhead } = this.configs[guard];
    if (timeoutMicros > 0) {
      cells[at | CALL.timeout] = sim.after(
        timeoutMicros,
        this.nodeOf(sim, guard),
        GUARD_TIMER.timedOut,
        call,
      );
    }
    if (!bulkhead || this.running[guard] < bulkhead.calls) {
      this.send(sim, call);
    } else if (bulkhead.waitMicros > 0) {
      this.calls.queue(call);
      this.wait(sim, call, CALL_PHASE.queued, bulkhead.waitMicros, GUARD_TIMER.noPlace);
    } else {
      this.count(guard, GUARD_COUNT.refusedByBulkhead);
      this.ended(sim, call, false);
    }
  }

  private send(sim: Simulation, call: number): void {
    const { cells } = this.calls;
    const at = call << CALL_SHIFT;
    const guard = cells[at | CALL.guard];
    const attempt = this.calls.beginTry(call);
    this.running[guard]++;
    this.count(guard, GUARD_COUNT.sent);
    cells[at | CALL.phase] = CALL_PHASE.calling;
    const isTaken = sim.send(this.edges[guard], cells[at | CALL.message], attempt);
    if (!isTaken) cells[at | CALL.phase] = CALL_PHASE.inLine;
  }

  /** A try that was permitted has ended. */
  private ended(sim: Simulation, call: number, succeeded: boolean): void {
    const { cells, times } = this.calls;
    const at = call << CALL_SHIFT;
    const guard = cells[at | CALL.guard];
    this.cancelTimeout(sim, call);
    const micros = sim.now - times[(call << CALL_TIME_SHIFT) | CALL_TIME.permittedAt];
    this.breakers.report(sim, guard, !succeeded, micros);
    if (succeeded) this.end(sim, call, GUARD_COUNT.succeeded);
    else this.failed(sim, call);
  }

  private failed(sim: Simulation, call: number): void {
    const { cells, times } = this.calls;
    const at = call << CALL_SHIFT;
    const guard = cells[at | CALL.guard];
    const { retry, fallsBack } = this.configs[guard];
    const tries = cells[at | CALL.tries];
    if (!retry || tries >= retry.maxTries) {
      this.end(sim, call, fallsBack ? GUARD_COUNT.fellBack : GUARD_COUNT.failed);
      return;
    }
    const node = this.nodeOf(sim, guard);
    const time = (call << CALL_TIME_SHIFT) | CALL_TIME.wait;
    const previous = tries === 1 ? retry.firstMicros : times[time];
    const draw = retry.jitter === 'none' ? 0 : sim.random.uniform(sim.stream(node, PURPOSE.backoff));
    const wait = Math.round(retryWait(retry, tries - 1, previous, draw));
    times[time] = wait;
    this.wait(sim, call, CALL_PHASE.retrying, wait, GUARD_TIMER.retry);
  }

  /** The call is over: its caller hears of it. */
  private end(sim: Simulation, call: number, how: 1 | 2 | 3): void {
    const { cells } = this.calls;
    const at = call << CALL_SHIFT;
    const guard = cells[at | CALL.guard];
    const tag = cells[at | CALL.tag];
    this.count(guard, how);
    this.calls.end(call);
    this.answer(sim, this.nodeOf(sim, guard), this.edges[guard], tag, how !== GUARD_COUNT.failed);
  }

  /** Takes a call out of whatever it waits for or does. */
  private stopWaiting(sim: Simulation, call: number): void {
    const { cells } = this.calls;
    const at = call << CALL_SHIFT;
    const guard = cells[at | CALL.guard];
    const phase = cells[at | CALL.phase];
    this.cancelTimeout(sim, call);
    if (cells[at | CALL.timer] !== NONE) sim.cancel(cells[at | CALL.timer]);
    cells[at | CALL.timer] = NONE;
    if (phase === CALL_PHASE.queued) this.calls.unqueue(call);
    else if (phase === CALL_PHASE.calling) this.calls.giveUpTry(call);
    else if (phase === CALL_PHASE.inLine) {
      const attempt = cells[at | CALL.attempt];
      sim.cancelWait(this.edges[guard], attempt);
      this.calls.endTry(attempt);
      this.placeFreed(sim, guard);
    }
  }

  /** A try has left the bulkhead: the first that waits for a place gets it. */
  private placeFreed(sim: Simulation, guard: number): void {
    this.running[guard]--;
    const call = this.calls.queueHead[guard];
    if (call === NONE) return;
    const at = (call << CALL_SHIFT) | CALL.timer;
    this.calls.unqueue(call);
    sim.cancel(this.calls.cells[at]);
    this.calls.cells[at] = NONE;
    this.send(sim, call);
  }

  private wait(sim: Simulation, call: number, phase: number, micros: number, type: number): void {
    const { cells } = this.calls;
    const at = call << CALL_SHIFT;
    const node = this.nodeOf(sim, cells[at | CALL.guard]);
    cells[at | CALL.phase] = phase;
    cells[at | CALL.timer] = sim.after(micros, node, type, call);
  }

  private cancelTimeout(sim: Simulation, call: number): void {
    const at = (call << CALL_SHIFT) | CALL.timeout;
    const { cells } = this.calls;
    if (cells[at] !== NONE) sim.cancel(cells[at]);
    cells[at] = NONE;
  }

  private nodeOf(sim: Simulation, guard: number): number {
    return sim.transfers.from[this.edges[guard]];
  }

  private count(guard: number, what: number): void {
    this.counts[(guard << COUNT_SHIFT) | what]++;
  }
}
