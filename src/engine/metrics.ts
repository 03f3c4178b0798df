import type { Columns } from '../lib/columns.ts';
import { Histograms } from '../lib/histogram.ts';

/** Which histogram of a node; the last entry after all nodes' is the whole design's. */
const WAIT = 0;
const LATENCY = 1;
const PER_NODE = 2;

/**
 * Figures of a node, one row of doubles each, so that what a node touches lies in two or three cache lines: with a
 * column for each figure the five hundred lanes of `pipe` waited for memory most of the time.
 */
export const METRIC = {
  /** Counters for the whole run. */
  in: 0,
  out: 1,
  /** Messages waiting in the node now, its largest value and the integral over time since `measuredFrom`. */
  queued: 2,
  queuedMax: 3,
  queuedArea: 4,
  queuedAt: 5,
  /** Busy servers now and the integral over time. */
  busy: 6,
  busyArea: 7,
  busyAt: 8,
  /** Sum and number of service times. */
  serviceSum: 9,
  serviceCount: 10,
  attempts: 11,
  acknowledged: 12,
  failures: 13,
  retries: 14,
  duplicates: 15,
  deadLettered: 16,
  dropped: 17,
  expired: 18,
} as const;
const ROW = 20;
export type Metric = (typeof METRIC)[keyof typeof METRIC];

/** Those that count over the whole run and are never set back. */
const COUNTERS = [
  'in',
  'out',
  'acknowledged',
  'deadLettered',
  'dropped',
  'expired',
  'attempts',
  'failures',
  'retries',
  'duplicates',
] as const;
export type Counter = (typeof COUNTERS)[number];

/**
 * Everything that is counted in a run, per node. Counters cover the whole run. Time averages and histograms start
 * anew at the end of the warm-up (`startMeasuring`), together with a copy of the rows to subtract.
 * Times are simulated microseconds.
 */
export class Metrics {
  private rows = new Float64Array();
  /** The rows at the end of the warm-up. */
  private base = new Float64Array();
  /** Messages alive by the books: produced + copied minus all that ended. */
  produced = 0;
  copied = 0;
  measuredFrom = 0;
  /** Also keep the histograms of the recent window, for the page. Never changes a result. */
  keepRecent = false;
  readonly histograms: Histograms;
  readonly recent: Histograms;
  private readonly nodes: number;
  private readonly clock: Float64Array;

  /** `clock[0]` is the simulated time: a number passed to a call that is not inlined would be boxed each time. */
  constructor(columns: Columns, nodes: number, clock: Float64Array) {
    this.nodes = nodes;
    this.clock = clock;
    columns.f64(this, 'rows', nodes * ROW);
    columns.f64(this, 'base', nodes * ROW);
    columns.scalars(this, ['produced', 'copied']);
    columns.wideScalars(this, ['measuredFrom']);
    this.histograms = new Histograms(columns, nodes * PER_NODE + 1);
    this.recent = new Histograms(columns, nodes + 1);
  }

  /** A figure of a node now. */
  of(node: number, metric: Metric): number {
    return this.rows[node * ROW + metric];
  }

  /** A figure of all nodes together. */
  total(metric: Metric): number {
    let sum = 0;
    for (let node = 0; node < this.nodes; node++) sum += this.of(node, metric);
    return sum;
  }

  /** One more. */
  count(node: number, metric: Metric): void {
    this.rows[node * ROW + metric]++;
  }

  add(node: number, metric: Metric, amount: number): void {
    this.rows[node * ROW + metric] += amount;
  }

  /** One more (`+1`) or fewer (`-1`) message waits in a node. */
  queuedBy(node: number, change: number): void {
    const rows = this.rows;
    const at = node * ROW;
    const now = this.clock[0];
    const before = rows[at + METRIC.queued];
    const after = before + change;
    rows[at + METRIC.queuedArea] += before * (now - rows[at + METRIC.queuedAt]);
    rows[at + METRIC.queuedAt] = now;
    rows[at + METRIC.queued] = after;
    if (after > rows[at + METRIC.queuedMax]) rows[at + METRIC.queuedMax] = after;
  }

  /** One more (`+1`) or fewer (`-1`) server of a node is busy. */
  busyBy(node: number, change: number): void {
    const rows = this.rows;
    const at = node * ROW;
    const now = this.clock[0];
    const before = rows[at + METRIC.busy];
    rows[at + METRIC.busyArea] += before * (now - rows[at + METRIC.busyAt]);
    rows[at + METRIC.busyAt] = now;
    rows[at + METRIC.busy] = before + change;
  }

  /** A message waited this long for its first try at a node. */
  waited(node: number, micros: number): void {
    this.histograms.record(node * PER_NODE + WAIT, micros);
  }

  served(node: number, micros: number): void {
    const rows = this.rows;
    const at = node * ROW;
    rows[at + METRIC.serviceSum] += micros;
    rows[at + METRIC.serviceCount]++;
  }

  /** A node is done with a message: wait and service together. */
  completed(node: number, micros: number): void {
    this.histograms.record(node * PER_NODE + LATENCY, micros);
    if (this.keepRecent) this.recent.record(node, micros);
  }

  /** A message has reached its end at a node, this long after its birth. */
  acknowledge(node: number, micros: number): void {
    this.rows[node * ROW + METRIC.acknowledged]++;
    this.histograms.record(this.nodes * PER_NODE, micros);
    if (this.keepRecent) this.recent.record(this.nodes, micros);
  }

  waitHistogram(node: number): number {
    return node * PER_NODE + WAIT;
  }

  latencyHistogram(node: number): number {
    return node * PER_NODE + LATENCY;
  }

  /** Of the whole design: birth to acknowledgement. */
  get designHistogram(): number {
    return this.nodes * PER_NODE;
  }

  /** Ends the warm-up: averages, maxima and histograms start from here. */
  startMeasuring(now: number): void {
    this.measuredFrom = now;
    const { rows } = this;
    for (let at = 0; at < rows.length; at += ROW) {
      rows[at + METRIC.queuedArea] = 0;
      rows[at + METRIC.queuedAt] = now;
      rows[at + METRIC.queuedMax] = rows[at + METRIC.queued];
      rows[at + METRIC.busyArea] += rows[at + METRIC.busy] * (now - rows[at + METRIC.busyAt]);
      rows[at + METRIC.busyAt] = now;
      rows[at + METRIC.serviceSum] = 0;
      rows[at + METRIC.serviceCount] = 0;
    }
    this.base.set(rows);
    for (let index = 0; index <= this.designHistogram; index++) this.histograms.reset(index);
  }

  /** A counter since the end of the warm-up. */
  since(counter: Counter, node: number): number {
    const at = node * ROW + METRIC[counter];
    return this.rows[at] - this.base[at];
  }

  /** Mean number waiting since the end of the warm-up, up to `now`. NaN when no time has passed. */
  queuedMean(node: number, now: number): number {
    const since = now - this.of(node, METRIC.queuedAt);
    const area = this.of(node, METRIC.queuedArea) + this.of(node, METRIC.queued) * since;
    return area / (now - this.measuredFrom);
  }

  /** Busy time of all servers together since the start of the run, up to `now`. */
  busyMicros(node: number, now: number): number {
    const since = now - this.of(node, METRIC.busyAt);
    return this.of(node, METRIC.busyArea) + this.of(node, METRIC.busy) * since;
  }

  /** Mean number of busy servers since the end of the warm-up, up to `now`. */
  busyMean(node: number, now: number): number {
    const before = this.base[node * ROW + METRIC.busyArea];
    return (this.busyMicros(node, now) - before) / (now - this.measuredFrom);
  }
}
