import { METRIC } from '../engine/metrics.ts';
import type { Simulation } from '../engine/simulation.ts';
import { emptyGauge, type NodeGauge } from '../kinds/node-behavior.ts';
import type { RunKinds } from '../kinds/run-kinds.ts';
import {
  SAMPLE,
  SAMPLE_HEADER_SIZE,
  SAMPLE_NODE,
  SAMPLE_NODE_SIZE,
  type FrameLayout,
} from './frame/frame-layout.ts';
import { RateWindow, ratePerSecond, type RateBase } from './rate-window.ts';
import { toMs } from './time.ts';

/** Chart samples in a whole run, fewer where a design is so large that they would hold more doubles than this. */
const SAMPLES = 600;
const SAMPLES_DOUBLES = 4_000_000;
/** Readings for rates: at least every sample, at most this often. */
const SHORTEST_TICK_MICROS = 100_000;
const MOST_TICKS = 6000;
/** Percentiles cover at least this much time, and are not shown anew with fewer records than this. */
const RECENT_MICROS = 1_000_000;
const FEW_RECORDS = 20;

/** Counters of a node, an edge and so on in a reading, in this order. */
export const COUNT = { in: 0, out: 1, retries: 2, dead: 3, amount: 4, busy: 5, held: 6, size: 7 } as const;
const QUANTILES = [0.5, 0.95, 0.99];

/**
 * Watches a run for the page: readings for rates, recent percentiles and chart samples, all taken at fixed
 * simulated times. What it keeps is part of the state of the run, so going back brings the same charts again; it
 * never changes what happens.
 */
export class Observer {
  readonly window: RateWindow;
  /**
   * Chart samples since the start, oldest first. The list is replaced and a sample never changed, so a snapshot of
   * them costs nothing.
   */
  samples: readonly Float64Array[] = [];
  /** How many of them frames have carried. That is the reader's affair and no part of the state. */
  carried = 0;
  /** When a node last had a message in or out, as of the last tick; NaN for never. */
  readonly lastActive = new Float64Array();
  /** Time of the next tick in microseconds. */
  nextTick: number;
  private readonly sim: Simulation;
  private readonly kinds: RunKinds;
  private readonly layout: FrameLayout;
  private readonly tick: number;
  private readonly ticksPerSample: number;
  private ticks = 0;
  private recentFrom = 0;
  /** Percentiles in microseconds of the last closed window, for each node and the whole design. */
  private readonly closed = new Float64Array();
  /** In and out of each node at the last tick. */
  private readonly moved = new Float64Array();
  private readonly gauge: NodeGauge = emptyGauge();

  constructor(sim: Simulation, kinds: RunKinds, layout: FrameLayout, horizon: number) {
    this.sim = sim;
    this.kinds = kinds;
    this.layout = layout;
    const samples = Math.max(10, Math.min(SAMPLES, Math.floor(SAMPLES_DOUBLES / layout.sampleSize)));
    const spacing = Math.max(1, Math.ceil(horizon / samples));
    const shortest = Math.max(SHORTEST_TICK_MICROS, Math.ceil(horizon / MOST_TICKS));
    this.ticksPerSample = Math.max(1, Math.floor(spacing / shortest));
    this.tick = Math.ceil(spacing / this.ticksPerSample);
    this.nextTick = this.tick;
    const nodes = layout.shape.nodes.length;
    this.window = new RateWindow(sim.columns, readingSize(layout));
    sim.columns.f64(this, 'lastActive', nodes).fill(NaN);
    sim.columns.f64(this, 'closed', (nodes + 1) * QUANTILES.length).fill(NaN);
    sim.columns.f64(this, 'moved', nodes);
    sim.columns.scalars(this, ['ticks']);
    sim.columns.wideScalars(this, ['nextTick', 'recentFrom']);
    sim.metrics.keepRecent = true;
  }

  /** The reading at time zero. */
  begin(): void {
    this.read();
  }

  /** The clock stands at `nextTick` and everything up to it has happened. */
  observe(): void {
    this.noteActivity();
    this.ticks++;
    this.nextTick += this.tick;
    if (this.ticks % this.ticksPerSample === 0) {
      this.samples = [...this.samples, this.sample()];
      if (this.sim.now - this.recentFrom >= RECENT_MICROS) this.closeRecent();
    }
    const ticksPerReading = Math.max(1, Math.round(SHORTEST_TICK_MICROS / this.tick));
    if (this.ticks % ticksPerReading === 0) this.read();
  }

  /** The samples of another time. What frames have carried of them stays so. */
  restore(samples: readonly Float64Array[]): void {
    this.samples = samples;
    this.carried = Math.min(this.carried, samples.length);
  }

  /** A recent percentile in milliseconds of a node, or of the whole design (index `nodes`); NaN without a sample. */
  latencyMs(index: number, quantile: 0 | 1 | 2): number {
    const { recent } = this.sim.metrics;
    const count = recent.count(index);
    const closed = this.closed[index * QUANTILES.length + quantile];
    if (count === 0 || (count < FEW_RECORDS && closed === closed)) return toMs(closed);
    return toMs(recent.quantile(index, QUANTILES[quantile]));
  }

  /** When a node last had a message in or out, in simulated ms; NaN for never. */
  lastActiveMs(node: number): number {
    return toMs(this.hasMoved(node) ? this.sim.now : this.lastActive[node]);
  }

  private noteActivity(): void {
    const { metrics } = this.sim;
    for (let node = 0; node < this.lastActive.length; node++) {
      if (this.hasMoved(node)) this.lastActive[node] = this.sim.now;
      this.moved[node] = metrics.of(node, METRIC.in) + metrics.of(node, METRIC.out);
    }
  }

  private hasMoved(node: number): boolean {
    const { metrics } = this.sim;
    return metrics.of(node, METRIC.in) + metrics.of(node, METRIC.out) !== this.moved[node];
  }

  private read(): void {
    const { sim, kinds, layout } = this;
    const { metrics } = sim;
    const into = this.window.open();
    let at = 0;
    for (let node = 0; node < layout.shape.nodes.length; node++) {
      kinds.gauge(sim, node, this.gauge);
      into[at + COUNT.in] = metrics.of(node, METRIC.in);
      into[at + COUNT.out] = metrics.of(node, METRIC.out);
      into[at + COUNT.retries] = metrics.of(node, METRIC.retries);
      into[at + COUNT.dead] = metrics.of(node, METRIC.deadLettered);
      into[at + COUNT.amount] = this.gauge.amount;
      into[at + COUNT.busy] = metrics.busyMicros(node, sim.now);
      into[at + COUNT.held] = sim.transfers.heldTime(node, sim.now);
      at += COUNT.size;
    }
    // The engine has edges of its own after those of the design: the ways back of redriven letters.
    into.set(sim.transfers.passed.subarray(0, layout.shape.edges.length), at);
    at += layout.shape.edges.length;
    for (const { node, partitions } of layout.shape.topics) {
      for (let lane = 0; lane < partitions; lane++) into[at++] = kinds.logs.logEnd(node, lane);
    }
    for (const { node, members } of layout.shape.groups) {
      for (let member = 0; member < members; member++) into[at++] = kinds.groups.memberDone(node, member);
    }
    into[at] = metrics.produced;
    into[at + 1] = metrics.total(METRIC.acknowledged);
    this.window.close(sim.now);
  }

  private sample(): Float64Array {
    const { sim, kinds, layout } = this;
    const { metrics } = sim;
    const { nodes } = layout.shape;
    const row = new Float64Array(layout.sampleSize);
    const base = this.window.base(sim.now);
    const ends = designCountsAt(layout);
    row[SAMPLE.simulatedMs] = toMs(sim.now);
    row[SAMPLE.arrivalRatePerSecond] = ratePerSecond(base, ends, metrics.produced);
    row[SAMPLE.throughputPerSecond] = ratePerSecond(base, ends + 1, metrics.total(METRIC.acknowledged));
    row[SAMPLE.lag] = designLag(sim, kinds, layout);
    row[SAMPLE.latencyMsP50] = this.latencyMs(nodes.length, 0);
    row[SAMPLE.latencyMsP95] = this.latencyMs(nodes.length, 1);
    row[SAMPLE.latencyMsP99] = this.latencyMs(nodes.length, 2);
    row[SAMPLE.deadLettered] = metrics.total(METRIC.deadLettered);
    for (let node = 0; node < nodes.length; node++) this.sampleNode(row, node, base);
    return row;
  }

  private sampleNode(row: Float64Array, node: number, base: RateBase): void {
    const { metrics } = this.sim;
    const at = SAMPLE_HEADER_SIZE + node * SAMPLE_NODE_SIZE;
    const counts = node * COUNT.size;
    this.kinds.gauge(this.sim, node, this.gauge);
    row[at + SAMPLE_NODE.inPerSecond] = ratePerSecond(base, counts + COUNT.in, metrics.of(node, METRIC.in));
    row[at + SAMPLE_NODE.outPerSecond] = ratePerSecond(
      base,
      counts + COUNT.out,
      metrics.of(node, METRIC.out),
    );
    row[at + SAMPLE_NODE.amount] = this.gauge.amount;
    row[at + SAMPLE_NODE.latencyMsP50] = this.latencyMs(node, 0);
    row[at + SAMPLE_NODE.latencyMsP95] = this.latencyMs(node, 1);
    row[at + SAMPLE_NODE.latencyMsP99] = this.latencyMs(node, 2);
    row[at + SAMPLE_NODE.deadLettered] = metrics.of(node, METRIC.deadLettered);
  }

  private closeRecent(): void {
    const { recent } = this.sim.metrics;
    for (let index = 0; index < recent.length; index++) {
      QUANTILES.forEach((quantile, place) => {
        this.closed[index * QUANTILES.length + place] = recent.quantile(index, quantile);
      });
    }
    recent.clear();
    this.recentFrom = this.sim.now;
  }
}

/** Messages that consumer groups have not caught up with, over the whole design. */
export function designLag(sim: Simulation, kinds: RunKinds, layout: FrameLayout): number {
  let lag = 0;
  for (const { node } of layout.shape.groups) {
    kinds.gauge(sim, node, lagGauge);
    lag += lagGauge.amount;
  }
  return lag;
}

const lagGauge = emptyGauge();

/** Place of the first edge in a reading; partitions, members and the design's two counters follow. */
export function edgeCountsAt(layout: FrameLayout): number {
  return layout.shape.nodes.length * COUNT.size;
}

/** Place of the first partition in a reading. */
export function partitionCountsAt(layout: FrameLayout): number {
  return edgeCountsAt(layout) + layout.shape.edges.length;
}

/** Place of the first member in a reading. */
export function memberCountsAt(layout: FrameLayout): number {
  return partitionCountsAt(layout) + layout.shape.topics.reduce((sum, topic) => sum + topic.partitions, 0);
}

/** Place of the design's counters in a reading: produced, then acknowledged. */
export function designCountsAt(layout: FrameLayout): number {
  return memberCountsAt(layout) + layout.shape.groups.reduce((sum, group) => sum + group.members, 0);
}

function readingSize(layout: FrameLayout): number {
  return designCountsAt(layout) + 2;
}
