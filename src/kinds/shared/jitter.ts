/** Ways to spread waits at random, by the names of the AWS Architecture Blog; `proportional` is Kafka's. */
export const JITTERS = ['proportional', 'none', 'full', 'equal', 'decorrelated'] as const;
export const JITTER = { proportional: 0, none: 1, full: 2, equal: 3, decorrelated: 4 } as const;

/** What a wait is made of; all times in one unit. */
export interface Wait {
  /** As it would be without jitter, `max` at most. */
  delay: number;
  /** The wait before the first retry, and the longest one. */
  first: number;
  max: number;
  /** The wait before this one, `first` if there was none; for `decorrelated`. */
  previous: number;
  /** Largest change as a share of the delay; for `proportional`. */
  share: number;
}

/**
 * A wait with jitter, for a number drawn evenly from 0 to 1: *full* is anything up to the delay, *equal* half of it and
 * anything up to the other half, *decorrelated* anything from the first wait to three times the previous one,
 * *proportional* the delay and up to a share of it more or less. None is longer than `max`.
 */
export function jittered(
  kind: number,
  { delay, first, max, previous, share: jitter }: Wait,
  draw: number,
): number {
  switch (kind) {
    case JITTER.none:
      return delay;
    case JITTER.full:
      return delay * draw;
    case JITTER.equal:
      return delay / 2 + (delay / 2) * draw;
    case JITTER.decorrelated:
      return Math.min(max, first + (Math.max(first, previous * 3) - first) * draw);
    default:
      return Math.min(max, delay * (1 - jitter + 2 * jitter * draw));
  }
}
