import type { Problem } from '../../design/types.ts';
import { useRun } from './studio-context.tsx';

/** What keeps the design from running or is worth a look, worst first; notes of mere information stay out. */
export function useAllProblems(): readonly Problem[] {
  const problems = useRun((run) => run.problems);
  const failure = useRun((run) => run.failure);
  const rank = { error: 0, warning: 1, info: 2 };
  const all = failure && !problems.includes(failure) ? [failure, ...problems] : problems;
  return all
    .filter((problem) => problem.severity !== 'info')
    .toSorted((a, b) => rank[a.severity] - rank[b.severity]);
}
