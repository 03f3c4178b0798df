import type { Columns } from '../lib/columns.ts';
import { Histograms } from '../lib/histogram.ts';

/** Which histogram of a node; the last entry after all nodes' is the whole design's. */
const WAIT = 0;
const LATENCY = 1;
const PER_NODE = 2;

/** Counters of a node, for the whole run. */
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
 * anew at the end of the warm-up (`startMeasuring`), together with a copy of the counters to subtract.
 * Times are simulated microseconds.
 */
export class Metrics {
  in = new Float64Array();
  out = new Float64Array();
  acknowledged = new Float64Array();
  deadLettered = new Float64Array();
  dropped = new Float64Array();
  expired = new Float64Array();
  attempts = new Float64Array();
  failures = new Float64Array();
  retries = new Float64Array();
  duplicates = new Float64Array();
  /** The counters of every node at the end of the warm-up, `COUNTERS` in order. */
  base = new Float64Array();
  /** Messages waiting in a node now, its largest value, and the integral of it over time since `measuredFrom`. */
  queued = new Int32Array();
  queuedMax = new Int32Array();
  queuedArea = new Float64Array();
  queuedAt = new Float64Array();
  /** Busy servers now and the integral over time. */
  busy = new Int32Array();
  busyArea = new Float64Array();
  busyAt = new Float64Array();
  /** Sum and number of service times. */
  serviceSum = new Float64Array();
  serviceCount = new Float64Array();
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
    for (const counter of COUNTERS) columns.f64(this, counter, nodes);
    columns.f64(this, 'base', nodes * COUNTERS.length);
    columns.i32(this, 'queued', nodes);
    columns.i32(this, 'queuedMax', nodes);
    columns.f64(this, 'queuedArea', nodes);
    columns.f64(this, 'queuedAt', nodes);
    columns.i32(this, 'busy', nodes);
    columns.f64(this, 'busyArea', nodes);
    columns.f64(this, 'busyAt', nodes);
    columns.f64(this, 'serviceSum', nodes);
    columns.f64(this, 'serviceCount', nodes);
    columns.scalars(this, ['produced', 'copied', 'measuredFrom']);
    this.histograms = new Histograms(columns, nodes * PER_NODE + 1);
    this.recent = new Histograms(columns, nodes + 1);
  }

  /** One more (`+1`) or fewer (`-1`) message waits in a node. */
  queuedBy(node: number, change: number): void {
    const now = this.clock[0];
    const before = this.queued[node];
    this.queuedArea[node] += before * (now - this.queuedAt[node]);
    this.queuedAt[node] = now;
    const after = before + change;
    this.queued[node] = after;
    if (after > this.queuedMax[node]) this.queuedMax[node] = after;
  }

  /** One more (`+1`) or fewer (`-1`) server of a node is busy. */
  busyBy(node: number, change: number): void {
    const now = this.clock[0];
    const before = this.busy[node];
    this.busyArea[node] += before * (now - this.busyAt[node]);
    this.busyAt[node] = now;
    this.busy[node] = before + change;
  }

  /** A message waited this long for its first try at a node. */
  waited(node: number, micros: number): void {
    this.histograms.record(node * PER_NODE + WAIT, micros);
  }

  served(node: number, micros: number): void {
    this.serviceSum[node] += micros;
    this.serviceCount[node]++;
  }

  /** A node is done with a message: wait and service together. */
  completed(node: number, micros: number): void {
    this.histograms.record(node * PER_NODE + LATENCY, micros);
    if (this.keepRecent) this.recent.record(node, micros);
  }

  /** A message has reached its end at a node, this long after its birth. */
  acknowledge(node: number, micros: number): void {
    this.acknowledged[node]++;
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

  /** Counts the records that wait in the histograms, after which reading them cannot fail. */
  flush(): void {
    this.histograms.flush();
    this.recent.flush();
  }

  /** Ends the warm-up: averages, maxima and histograms start from here. */
  startMeasuring(now: number): void {
    this.measuredFrom = now;
    for (let node = 0; node < this.nodes; node++) {
      this.queuedArea[node] = 0;
      this.queuedAt[node] = now;
      this.queuedMax[node] = this.queued[node];
      this.busyArea[node] = 0;
      this.busyAt[node] = now;
      this.serviceSum[node] = 0;
      this.serviceCount[node] = 0;
      COUNTERS.forEach((counter, index) => {
        this.base[node * COUNTERS.length + index] = this[counter][node];
      });
    }
    for (let index = 0; index <= this.designHistogram; index++) this.histograms.reset(index);
  }

  /** A counter since the end of the warm-up. */
  since(counter: Counter, node: number): number {
    return this[counter][node] - this.base[node * COUNTERS.length + COUNTERS.indexOf(counter)];
  }

  /** Mean number waiting since the end of the warm-up, up to `now`. NaN when no time has passed. */
  queuedMean(node: number, now: number): number {
    const area = this.queuedArea[node] + this.queued[node] * (now - this.queuedAt[node]);
    return area / (now - this.measuredFrom);
  }

  /** Busy time of all servers together since the end of the warm-up, up to `now`. */
  busyMicros(node: number, now: number): number {
    return this.busyArea[node] + this.busy[node] * (now - this.busyAt[node]);
  }

  /** Mean number of busy servers since the end of the warm-up, up to `now`. */
  busyMean(node: number, now: number): number {
    return this.busyMicros(node, now) / (now - this.measuredFrom);
  }
}
