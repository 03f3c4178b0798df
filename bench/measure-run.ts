import { compile } from '../src/simulation/compile.ts';
import type { LiveRun } from '../src/simulation/live-run.ts';
import type { Model } from './models.ts';

/** What one timed run says; the peers print the same. */
export interface Timing {
  events: number;
  seconds: number;
  /** Mean time from birth to the end, in seconds of the model: a check that the same thing was measured. */
  mean: number;
}

/** Compiles the model, runs it for so many messages, and times the running only. */
export function measureRun(model: Model, messages: number): Timing {
  const run = start(model, messages);
  const from = performance.now();
  while (!run.done) run.advance(run.horizonMs, 1_000_000);
  const seconds = (performance.now() - from) / 1000;
  const { events, latency } = run.results();
  return { events, seconds, mean: (latency.latencyMsMean ?? NaN) / 1000 };
}

/** The model, compiled for so many messages as the command line compiles. */
export function start(model: Model, messages: number): LiveRun {
  const { run, problems } = compile(model.design, {
    untilMs: messages * model.msPerMessage,
    observe: false,
    seed: 1,
  });
  if (!run) throw new Error(problems.map((problem) => problem.message).join(' '));
  return run;
}
