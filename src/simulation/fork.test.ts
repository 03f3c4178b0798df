import { describe, expect, it } from 'vitest';
import { differingColumn } from '../testing/case-player.ts';
import { eventfulDesign } from '../testing/eventful-design.ts';
import { Dice } from '../testing/fuzz/dice.ts';
import { insideOf } from '../testing/laws/watch-run.ts';
import { compile, type CompileOptions } from './compile.ts';
import type { LiveRun } from './live-run.ts';
import type { RunResults } from './results/results.ts';
import type { TraceRow } from './run.ts';

function start(options?: CompileOptions): LiveRun {
  return compile(eventfulDesign, options).run!;
}

function end(run: LiveRun): { results: RunResults; rows: TraceRow[] } {
  run.advance(Infinity, Infinity);
  return { results: run.results(), rows: run.drainTrace() };
}

const straight = end(start());

describe('a fork', () => {
  it('is the same run if nothing else is done to it, and leaves the original as it was', () => {
    const run = start();
    for (const atMs of [0, 4321, 12_000.5, 30_000]) {
      run.advance(atMs, Infinity);
      expect(end(run.fork())).toEqual(straight);
      expect(run.nowMs).toBe(atMs);
    }
    expect(end(run)).toEqual(straight);
  });

  it('may begin where the run stood before, and is forked again', () => {
    const run = start({ observe: false });
    run.advance(9000, Infinity);
    const early = run.snapshot();
    run.advance(25_000, Infinity);
    const fork = run.fork(early);
    expect(fork.nowMs).toBe(9000);
    fork.advance(11_000, Infinity);
    expect(end(fork.fork())).toEqual(straight);
    expect(end(fork)).toEqual(straight);
  });

  it('differs after the change only', () => {
    const run = start();
    run.advance(14_000, Infinity);
    const changed = run.fork();
    changed.setField('checkout-web', 'rate', 400);
    const { results, rows } = end(changed);
    expect(results.hash).not.toBe(straight.results.hash);
    expect(results.totals.produced).toBeGreaterThan(straight.results.totals.produced + 1000);
    const before = (row: TraceRow) => row.atMs < 14_000;
    expect(rows.filter(before)).toEqual(straight.rows.filter(before));
    const samples = ({ watch }: ReturnType<typeof insideOf>) => watch!.observer.samples;
    const plain = start();
    end(plain);
    const differs = samples(insideOf(changed)).findIndex(
      (sample, at) => !sample.every((value, i) => Object.is(value, samples(insideOf(plain))[at][i])),
    );
    // A sample each 50 ms: the first 280 are of the common past.
    expect(differs).toBeGreaterThanOrEqual(280);
    expect(differs).toBeLessThan(300);
    expect(end(run)).toEqual(straight);
  });

  it('with a fault or without one tells what the fault did', () => {
    const run = start();
    run.advance(21_000, Infinity);
    expect(run.activeFaults().map(({ id }) => id)).toEqual(['slow']);
    const healed = run.fork();
    healed.heal('slow');
    expect(run.activeFaults()).toHaveLength(1);
    const shipping = (of: LiveRun) => end(of).results.nodes.shipping.serviceMsMean!;
    expect(shipping(healed)).toBeLessThan(shipping(run) * 0.8);
  });

  it('draws other numbers with another seed, the same with the same', () => {
    const run = start();
    run.advance(10_000, Infinity);
    const [a, b, c] = [7, 7, 8].map((seed) => {
      const fork = run.fork();
      fork.reseed(seed);
      return end(fork);
    });
    expect(a).toEqual(b);
    expect(a.results.hash).not.toBe(c.results.hash);
    expect(a.results.hash).not.toBe(straight.results.hash);
    expect(a.results.totals.produced).not.toBe(c.results.totals.produced);
    expect(a.rows.find(({ code }) => code === 'reseed')?.text).toBe('The seed is now 7.');
    expect(end(run)).toEqual(straight);
  });

  it('says a seed that is a long text in short', () => {
    const run = start();
    run.reseed('black friday '.repeat(1000));
    expect(run.drainTrace().at(-1)?.text).toBe(
      'The seed is now "black friday black friday black friday b…".',
    );
  });

  it('shares no memory with the original: whichever goes on, the others stand still', () => {
    const dice = new Dice(4);
    const root = start();
    root.advance(3000, Infinity);
    const runs = [root, root.fork(), root.fork()];
    runs.push(runs[1].fork());
    const states = runs.map((run) => insideOf(run).sim.snapshot());
    for (let turn = 0; turn < 60; turn++) {
      const at = dice.below(runs.length);
      const what = dice.below(5);
      if (what === 0) runs[at].setField('checkout-web', 'rate', 50 + dice.below(300));
      else if (what === 1) runs[at].inject(`f${turn}`, 'billing', 'slow', { factor: 3 }, 100);
      else runs[at].advance(Infinity, 1 + dice.below(400));
      states[at] = insideOf(runs[at]).sim.snapshot();
      runs.forEach((run, i) =>
        expect(differingColumn(insideOf(run).sim.snapshot(), states[i]), `turn ${turn}, run ${i}`).toBeNull(),
      );
    }
  });
});

describe('a snapshot', () => {
  it('fits a run of the same design compiled anew, whatever its seed', () => {
    const run = start({ observe: false });
    run.advance(9000, Infinity);
    const other = start({ observe: false, seed: 99 });
    other.restore(run.snapshot());
    expect(end(other).results.hash).toBe(straight.results.hash);
  });

  it('is refused by a run of another design, or of one that is watched', () => {
    const snapshot = start().snapshot();
    const faster = start({ overrides: [{ node: 'checkout-web', field: 'rate', value: 201 }] });
    const refusal = 'a snapshot fits only a run of the same design';
    expect(() => faster.restore(snapshot)).toThrow(refusal);
    expect(() => start({ untilMs: 29_000 }).restore(snapshot)).toThrow(refusal);
    expect(() => start({ observe: false }).restore(snapshot)).toThrow('a snapshot fits only');
  });

  it('says beforehand what it will hold', () => {
    const run = start();
    run.advance(9000, Infinity);
    const bytes = run.snapshotBytes;
    expect(run.snapshot().bytes).toBe(bytes);
    expect(bytes).toBeGreaterThan(insideOf(run).sim.columns.bytes());
  });
});
