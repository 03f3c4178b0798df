import {
  SAMPLE,
  SAMPLE_HEADER_SIZE,
  SAMPLE_NODE,
  SAMPLE_NODE_SIZE,
} from '../../../simulation/frame/frame-layout.ts';

/** How far back a sparkline looks, in simulated ms: less at the start of a run, when it would be a mere stub. */
const SPARK_MS = 30_000;
const SPARK_MS_MIN = 5_000;
const POINTS_MAX = 40;
/** A series that changes by less than this share of its size is drawn as a nearly flat line. */
const FLAT_SHARE = 0.4;

/**
 * The last 30 s of one node's column as shares of width and height: x, y pairs, y downwards. Null while there are
 * fewer than two samples.
 */
export function sparkline(
  samples: readonly Float64Array[],
  node: number,
  column: 'rate' | 'amount',
  outgoing: boolean,
): Float64Array | null {
  const last = samples.at(-1);
  if (!last) return null;
  const now = last[SAMPLE.simulatedMs];
  let first = samples.length - 1;
  while (first > 0 && samples[first - 1][SAMPLE.simulatedMs] >= now - SPARK_MS) first -= 1;
  const rows = samples.length - first;
  if (rows < 2) return null;
  const span = Math.max(SPARK_MS_MIN, Math.min(SPARK_MS, now - samples[first][SAMPLE.simulatedMs]));
  const stride = Math.max(1, Math.ceil(rows / POINTS_MAX));
  const rateColumn = outgoing ? SAMPLE_NODE.outPerSecond : SAMPLE_NODE.inPerSecond;
  const at =
    SAMPLE_HEADER_SIZE + node * SAMPLE_NODE_SIZE + (column === 'rate' ? rateColumn : SAMPLE_NODE.amount);
  const points: number[] = [];
  let [low, high] = [Infinity, -Infinity];
  for (let back = 0; back < rows; back += stride) {
    const row = samples[samples.length - 1 - back];
    const value = row[at] || 0;
    points.push(value, (row[SAMPLE.simulatedMs] - (now - span)) / span);
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const range = Math.max(high - low, Math.abs(high) * FLAT_SHARE, 1e-9);
  const base = (low + high) / 2 - range / 2;
  const line = new Float64Array(points.length);
  for (let index = 0; index < points.length; index += 2) {
    const to = points.length - 2 - index;
    line[to] = points[index + 1];
    line[to + 1] = 1 - (points[index] - base) / range;
  }
  return line;
}
