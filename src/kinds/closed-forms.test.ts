import { describe, expect, it } from 'vitest';
import type { Json } from '../design/types.ts';
import { smallRun, type SmallRun } from '../testing/small-run.ts';

interface Station {
  /** Load of each server; services take 1 ms on average. */
  load: number;
  servers: number;
  serviceTime: Json;
  queue?: Record<string, Json>;
}

/** One queue and its servers, warmed up, over 20,000 messages. */
function station({ load, servers, serviceTime, queue = {} }: Station, seed: number): SmallRun {
  const rate = load * servers * 1000;
  const warmUpMs = 2_000_000 / rate;
  const run = smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { rate, keys: 'none' } },
      { id: 'q', kind: 'queue', fields: queue },
      { id: 'g', kind: 'consumer-group', fields: { members: servers, serviceTime } },
    ],
    edges: ['p > q', 'q > g'],
    seed,
    warmUpMs,
  });
  run.until(warmUpMs + 20_000_000 / rate);
  return run;
}

/** |mean of the replications − exact| in standard errors. */
function standardErrors(exact: number, measure: (seed: number) => number): number {
  const values = Array.from({ length: 12 }, (_, seed) => measure(seed));
  const mean = values.reduce((sum, value) => sum + value) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.abs(mean - exact) / Math.sqrt(square / (values.length - 1) / values.length);
}

const exponential: Json = { shape: 'exponential', mean: 1 };
const timeInSystem = ({ sim }: SmallRun): number =>
  sim.metrics.histograms.mean(sim.metrics.latencyHistogram(2)) / 1000;
const wait = ({ sim }: SmallRun): number => sim.metrics.histograms.mean(sim.metrics.waitHistogram(2)) / 1000;

describe('the mean agrees with queueing theory within four standard errors', () => {
  it.each([0.3, 0.6, 0.8])('M/M/1 at a load of %d: s / (1 - load)', (load) => {
    const one = { load, servers: 1, serviceTime: exponential };
    expect(standardErrors(1 / (1 - load), (seed) => timeInSystem(station(one, seed)))).toBeLessThan(4);
  });

  it('M/M/4 at a load of 0.8: Erlang C', () => {
    const four = { load: 0.8, servers: 4, serviceTime: exponential };
    expect(standardErrors(5.586 / 3.2, (seed) => timeInSystem(station(four, seed)))).toBeLessThan(4);
  });

  it('M/D/1 at a load of 0.6: half the wait of M/M/1', () => {
    const one = { load: 0.6, servers: 1, serviceTime: { shape: 'constant', mean: 1 } };
    expect(standardErrors(0.6 / 0.8, (seed) => wait(station(one, seed)))).toBeLessThan(4);
  });

  it('M/M/1/4: the share that finds no room', () => {
    const load = 0.8;
    const exact = ((1 - load) * load ** 4) / (1 - load ** 5);
    const queue = { capacity: 3, overflow: 'drop-newest' };
    const lost = (seed: number): number => {
      const { metrics } = station({ load, servers: 1, serviceTime: exponential, queue }, seed).sim;
      return metrics.since('dropped', 1) / metrics.since('in', 1);
    };
    expect(standardErrors(exact, lost)).toBeLessThan(4);
  });
});
