import type { Studio } from '../../store/studio.ts';

/** What Play and Space do: pause a running run, start a standing one, begin anew when it has finished. */
export function playOrPause({ run, runs }: Studio): void {
  const { session } = runs.getState();
  if (session === 'running') run.pause();
  else if (session === 'finished') {
    run.reset();
    run.play();
  } else if (session !== 'seeking') run.play();
}
