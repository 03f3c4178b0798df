import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';

function producer(fields: Record<string, Json>): SmallRun {
  return smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields },
      { id: 't', kind: 'topic' },
    ],
    edges: ['p > t'],
  });
}

const produced = (run: SmallRun): number => run.sim.metrics.produced;

describe('a producer', () => {
  it('spaces constant arrivals evenly, whatever the rounding of one gap', () => {
    const run = producer({ arrivals: 'constant', rate: 300 });
    run.until(1000);
    expect(produced(run)).toBe(300);
    run.until(1_000_000);
    expect(produced(run)).toBe(300_000);
  });

  it('keeps a rate above one a microsecond', () => {
    const run = producer({ arrivals: 'constant', rate: 2_500_000 });
    run.until(10);
    expect(produced(run)).toBe(25_000 + 2);
  });

  it('meets its Poisson rate within four standard errors', () => {
    const run = producer({ arrivals: 'poisson', rate: 100 });
    run.until(1_000_000);
    expect(Math.abs(produced(run) - 100_000)).toBeLessThan(4 * Math.sqrt(100_000));
  });

  it('is silent between bursts', () => {
    const run = producer({ arrivals: 'burst', rate: 1000, onFor: 100, offFor: 900 });
    run.until(99.999);
    const first = produced(run);
    run.until(999.999);
    expect(produced(run)).toBe(first);
    run.until(100_000);
    expect(Math.abs(produced(run) - 10_000)).toBeLessThan(400);
  });

  it('follows a ramp and keeps its end', () => {
    const run = producer({ arrivals: 'ramp', rate: 0, rampTo: 1000, rampOver: 100_000 });
    run.until(50_000);
    expect(Math.abs(produced(run) - 12_500)).toBeLessThan(4 * Math.sqrt(12_500));
    run.until(100_000);
    const atTop = produced(run);
    expect(Math.abs(atTop - 50_000)).toBeLessThan(4 * Math.sqrt(50_000));
    run.until(110_000);
    expect(Math.abs(produced(run) - atTop - 10_000)).toBeLessThan(400);
  });

  it('follows a schedule, silence included', () => {
    const schedule = [
      { atMs: 1000, ratePerSecond: 500 },
      { atMs: 11_000, ratePerSecond: 0 },
      { atMs: 21_000, ratePerSecond: 2000 },
    ];
    const run = producer({ arrivals: 'schedule', schedule });
    run.until(999);
    expect(produced(run)).toBe(0);
    run.until(11_000);
    const first = produced(run);
    expect(Math.abs(first - 5000)).toBeLessThan(290);
    run.until(20_999);
    expect(produced(run)).toBe(first);
    run.until(31_000);
    expect(Math.abs(produced(run) - first - 20_000)).toBeLessThan(570);
  });

  it('takes a new rate at once and scales the gap that is under way', () => {
    const run = producer({ arrivals: 'constant', rate: 1 });
    run.until(500);
    run.kinds.setField(run.sim, run.node('p'), 'rate', 10);
    run.until(549.999);
    expect(produced(run)).toBe(0);
    run.until(550);
    expect(produced(run)).toBe(1);
    run.until(650);
    expect(produced(run)).toBe(2);
  });

  it('rests at rate 0 and goes on from where it was', () => {
    const run = producer({ arrivals: 'constant', rate: 1 });
    run.until(750);
    run.kinds.setField(run.sim, 0, 'rate', 0);
    run.until(10_000);
    run.kinds.setField(run.sim, 0, 'rate', 1);
    run.until(10_249);
    expect(produced(run)).toBe(0);
    run.until(10_250);
    expect(produced(run)).toBe(1);
  });

  it('stops after a number of messages, and goes on when the number is raised', () => {
    const run = producer({ arrivals: 'constant', rate: 1000, stopAfter: 5 });
    run.until(1000);
    expect(produced(run)).toBe(5);
    run.kinds.setField(run.sim, 0, 'stopAfter', 7);
    run.until(2000);
    expect(produced(run)).toBe(7);
  });

  it('sends at a multiple of its rate during a burst fault', () => {
    const run = producer({ arrivals: 'constant', rate: 10 });
    run.kinds.inject(run.sim, 0, 'burst', { factor: 5 });
    run.until(1000);
    run.kinds.heal(run.sim, 0, 'burst', { factor: 5 });
    run.until(2000);
    expect(produced(run)).toBe(60);
  });

  it('makes no message while it is held back, and says for how long', () => {
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000 } },
        { id: 'q', kind: 'queue', fields: { capacity: 3 } },
      ],
      edges: ['p > q'],
    });
    run.until(104);
    expect(produced(run)).toBe(4);
    expect(run.kinds.held(run.sim, 0)).toBe(1);
    expect(run.sim.transfers.heldTime(0, run.sim.now)).toBe(100_000);
    run.kinds.setField(run.sim, 1, 'capacity', 4);
    run.until(104);
    expect(run.kinds.held(run.sim, 0)).toBe(0);
  });

  it('sends each message along every edge', () => {
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 100 } },
        { id: 'a', kind: 'queue' },
        { id: 'b', kind: 'queue' },
      ],
      edges: ['p > a', 'p > b'],
    });
    run.until(1000);
    expect([produced(run), run.sim.metrics.copied]).toEqual([100, 100]);
    expect([run.kinds.held(run.sim, 1), run.kinds.held(run.sim, 2)]).toEqual([100, 100]);
  });

  it('draws hot keys more often by Zipf, in step with the exponent', () => {
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { rate: 1000, keys: 'zipf', keyCount: 2, keySkew: 1 } },
        { id: 't', kind: 'topic' },
        { id: 'g', kind: 'consumer-group', fields: { serviceTime: { shape: 'constant', mean: 1e9 } } },
      ],
      edges: ['p > t', 't > g'],
    });
    run.until(30_000);
    const { key } = run.sim.messages;
    const { alive } = run.sim.messages;
    const hot = key.slice(0, alive).filter((value) => value === 0).length;
    expect(Math.abs(hot / alive - 2 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / alive));
  });

  it('marks the share of messages as poison that the fault says', () => {
    const run = producer({ rate: 1000 });
    const queue = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { rate: 1000 } },
        { id: 'q', kind: 'queue' },
      ],
      edges: ['p > q'],
    });
    queue.kinds.inject(queue.sim, 0, 'poison', { share: 0.25 });
    queue.until(20_000);
    run.until(20_000);
    const { flags, alive } = queue.sim.messages;
    const poison = flags.slice(0, alive).filter((value) => value === 1).length;
    expect(Math.abs(poison / alive - 0.25)).toBeLessThan(0.0125);
    expect(produced(queue)).toBe(produced(run));
  });
});
