import { TRACE } from '../../engine/trace.ts';
import { GUARD_COUNT } from '../../kinds/shared/call-guard/call-guards.ts';
import type { GuardConfig, RetryConfig } from '../../kinds/shared/call-guard/guard-config.ts';
import { CALL, CALL_SHIFT } from '../../kinds/shared/call-guard/guarded-calls.ts';
import { GUARD_TIMER, FIRST_GUARD_TIMER } from '../../kinds/shared/call-guard/guard-timer.ts';
import { BREAKER_STATE } from '../../kinds/shared/circuit-breaker.ts';
import { MACHINE } from '../../kinds/shared/machine-rows.ts';
import { hold, typeOfEvent, type Law, type Scene, type TracedStep } from './law.ts';

const { closed: CLOSED, open: OPEN, 'half-open': HALF_OPEN } = BREAKER_STATE;
const MAY_FOLLOW: Readonly<Record<number, readonly number[]>> = {
  [CLOSED]: [OPEN],
  [OPEN]: [HALF_OPEN],
  [HALF_OPEN]: [OPEN, CLOSED],
};

/** What the law knows of one guard by listening alone. */
interface Watched {
  edge: number;
  config: GuardConfig;
  /** Tries that the target or its line has. */
  out: Set<number>;
  sent: number;
  /** Tries sent in the present cycle of the limiter. */
  cycle: number;
  inCycle: number;
  state: number;
  since: number;
  /** Tries sent, and callers that crashed, since the breaker is half-open. */
  trials: number;
  abandonedBefore: number;
}

/**
 * Guards of calls: an open breaker lets nothing pass, a half-open one its trials, a limiter no more than its share and a
 * bulkhead no more than its places, where a try that timed out counts until the target is done with it. Waits are as
 * declared, and every call that was made has ended or is in progress.
 */
export class GuardLaw implements Law {
  private readonly scene: Scene;
  private readonly guards: Watched[];

  constructor(scene: Scene) {
    this.scene = scene;
    const { guards } = scene.kinds;
    this.guards = guards.edges.map((edge, guard) => ({
      edge,
      config: guards.configOf(guard),
      out: new Set<number>(),
      sent: 0,
      cycle: 0,
      inCycle: 0,
      state: CLOSED,
      since: 0,
      trials: 0,
      abandonedBefore: 0,
    }));
  }

  sent(edge: number, _message: number, attempt: number, _accepted: boolean, again: boolean): void {
    const guard = this.scene.kinds.guards.of[edge];
    if (guard < 0 || again) return;
    const watched = this.guards[guard];
    watched.out.add(attempt);
    watched.sent++;
    watched.trials++;
    const { bulkhead } = watched.config;
    hold(!bulkhead || watched.out.size <= bulkhead.calls, 'I10: bulkhead', edge, watched.out.size);
    this.checkLimiter(watched);
    this.checkBreaker(watched, guard);
  }

  waitCancelled(edge: number, attempt: number): void {
    const guard = this.scene.kinds.guards.of[edge];
    if (guard >= 0) this.guards[guard].out.delete(attempt);
  }

  replied(edge: number, attempt: number): void {
    const guard = this.scene.kinds.guards.of[edge];
    if (guard < 0) return;
    hold(this.guards[guard].out.delete(attempt), 'I14: a try is answered that nobody made', edge, attempt);
  }

  scheduled(_handle: number, time: number, _priority: number, code: number, arg: number): void {
    const type = typeOfEvent(code);
    if (type < FIRST_GUARD_TIMER || type >= GUARD_TIMER.breaker) return;
    const { sim, kinds } = this.scene;
    const { cells } = kinds.guards.calls;
    const at = arg << CALL_SHIFT;
    const { edge, config } = this.guards[cells[at | CALL.guard]];
    const delay = time - sim.now;
    const { timeoutMicros, limiter, bulkhead, retry } = config;
    if (type === GUARD_TIMER.timedOut) hold(delay === timeoutMicros, 'I32: timeout of a call', edge, delay);
    else if (type === GUARD_TIMER.noPlace)
      hold(delay === bulkhead?.waitMicros, 'I32: wait for a place', edge);
    else if (type === GUARD_TIMER.limited) hold(delay <= limiter!.timeoutMicros, 'I32: limiter', edge, delay);
    else this.checkRetry(edge, retry!, cells[at | CALL.tries], delay);
  }

  traced({ at, code, a, b: state, c: edge }: TracedStep): void {
    if (code !== TRACE.machine || a !== MACHINE.breaker) return;
    const { kinds } = this.scene;
    const watched = this.guards[kinds.guards.of[edge]];
    const { state: before, since } = watched;
    hold(MAY_FOLLOW[before].includes(state), 'I47: a breaker changed as none does', edge, before, state);
    const { waitDurationInOpenStateMicros: wait, automaticTransitionFromOpenToHalfOpenEnabled: isAutomatic } =
      watched.config.breaker!;
    const waited = at - since;
    if (before === OPEN) {
      hold(isAutomatic ? waited === wait : waited > wait, 'I47: open for another time', edge, waited, wait);
    }
    watched.state = state;
    watched.since = at;
    watched.trials = 0;
    watched.abandonedBefore = kinds.guards.counted(kinds.guards.of[edge], GUARD_COUNT.abandoned);
  }

  afterEvent(thorough: boolean): void {
    const { guards } = this.scene.kinds;
    let out = 0;
    this.guards.forEach((watched, guard) => {
      out += watched.out.size;
      hold(guards.runningOf(guard) === watched.out.size, 'I5: tries in progress', watched.edge);
      if (thorough) this.checkBooks(watched, guard);
    });
    hold(guards.calls.triesInProgress === out, 'I5: tries are forgotten', guards.calls.triesInProgress, out);
  }

  private checkBooks({ edge, config, out, sent }: Watched, guard: number): void {
    const { guards } = this.scene.kinds;
    const counted = (what: keyof typeof GUARD_COUNT) => guards.counted(guard, GUARD_COUNT[what]);
    const ended = counted('succeeded') + counted('fellBack') + counted('failed') + counted('abandoned');
    const inProgress = guards.calls.count(guard);
    hold(counted('calls') === ended + inProgress, 'I3: calls', edge, counted('calls'), ended, inProgress);
    hold(counted('sent') === sent, 'I5: tries sent', edge, counted('sent'), sent);
    const most = counted('calls') * (config.retry?.maxTries ?? 1);
    hold(sent <= counted('tries') && counted('tries') <= most, 'I15: tries of calls', edge, sent, most);
    hold(config.fallsBack ? counted('failed') === 0 : counted('fellBack') === 0, 'I6: fallback', edge);
    const waits = guards.calls.queueHead[guard] >= 0;
    hold(!waits || out.size === config.bulkhead?.calls, 'I46: a call waits beside a free place', edge);
  }

  private checkLimiter(watched: Watched): void {
    const { limiter, bulkhead } = watched.config;
    // Who waits for a place after its permission starts later than the limiter said.
    if (!limiter || bulkhead) return;
    const { now } = this.scene.sim;
    const { permits, periodMicros, isBucket } = limiter;
    if (isBucket) {
      const most = permits + (permits * now) / periodMicros + 1e-6;
      hold(watched.sent <= most, 'I10: token bucket', watched.edge, watched.sent, most);
      return;
    }
    const cycle = Math.floor(now / periodMicros);
    watched.inCycle = cycle === watched.cycle ? watched.inCycle + 1 : 1;
    watched.cycle = cycle;
    hold(watched.inCycle <= permits, 'I10: rate limiter', watched.edge, watched.inCycle, permits);
  }

  private checkBreaker(watched: Watched, guard: number): void {
    const { edge, state, trials, abandonedBefore, config } = watched;
    // What was permitted before the change may start after it, once it has waited.
    if (!config.breaker || config.limiter || config.bulkhead) return;
    hold(state !== OPEN, 'I47: a try passed an open breaker', edge);
    if (state !== HALF_OPEN) return;
    const { guards } = this.scene.kinds;
    const givenBack = guards.counted(guard, GUARD_COUNT.abandoned) - abandonedBefore;
    const most = config.breaker.permittedNumberOfCallsInHalfOpenState + givenBack;
    hold(trials <= most, 'I47: too many trials', edge, trials, most);
  }

  private checkRetry(edge: number, retry: RetryConfig, tries: number, delay: number): void {
    const { jitter, firstMicros, factor, maxMicros, maxTries } = retry;
    hold(tries >= 1 && tries < maxTries, 'I15: a try too many', edge, tries);
    const base = Math.min(maxMicros, firstMicros * factor ** (tries - 1));
    const [least, most] = {
      none: [base, base],
      full: [0, base],
      equal: [base / 2, base],
      decorrelated: [Math.min(firstMicros, maxMicros), maxMicros],
    }[jitter];
    hold(delay >= least - 1 && delay <= most + 1, 'I15: wait of a call', edge, tries, delay, [least, most]);
  }
}

/** Whether a call along this edge can have failed without a failure of what it calls. */
export function guardCanFail({ kinds }: Scene, edge: number): boolean {
  const { guards } = kinds;
  const guard = guards.of[edge];
  if (guard < 0) return false;
  const reasons = ['timeouts', 'refusedByBreaker', 'refusedByLimiter', 'refusedByBulkhead'] as const;
  return reasons.some((reason) => guards.counted(guard, GUARD_COUNT[reason]) > 0);
}
