import type { RunState } from '../../store/run-store.ts';

/** A sentence beside the clock. A fleeting one is taken away after a while. */
export interface RunMessage {
  text: string;
  bad: boolean;
  fleeting: boolean;
}

/** The one thing the run has to say now: trouble first, then why it stands still, then what restarted it. */
export function runMessage(run: RunState): RunMessage | null {
  if (run.health === 'slow')
    return { text: 'The simulation is not answering yet.', bad: true, fleeting: false };
  if (run.health === 'restarted') {
    return {
      text: 'The simulation did not answer and was restarted. Your design is untouched.',
      bad: true,
      fleeting: true,
    };
  }
  if (run.session === 'failed') {
    const reason = run.failure ?? run.problems.find((problem) => problem.severity === 'error');
    return { text: reason?.message ?? 'The run has stopped.', bad: true, fleeting: false };
  }
  if (run.session === 'finished') return { text: 'Finished.', bad: false, fleeting: false };
  const restart = run.trace.findLast((row) => row.code === 'restart');
  return restart ? { text: restart.text, bad: false, fleeting: true } : null;
}
