import type { Columns } from '../../lib/columns.ts';
import { circuitBreakerMachine } from '../../machines/circuit-breaker.machine.ts';
import { compileMachine, nextState } from '../../machines/compile-machine.ts';
import { LastCalls, LastSeconds, type OutcomeWindow } from './outcome-window.ts';

const BREAKER = compileMachine(circuitBreakerMachine);
/** States of a breaker by name, as `stateIndex` says them. */
export const BREAKER_STATE = BREAKER.state;
const STATE = BREAKER_STATE;
const EVENT = BREAKER.event;

export type BreakerEvent = keyof typeof EVENT;
export type BreakerStateName = keyof typeof STATE;

/** Events that begin their state anew even if the breaker is in it already. */
const BY_HAND: ReadonlySet<BreakerEvent> = new Set([
  'RESET',
  'TRIP',
  'FORCE_OPEN',
  'DISABLE',
  'ONLY_MEASURE',
] satisfies BreakerEvent[]);

/** Settings of a circuit breaker, by the names and with the meanings of resilience4j. */
export interface BreakerConfig {
  failureRateThreshold: number;
  slowCallRateThreshold: number;
  /** A call is slow if it takes longer than this, not if it takes as long. */
  slowCallDurationThresholdMicros: number;
  isTimeWindow: boolean;
  /** Calls, or seconds. */
  slidingWindowSize: number;
  minimumNumberOfCalls: number;
  waitDurationInOpenStateMicros: number;
  permittedNumberOfCallsInHalfOpenState: number;
  /** How long trial calls may take before the breaker opens again; 0 is for ever. */
  maxWaitDurationInHalfOpenStateMicros: number;
  /** Whether it turns half-open by itself rather than with the first call after the wait. */
  automaticTransitionFromOpenToHalfOpenEnabled: boolean;
}

/** The defaults of resilience4j (CircuitBreakerConfig). */
export const BREAKER_DEFAULTS: Readonly<BreakerConfig> = {
  failureRateThreshold: 50,
  slowCallRateThreshold: 100,
  slowCallDurationThresholdMicros: 60_000_000,
  isTimeWindow: false,
  slidingWindowSize: 100,
  minimumNumberOfCalls: 100,
  waitDurationInOpenStateMicros: 60_000_000,
  permittedNumberOfCallsInHalfOpenState: 10,
  maxWaitDurationInHalfOpenStateMicros: 0,
  automaticTransitionFromOpenToHalfOpenEnabled: false,
};

/** What can be read off a breaker; a rate is in percent, and -1 while there are too few calls to tell. */
export interface BreakerReading {
  state: BreakerStateName;
  failureRate: number;
  slowCallRate: number;
  buffered: number;
  failed: number;
  notPermitted: number;
}

/**
 * One circuit breaker (resilience4j, CircuitBreakerStateMachine and CircuitBreakerMetrics). Times come in as whole
 * microseconds that never go back. Its control state is an entry of the compiled machine, and all it remembers lies in
 * the columns of the run.
 */
export class CircuitBreaker {
  private state = BREAKER.initial;
  private notPermitted = 0;
  private trialsLeft = 0;
  private enteredMicros = 0;
  /** Whether the calls that count are the trials of the half-open state: 1 or 0. */
  private countsTrials = 0;

  private readonly usual: OutcomeWindow;
  private readonly trials: OutcomeWindow;
  private readonly config: Readonly<BreakerConfig>;

  constructor(columns: Columns, config: Readonly<BreakerConfig>) {
    const { isTimeWindow, slidingWindowSize, permittedNumberOfCallsInHalfOpenState } = config;
    this.config = config;
    this.usual = new (isTimeWindow ? LastSeconds : LastCalls)(columns, slidingWindowSize);
    this.trials = new LastCalls(columns, permittedNumberOfCallsInHalfOpenState);
    columns.scalars(this, ['state', 'notPermitted', 'trialsLeft', 'countsTrials']);
    columns.wideScalars(this, ['enteredMicros']);
  }

  /** Place of its state among those of the machine, as of the last call or the last `advance`. */
  get stateIndex(): number {
    return this.state;
  }

  /** Whether a call may go; in the half-open state it then holds one of the few permissions. */
  tryAcquirePermission(nowMicros: number): boolean {
    this.advance(nowMicros);
    if (
      this.state === STATE.open &&
      nowMicros > this.enteredMicros + this.config.waitDurationInOpenStateMicros
    ) {
      this.send('WAIT_OVER', nowMicros);
    }
    const refused =
      this.state === STATE.open ||
      this.state === STATE['forced-open'] ||
      (this.state === STATE['half-open'] && this.trialsLeft === 0);
    if (refused) this.notPermitted++;
    else if (this.state === STATE['half-open']) this.trialsLeft--;
    return !refused;
  }

  /** Gives a permission back unused, as for an outcome that is ignored. */
  releasePermission(nowMicros: number): void {
    this.advance(nowMicros);
    if (this.state === STATE['half-open']) this.trialsLeft++;
  }

  /** Counts how a call ended. A late one is counted in the open state too, where it changes nothing else. */
  report(failed: boolean, durationMicros: number, nowMicros: number): void {
    this.advance(nowMicros);
    if (this.state === STATE.disabled || this.state === STATE['forced-open']) return;
    this.window.note(failed, durationMicros > this.config.slowCallDurationThresholdMicros, nowMicros);
    const { failureRate, slowCallRate } = this.rates(nowMicros);
    if (failureRate < 0) return;
    const { failureRateThreshold, slowCallRateThreshold } = this.config;
    const isTooMuch =
      failureRate >= Math.fround(failureRateThreshold) || slowCallRate >= Math.fround(slowCallRateThreshold);
    this.send(isTooMuch ? 'THRESHOLD_REACHED' : 'TRIALS_PASSED', nowMicros);
  }

  /** Lets time pass, as much as there is: some changes need no call. */
  advance(nowMicros: number): void {
    for (let changes = 1; this.changesByItselfAt() <= nowMicros; changes++) {
      const event = this.state === STATE.open ? 'WAIT_OVER' : 'TRIALS_OVERDUE';
      this.send(event, this.changesByItselfAt());
      if (changes === 2) this.skipRounds(nowMicros);
    }
  }

  /** Sends an event of the machine; one that the state does not know changes nothing. */
  send(event: BreakerEvent, nowMicros: number): void {
    const before = this.state;
    this.state = nextState(BREAKER, before, EVENT[event]);
    if (this.state === before && !BY_HAND.has(event)) return;
    this.enteredMicros = nowMicros;
    // The open state goes on with the window that opened it, so that late results still show.
    if (this.state !== STATE.open) this.startWindow();
  }

  read(nowMicros: number): BreakerReading {
    this.advance(nowMicros);
    const { calls, failed } = this.window.counts(nowMicros);
    const state = BREAKER.states[this.state];
    return { state, ...this.rates(nowMicros), buffered: calls, failed, notPermitted: this.notPermitted };
  }

  /** From the second change on, every round of open and half-open leaves nothing behind but the time. */
  private skipRounds(nowMicros: number): void {
    const { waitDurationInOpenStateMicros, maxWaitDurationInHalfOpenStateMicros } = this.config;
    const behindMicros = nowMicros - this.enteredMicros;
    this.enteredMicros +=
      behindMicros - (behindMicros % (waitDurationInOpenStateMicros + maxWaitDurationInHalfOpenStateMicros));
  }

  private changesByItselfAt(): number {
    const { config } = this;
    if (this.state === STATE.open && config.automaticTransitionFromOpenToHalfOpenEnabled)
      return this.enteredMicros + config.waitDurationInOpenStateMicros;
    if (this.state === STATE['half-open'] && config.maxWaitDurationInHalfOpenStateMicros > 0)
      return this.enteredMicros + config.maxWaitDurationInHalfOpenStateMicros;
    return Infinity;
  }

  private startWindow(): void {
    this.countsTrials = this.state === STATE['half-open'] ? 1 : 0;
    this.window.clear();
    this.trialsLeft = this.config.permittedNumberOfCallsInHalfOpenState;
    this.notPermitted = 0;
  }

  private get window(): OutcomeWindow {
    return this.countsTrials ? this.trials : this.usual;
  }

  /** A window of calls that can never hold the minimum would never decide anything: it is enough that it is full. */
  private fewestCalls(): number {
    const { config } = this;
    if (this.countsTrials)
      return Math.min(config.minimumNumberOfCalls, config.permittedNumberOfCallsInHalfOpenState);
    if (config.isTimeWindow) return config.minimumNumberOfCalls;
    return Math.min(config.minimumNumberOfCalls, config.slidingWindowSize);
  }

  private rates(nowMicros: number): { failureRate: number; slowCallRate: number } {
    const { calls, failed, slow } = this.window.counts(nowMicros);
    if (calls === 0 || calls < this.fewestCalls()) return { failureRate: -1, slowCallRate: -1 };
    // Java computes with floats: 2 of 3 is 66.666664, and a threshold is met or missed by that.
    return { failureRate: percent(failed, calls), slowCallRate: percent(slow, calls) };
  }
}

function percent(part: number, whole: number): number {
  return Math.fround(Math.fround(part * 100) / whole);
}
