import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import type { Design } from '../design/types.ts';
import { createStudio } from '../store/create-studio.ts';
import { StudioProvider } from '../ui/app/studio-context.tsx';
import { FakeRun } from './fake-run.ts';
import { FakeStorage } from './fake-storage.ts';
import { InProcessWorker } from './in-process-worker.ts';

/** Draws a part of the page with a real studio behind it: stores in memory, a fake run on a clock that the test moves. */
export async function renderStudio(children: ReactNode, design: Design) {
  const worker = new InProcessWorker(() => ({ run: new FakeRun(), problems: [] }));
  const studio = createStudio({
    firstDesign: () => design,
    startWorker: () => worker,
    storage: new FakeStorage(),
  });
  await studio.opened;
  worker.platform.pass(10);
  const user = userEvent.setup();
  const view = render(<StudioProvider studio={studio}>{children}</StudioProvider>);
  return { studio, user, view, worker };
}
