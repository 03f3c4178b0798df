import { beforeEach, describe, expect, it } from 'vitest';
import { FakePlatform } from '../testing/fake-platform.ts';
import { FakeRun } from '../testing/fake-run.ts';
import { Runner } from './runner.ts';

let platform: FakePlatform;
let runner: Runner;
let heard: string[];
let slices: number;

beforeEach(() => {
  platform = new FakePlatform();
  heard = [];
  slices = 0;
  runner = new Runner(platform, {
    onSlice: () => slices++,
    onArrived: () => heard.push('arrived'),
    onError: (error) => heard.push(String(error)),
  });
});

/** A run whose events take `costMs` of wall time each. */
function runOf(horizonMs: number, costMs: number): FakeRun {
  return new FakeRun(horizonMs, () => (platform.wallMs += costMs));
}

describe('a runner', () => {
  it('goes to exactly the time that was asked for and says so once', () => {
    const run = runOf(10_000, 0.01);
    runner.start(run, 1234.5, 'max');
    platform.pass(500);
    expect(run.nowMs).toBe(1234.5);
    expect(heard).toEqual(['arrived']);
  });

  it('says at once that it is there if it is', () => {
    const run = runOf(10_000, 0.01);
    runner.start(run, 0, 1);
    platform.pass(1);
    expect(heard).toEqual(['arrived']);
  });

  it('stops within a slice', () => {
    const run = runOf(1_000_000, 0.001);
    runner.start(run, 1_000_000, 'max');
    platform.pass(20);
    runner.stop();
    const { nowMs } = run;
    platform.pass(100);
    expect(run.nowMs).toBe(nowMs);
    expect(heard).toEqual([]);
  });

  it('yields every 8 ms even when events become a thousand times dearer, after one slice to learn it', () => {
    let costMs = 0.0001;
    const run = new FakeRun(1_000_000, () => (platform.wallMs += costMs));
    runner.start(run, 1_000_000, 'max');
    platform.pass(50);
    costMs = 0.1;
    platform.pass(2000);
    platform.longestTaskMs = 0;
    platform.pass(500);
    expect(platform.longestTaskMs).toBeLessThanOrEqual(8.1);
  });

  it('sleeps between slices while the run is ahead of the clock', () => {
    runner.start(runOf(1_000_000, 0.001), 1_000_000, 1);
    platform.pass(1000);
    expect(slices).toBeLessThan(300);
  });

  it('has one chain of slices however often the speed is changed', () => {
    runner.start(runOf(1_000_000, 0.001), 1_000_000, 1);
    for (let i = 0; i < 100; i++) runner.setSpeed(1 + i / 100);
    platform.pass(1000);
    expect(slices).toBeLessThan(300);
  });

  it('takes a new speed at once', () => {
    const run = runOf(1_000_000, 0.001);
    runner.start(run, 1_000_000, 1);
    platform.pass(1000);
    runner.setSpeed(100);
    platform.pass(1000);
    expect(run.nowMs).toBeGreaterThan(95_000);
    expect(run.nowMs).toBeLessThan(102_000);
  });

  it('stops at an error and passes it on', () => {
    const run = runOf(1000, 0.001);
    run.advance = () => {
      throw new Error('broken');
    };
    runner.start(run, 1000, 1);
    platform.pass(100);
    expect(heard).toEqual(['Error: broken']);
  });

  it('forgets a run that another one replaced', () => {
    const first = runOf(1000, 0.001);
    const second = runOf(1000, 0.001);
    runner.start(first, 1000, 1);
    platform.pass(100);
    const { nowMs } = first;
    runner.start(second, 1000, 'max');
    platform.pass(100);
    expect([first.nowMs, second.nowMs]).toEqual([nowMs, 1000]);
  });
});
