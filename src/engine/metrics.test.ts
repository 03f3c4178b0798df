import { describe, expect, it } from 'vitest';
import { Columns } from '../lib/columns.ts';
import { METRIC, Metrics } from './metrics.ts';

const clock = new Float64Array(1);

describe('metrics', () => {
  it('average what waits and works over time', () => {
    const metrics = new Metrics(new Columns(), 1, clock);
    clock[0] = 0;
    metrics.queuedBy(0, 2);
    clock[0] = 30;
    metrics.queuedBy(0, -1);
    clock[0] = 50;
    metrics.busyBy(0, 1);
    expect(metrics.queuedMean(0, 100)).toBe((2 * 30 + 70) / 100);
    expect(metrics.busyMean(0, 100)).toBe(0.5);
    expect(metrics.of(0, METRIC.queuedMax)).toBe(2);
  });

  it('start anew after the warm-up, while counters go on', () => {
    const metrics = new Metrics(new Columns(), 1, clock);
    clock[0] = 0;
    metrics.queuedBy(0, 5);
    clock[0] = 50;
    metrics.queuedBy(0, -4);
    metrics.add(0, METRIC.in, 7);
    metrics.waited(0, 1000);
    metrics.startMeasuring(100);
    metrics.add(0, METRIC.in, 2);
    expect([metrics.of(0, METRIC.in), metrics.since('in', 0)]).toEqual([9, 2]);
    expect([metrics.queuedMean(0, 200), metrics.of(0, METRIC.queuedMax)]).toEqual([1, 1]);
    expect(metrics.histograms.count(metrics.waitHistogram(0))).toBe(0);
  });

  it('count busy time through the warm-up, as a rate is a difference, and average it from there', () => {
    const metrics = new Metrics(new Columns(), 1, clock);
    clock[0] = 20;
    metrics.busyBy(0, 3);
    metrics.startMeasuring(100);
    expect(metrics.busyMicros(0, 100)).toBe(3 * 80);
    clock[0] = 150;
    metrics.busyBy(0, -2);
    expect(metrics.busyMicros(0, 200)).toBe(3 * 130 + 50);
    expect(metrics.busyMean(0, 200)).toBe((3 * 50 + 50) / 100);
  });

  it('tell the whole design from its nodes', () => {
    const metrics = new Metrics(new Columns(), 2, clock);
    metrics.keepRecent = true;
    metrics.completed(1, 300);
    metrics.acknowledge(1, 800);
    expect(metrics.histograms.max(metrics.latencyHistogram(1))).toBe(300);
    expect(metrics.histograms.max(metrics.designHistogram)).toBe(800);
    expect([metrics.recent.max(1), metrics.recent.max(2)]).toEqual([300, 800]);
  });
});
