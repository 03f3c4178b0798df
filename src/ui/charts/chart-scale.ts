/** Range of a linear strip: from 0 to the next 1, 2, 2.5 or 5 above everything shown. */
export function linearRange(values: readonly number[]): [number, number] {
  const top = Math.max(0, ...values.filter(Number.isFinite));
  return [0, niceAbove(top)];
}

/** Range of a logarithmic strip: whole decades around everything shown, at least one. */
export function logRange(values: readonly number[]): [number, number] {
  const shown = values.filter((value) => Number.isFinite(value) && value > 0);
  if (shown.length === 0) return [1, 1000];
  const low = Math.floor(Math.log10(Math.min(...shown)));
  const high = Math.ceil(Math.log10(Math.max(...shown)));
  return [10 ** low, 10 ** Math.max(high, low + 1)];
}

function niceAbove(value: number): number {
  if (value <= 0) return 1;
  const decade = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((nice) => nice * decade >= value * 1.02);
  return (step ?? 12) * decade;
}

const SECOND = 1000;
const STEPS_MS = [
  0.001, 0.01, 0.1, 1, 10, 100, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800,
  86_400, 604_800, 2_592_000,
].map((value, index) => (index < 6 ? value : value * SECOND));

/** Times at which the axis of a young run may end, before the horizon. */
const AXIS_ENDS_MS = [60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400, 604_800].map((s) => s * SECOND);

/**
 * Where the time axis ends: the horizon, or, while a long run is young, the next round time that leaves room for what
 * has run and for the next planned fault. Without this the first minute of an hour would be a hair's breadth.
 */
export function axisEndMs(nowMs: number, horizonMs: number, nextFaultMs = 0): number {
  const needed = Math.max(nowMs * 1.1, nextFaultMs * 1.1);
  const end = AXIS_ENDS_MS.find((candidate) => candidate >= needed) ?? horizonMs;
  return Math.min(horizonMs, end);
}

/** Round times for the labels of an axis from 0 to the horizon, about six of them. */
export function axisTimes(horizonMs: number): number[] {
  if (!(horizonMs > 0)) return [0];
  const step = STEPS_MS.find((candidate) => horizonMs / candidate <= 6.5) ?? horizonMs / 6;
  const times: number[] = [];
  for (let time = 0; time <= horizonMs * 1.0001; time += step) times.push(time);
  return times;
}

/** Index of the last sample at or before a time, -1 for none. Samples are in order of time. */
export function sampleAt(times: ArrayLike<number>, ms: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
