import type { Design } from '../../design/types.ts';
import { compile } from '../../simulation/compile.ts';
import type { RunParts } from '../../simulation/live-run.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

const EVENTS = 2000;

/** What a law says of the first 2,000 events of a design when somebody meddled with the run at its beginning; null for nothing. */
export function saidOf(
  design: Design,
  law: keyof typeof LAWS,
  meddle: (inside: RunParts) => void,
): string | null {
  const { run } = compile(design);
  const watch = watchRun(run!, [], [LAWS[law]]);
  meddle(insideOf(run!));
  try {
    for (let event = 0; event < EVENTS && run!.advance(Infinity, 1) === 1; event++) {
      watch.check(false);
      run!.drainMessages();
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
