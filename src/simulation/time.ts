/**
 * Simulated milliseconds, as the document and the page use them, to the engine's whole microseconds: the first one
 * that is not before `ms`, so that a run that has come this far has also reached `ms`.
 */
export function toMicros(ms: number): number {
  const near = Math.round(ms * 1000);
  return near / 1000 < ms ? near + 1 : near;
}

/** Whole microseconds to milliseconds; the inverse of `toMicros`. */
export function toMs(micros: number): number {
  return micros / 1000;
}

const UNITS: readonly [unit: string, ms: number][] = [
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
];

/** A simulated time in a sentence: `850 ms`, `12.3 s`, `4.5 min`, `2 h`; in three digits unless said otherwise. */
export function showTime(ms: number, digits = 3): string {
  for (const [unit, size] of UNITS) {
    if (ms >= size) return `${Number((ms / size).toPrecision(digits))} ${unit}`;
  }
  return `${Number(ms.toPrecision(digits))} ms`;
}
