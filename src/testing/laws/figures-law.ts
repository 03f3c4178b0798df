import { METRIC } from '../../engine/metrics.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const QUANTILES = [0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 1];

/**
 * Figures: time averages are the areas under what was seen between events, latencies are those of the messages one by
 * one, and the histogram agrees with their sorted list.
 */
export class FiguresLaw implements Law {
  private readonly sim: Simulation;
  private readonly queuedArea: Float64Array;
  private readonly busyArea: Float64Array;
  private readonly queuedMost: Int32Array;
  private readonly acknowledged: Float64Array;
  private readonly born = new Map<number, number>();
  private latencies: number[] = [];
  private produced = 0;
  private since: number;
  private measuredFrom: number;

  constructor({ sim }: Scene) {
    const { nodeCount } = sim.plan;
    this.sim = sim;
    this.queuedArea = new Float64Array(nodeCount);
    this.busyArea = new Float64Array(nodeCount);
    this.queuedMost = queuedNow(sim);
    this.acknowledged = new Float64Array(nodeCount);
    this.since = sim.now;
    this.measuredFrom = sim.metrics.measuredFrom;
  }

  traced({ at, code, node, a: serial }: TracedStep): void {
    if (code === TRACE.produced) {
      hold(!this.born.has(serial), 'I2: a message was born twice', serial);
      this.born.set(serial, at);
      this.produced++;
    }
    if (code === TRACE.acknowledged) {
      const latency = at - (this.born.get(serial) ?? NaN);
      hold(latency >= 0, 'I28: ended before it was born', node, serial, latency);
      this.acknowledged[node]++;
      this.latencies.push(latency);
    }
  }

  lasted(until: number): void {
    this.startAnew();
    const { metrics } = this.sim;
    const span = until - this.since;
    this.since = until;
    for (let node = 0; node < this.queuedArea.length; node++) {
      this.queuedArea[node] += metrics.of(node, METRIC.queued) * span;
      this.busyArea[node] += metrics.of(node, METRIC.busy) * span;
    }
  }

  afterEvent(): void {
    const { metrics } = this.sim;
    this.startAnew();
    hold(metrics.produced === this.produced, 'I1: produced', metrics.produced, this.produced);
    for (let node = 0; node < this.queuedMost.length; node++) {
      const most = Math.max(this.queuedMost[node], metrics.of(node, METRIC.queued));
      this.queuedMost[node] = most;
      const count = metrics.of(node, METRIC.acknowledged);
      hold(count === this.acknowledged[node], 'I14: acknowledged', node, count, this.acknowledged[node]);
      hold(
        metrics.of(node, METRIC.queuedMax) >= most,
        'I34: longest queue',
        node,
        metrics.of(node, METRIC.queuedMax),
        most,
      );
    }
  }

  atEnd(): void {
    const { metrics, now } = this.sim;
    this.lasted(now);
    const span = now - this.measuredFrom;
    for (let node = 0; node < this.queuedArea.length && span > 0; node++) {
      const [queued, busy] = [this.queuedArea[node] / span, this.busyArea[node] / span];
      hold(isNear(metrics.queuedMean(node, now), queued), 'I33: mean queue length', node, queued);
      hold(isNear(metrics.busyMean(node, now), busy), 'I34: mean busy servers', node, busy);
    }
    this.checkHistogram(metrics.designHistogram);
    for (let index = 0; index < metrics.designHistogram; index++) this.checkOrder(index);
  }

  /** Forgets what was measured when the warm-up has ended. */
  private startAnew(): void {
    const { metrics } = this.sim;
    if (metrics.measuredFrom === this.measuredFrom) return;
    this.measuredFrom = metrics.measuredFrom;
    this.latencies = [];
    this.queuedArea.fill(0);
    this.busyArea.fill(0);
    this.queuedMost.set(queuedNow(this.sim));
  }

  /** Quantiles do not fall, and lie with the mean between the least and the greatest value. */
  private checkOrder(index: number): void {
    const { histograms } = this.sim.metrics;
    if (histograms.count(index) === 0) return;
    const [least, most, mean] = [histograms.min(index), histograms.max(index), histograms.mean(index)];
    hold(least <= mean && mean <= most, 'I35: mean', index, [least, mean, most]);
    let before = least;
    for (const q of QUANTILES) {
      const found = histograms.quantile(index, q);
      hold(found >= before && found <= most, 'I35: quantiles', index, q, [before, found, most]);
      before = found;
    }
  }

  private checkHistogram(index: number): void {
    const { histograms } = this.sim.metrics;
    const sorted = this.latencies.toSorted((a, b) => a - b);
    hold(histograms.count(index) === sorted.length, 'I36: records', histograms.count(index), sorted.length);
    if (sorted.length === 0) return;
    const sum = sorted.reduce((a, b) => a + b, 0);
    hold(histograms.min(index) === sorted[0], 'I35: least', histograms.min(index), sorted[0]);
    hold(histograms.max(index) === sorted.at(-1), 'I35: greatest', histograms.max(index), sorted.at(-1));
    hold(histograms.mean(index) === sum / sorted.length, 'I27: mean latency', histograms.mean(index), sum);
    let before = 0;
    for (const q of QUANTILES) {
      const exact = sorted[Math.max(0, Math.ceil(q * sorted.length * (1 - 1e-15)) - 1)];
      const found = histograms.quantile(index, q);
      hold(found >= before, 'I35: quantiles fall', q, found, before);
      hold(Math.abs(found - exact) <= (exact + 32) / 32, 'I35: a quantile is off', q, found, exact);
      before = found;
    }
  }
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));
}

function queuedNow(sim: Simulation): Int32Array {
  return Int32Array.from({ length: sim.plan.nodeCount }, (_, node) => sim.metrics.of(node, METRIC.queued));
}
