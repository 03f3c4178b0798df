import type { Problem } from '../../design/types.ts';
import { stoppedBy } from '../controls/run-message.ts';
import { useRun } from './studio-context.tsx';

/** What keeps the design from running or is worth a look, worst first; notes of mere information stay out. */
export function useAllProblems(): readonly Problem[] {
  const problems = useRun((run) => run.problems);
  const failure = useRun((run) => run.failure);
  const stopped = useRun(stoppedBy);
  const rank = { error: 0, warning: 1, info: 2 };
  const known = failure && !problems.includes(failure) ? [failure, ...problems] : problems;
  const all = stopped ? [stopped, ...known] : known;
  return all
    .filter((problem) => problem.severity !== 'info')
    .toSorted((a, b) => rank[a.severity] - rank[b.severity]);
}
