import type { Design, Problem } from '../../design/types.ts';
import type { RunState } from '../../store/run-store.ts';
import { problemPlace, problemText } from '../app/problem-words.ts';

/** A sentence beside the clock. A fleeting one is taken away after a while. */
export interface RunMessage {
  text: string;
  bad: boolean;
  fleeting: boolean;
}

/** The one thing the run has to say now: trouble first, then why it stands still, then what restarted it. */
export function runMessage(run: RunState, design: Design): RunMessage | null {
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
    const text = reason ? withPlace(reason, design) : 'The run has stopped.';
    return { text, bad: true, fleeting: false };
  }
  if (run.session === 'finished') {
    const stopped = stoppedBy(run);
    return { text: stopped?.message ?? 'Finished.', bad: stopped !== undefined, fleeting: false };
  }
  const restart = run.trace.findLast((row) => row.code === 'restart');
  return restart ? { text: restart.text, bad: false, fleeting: true } : null;
}

/** The limit or broken guarantee that ended the run before its time, if one did. */
export function stoppedBy({ results }: RunState): Problem | undefined {
  return results?.problems.find(({ code }) => code === 'limit-reached' || code === 'violation');
}

/** A sentence that starts with its place in the file gets the place on the canvas instead. */
function withPlace(problem: Problem, design: Design): string {
  const text = problemText(design, problem);
  return text === problem.message ? text : `${problemPlace(design, problem)}: ${text}`;
}
