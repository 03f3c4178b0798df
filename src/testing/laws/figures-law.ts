import { TRACE } from '../../engine/trace.ts';
import { hold, type Law, type Scene } from './law.ts';

const QUANTILES = [0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 1];

/**
 * Figures: time averages are the areas under what was seen after each event, latencies and waits are those of the
 * messages one by one, and histograms agree with the sorted list.
 */
export function figuresLaw({ sim }: Scene): Law {
  const { metrics, plan } = sim;
  const { histograms } = metrics;
  const queuedArea = new Float64Array(plan.nodeCount);
  const busyArea = new Float64Array(plan.nodeCount);
  const queuedMost = Int32Array.from(metrics.queued);
  const born = new Map<number, number>();
  let latencies: number[] = [];
  const acknowledged = new Float64Array(plan.nodeCount);
  let produced = 0;
  let since = sim.now;
  let measuredFrom = metrics.measuredFrom;

  return {
    traced({ at, code, node, a: serial }) {
      if (code === TRACE.produced) {
        hold(!born.has(serial), 'I2: a message was born twice', serial);
        born.set(serial, at);
        produced++;
      }
      if (code === TRACE.acknowledged) {
        const latency = at - (born.get(serial) ?? NaN);
        hold(latency >= 0, 'I28: ended before it was born', node, serial, latency);
        acknowledged[node]++;
        latencies.push(latency);
      }
    },
    popped() {
      const span = sim.queue.time - since;
      since = sim.queue.time;
      for (let node = 0; node < plan.nodeCount; node++) {
        queuedArea[node] += metrics.queued[node] * span;
        busyArea[node] += metrics.busy[node] * span;
      }
    },
    afterEvent() {
      hold(metrics.produced === produced, 'I1: produced', metrics.produced, produced);
      if (metrics.measuredFrom !== measuredFrom) {
        measuredFrom = metrics.measuredFrom;
        latencies = [];
        queuedArea.fill(0);
        busyArea.fill(0);
        queuedMost.set(metrics.queued);
      }
      for (let node = 0; node < plan.nodeCount; node++) {
        queuedMost[node] = Math.max(queuedMost[node], metrics.queued[node]);
        const count = metrics.acknowledged[node];
        hold(count === acknowledged[node], 'I14: acknowledged', node, count, acknowledged[node]);
        hold(metrics.queuedMax[node] >= queuedMost[node], 'I34: longest queue', node, metrics.queuedMax[node]);
      }
    },
    atEnd() {
      const span = sim.now - measuredFrom;
      const rest = sim.now - since;
      for (let node = 0; node < plan.nodeCount && span > 0; node++) {
        const queued = (queuedArea[node] + metrics.queued[node] * rest) / span;
        const busy = (busyArea[node] + metrics.busy[node] * rest) / span;
        hold(isNear(metrics.queuedMean(node, sim.now), queued), 'I33: mean queue length', node, queued);
        hold(isNear(metrics.busyMean(node, sim.now), busy), 'I34: mean busy servers', node, busy);
      }
      checkHistogram(metrics.designHistogram, latencies);
    },
  };

  function checkHistogram(index: number, values: readonly number[]): void {
    const sorted = values.toSorted((a, b) => a - b);
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
      hold(Math.abs(found - exact) <= Math.max(0, exact / 128), 'I35: a quantile is off', q, found, exact);
      before = found;
    }
  }
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));
}
