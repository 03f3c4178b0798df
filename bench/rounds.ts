const ROUNDS = 5;

/** Does something so many times; what it returns keeps the work from being left out. */
export type Work = (times: number) => number;

/** Operations a second: the median of five rounds after one to warm up. */
export function speedOf(work: Work, times: number): number {
  work(times);
  return median(
    Array.from({ length: ROUNDS }, () => {
      const from = performance.now();
      work(times);
      return times / ((performance.now() - from) / 1000);
    }),
  );
}

/** The middle one; NaN for none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}
