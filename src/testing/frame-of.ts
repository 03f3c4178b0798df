import type { Design } from '../design/types.ts';
import type { LiveRun } from '../simulation/live-run.ts';

/** A frame of a run as the page gets it. */
export function frameOf(run: LiveRun) {
  const data = new Float64Array(run.frameSize());
  run.writeFrame(data);
  return { layout: run.layout, data };
}

/** What the page explains a run from: its frame now, the faults in force, and the trace that nobody has taken yet. */
export function evidenceOf(design: Design, run: LiveRun) {
  return { design, frame: frameOf(run), activeFaults: run.activeFaults(), trace: run.drainTrace() };
}
