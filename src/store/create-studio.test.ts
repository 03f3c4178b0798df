import { expect, it } from 'vitest';
import { newDesign } from '../design/new-design.ts';
import { FakeRun } from '../testing/fake-run.ts';
import { InProcessWorker } from '../testing/in-process-worker.ts';
import { createStudio } from './create-studio.ts';
import { FakeStorage } from '../testing/fake-storage.ts';

it('A studio opens a design, edits it, saves it and runs it.', async () => {
  const worker = new InProcessWorker(() => ({ run: new FakeRun(), problems: [] }));
  const storage = new FakeStorage();
  const studio = createStudio({ firstDesign: () => newDesign('Orders'), startWorker: () => worker, storage });
  await studio.opened;
  const id = studio.edit.addNode('producer', { x: 0, y: 0 });
  studio.run.setSpeed('max');
  studio.run.play();
  worker.platform.pass(100);
  expect(studio.runs.getState().session).toBe('finished');
  expect(studio.frames.samples).toHaveLength(100);
  await studio.edit.startNew();
  worker.platform.pass(100);
  expect(studio.runs.getState()).toMatchObject({ session: 'ready', trace: [] });
  const [saved] = [...storage.designs.values()];
  expect(saved.name).toBe('Orders');
  expect(saved.text).toContain(`"id": "${id}"`);
  studio.dispose();
});
