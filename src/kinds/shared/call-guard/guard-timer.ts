/** Event types of guarded calls. They fire at the caller, whatever its kind, whose own types lie below `FIRST_GUARD_TIMER`. */
export const GUARD_TIMER = { limited: 26, timedOut: 27, noPlace: 28, retry: 29, breaker: 30 } as const;
export const FIRST_GUARD_TIMER = GUARD_TIMER.limited;
