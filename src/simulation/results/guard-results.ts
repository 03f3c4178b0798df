import type { RunKinds } from '../../kinds/run-kinds.ts';
import { GUARD_COUNT } from '../../kinds/shared/call-guard/call-guards.ts';
import { BREAKER_STATE, type BreakerStateName } from '../../kinds/shared/circuit-breaker.ts';
import type { GuardResults } from './results.ts';

const STATES = Object.keys(BREAKER_STATE) as BreakerStateName[];

/** What the guards of an edge say of its calls; null for an edge without guards. */
export function guardResults({ guards }: RunKinds, edge: number): GuardResults | null {
  const guard = guards.of[edge];
  if (guard < 0) return null;
  const counted = (what: keyof typeof GUARD_COUNT) => guards.counted(guard, GUARD_COUNT[what]);
  const ended = counted('succeeded') + counted('fellBack') + counted('failed') + counted('abandoned');
  return {
    calls: counted('calls'),
    succeeded: counted('succeeded'),
    fellBack: counted('fellBack'),
    failed: counted('failed'),
    abandoned: counted('abandoned'),
    inProgress: counted('calls') - ended,
    tries: counted('tries'),
    attempts: counted('sent'),
    amplification: counted('calls') > 0 ? counted('sent') / counted('calls') : null,
    timeouts: counted('timeouts'),
    lateAnswers: counted('late'),
    refusedByBreaker: counted('refusedByBreaker'),
    refusedByLimiter: counted('refusedByLimiter'),
    refusedByBulkhead: counted('refusedByBulkhead'),
    breaker: breakerResults(guards.breakers, guard),
  };
}

function breakerResults(breakers: RunKinds['guards']['breakers'], guard: number): GuardResults['breaker'] {
  const state = breakers.stateOf(guard);
  if (state < 0) return null;
  return {
    state: STATES[state],
    changes: breakers.changesOf(guard),
    openings: breakers.openingsOf(guard),
    failureRatePercent: share(breakers.failureRateOf(guard)),
    slowRatePercent: share(breakers.slowRateOf(guard)),
  };
}

/** Too few calls say nothing. */
function share(percent: number): number | null {
  return percent < 0 ? null : percent;
}
