import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyEdit, type Edit } from '../design/edits.ts';
import { newDesign } from '../design/new-design.ts';
import type { Design, Problem } from '../design/types.ts';
import { HEADER, SAMPLE } from '../simulation/frame/frame-layout.ts';
import { validate } from '../simulation/problems/validate.ts';
import { FakeRun } from '../testing/fake-run.ts';
import { InProcessWorker } from '../testing/in-process-worker.ts';
import { createRunControl, type RunControl } from './run-control.ts';

let worker: InProcessWorker;
let control: RunControl;
let notices: Problem[];
let design: Design;
let canRun: boolean;

beforeEach(() => {
  notices = [];
  canRun = true;
  worker = new InProcessWorker(() =>
    canRun
      ? { run: new FakeRun(), problems: [] }
      : { run: null, problems: [{ severity: 'error', code: 'no', message: 'It cannot run.' }] },
  );
  control = createRunControl({ startWorker: () => worker, onNotice: (notice) => notices.push(notice) });
  design = applyEdit(newDesign(), {
    type: 'add-nodes',
    nodes: [{ id: 'a', kind: 'producer', name: 'Shop', fields: {} }],
    places: [{ id: 'a', x: 0, y: 0 }],
    edges: [],
  });
  control.show(design, true);
  worker.platform.pass(10);
});

afterEach(() => control.dispose());

function edit(change: Edit): void {
  design = applyEdit(design, change);
  control.show(design);
  worker.platform.pass(10);
}

function run() {
  return control.store.getState();
}

function sent(): string[] {
  return worker.received.map(({ type }) => type).filter((type) => type !== 'frame-done' && type !== 'ping');
}

describe('the page’s view of the run', () => {
  it('counts the documents shown, whether they can run or not, and no edits or restarts', () => {
    expect(run().documents).toBe(1);
    edit({ type: 'rename-design', name: 'Mine' });
    control.commands.reset();
    worker.platform.pass(10);
    expect(run().documents).toBe(1);
    canRun = false;
    control.show(newDesign(), true);
    worker.platform.pass(10);
    expect(run().documents).toBe(2);
  });

  it('shows time zero of a design, then follows it', () => {
    expect(run()).toMatchObject({ session: 'ready', simulatedMs: 0, horizonMs: 10_000, health: 'well' });
    expect(control.frames.latest?.data[HEADER.simulatedMs]).toBe(0);
    control.commands.setSpeed(2);
    control.commands.play();
    worker.platform.pass(1000);
    expect(run()).toMatchObject({ session: 'running', speed: 2 });
    expect(run().simulatedMs).toBeGreaterThan(1400);
    control.commands.pause();
    worker.platform.pass(10);
    expect(run().session).toBe('paused');
    expect(control.frames.latest?.data[HEADER.simulatedMs]).toBe(run().simulatedMs);
    expect(run().results?.events).toBe(Math.floor(run().simulatedMs));
  });

  it('collects every sample and trace row once, also after going back', () => {
    control.commands.seek(5000);
    worker.platform.pass(10);
    control.commands.seek(2000);
    worker.platform.pass(10);
    expect(control.frames.samples.at(-1)?.[SAMPLE.simulatedMs]).toBe(2000);
    expect(run().trace).toHaveLength(40);
    control.commands.seek(5000);
    worker.platform.pass(10);
    expect(control.frames.samples.map((sample) => sample[SAMPLE.simulatedMs])).toEqual(
      Array.from({ length: 50 }, (_, index) => (index + 1) * 100),
    );
    expect(run().trace).toHaveLength(100);
  });

  it('knows the faults in force', () => {
    control.commands.play();
    control.commands.inject('a', 'burst', { factor: 5 });
    worker.platform.pass(50);
    expect(run().activeFaults).toMatchObject([{ id: 'by-hand-1', node: 'a', fault: 'burst' }]);
    control.commands.heal('by-hand-1');
    worker.platform.pass(50);
    expect(run().activeFaults).toEqual([]);
  });

  it('starts over on reset', () => {
    control.commands.seek(5000);
    worker.platform.pass(10);
    control.commands.reset();
    worker.platform.pass(10);
    expect(run()).toMatchObject({ session: 'ready', simulatedMs: 0, trace: [], results: null });
    expect(control.frames.samples).toEqual([]);
  });

  it('ignores a frame that does not fit, and says so', () => {
    const { latest } = control.frames;
    worker.onmessage?.({
      data: { type: 'frame', generation: 1, buffer: new ArrayBuffer(800), length: 7 },
    } as MessageEvent);
    expect(run().failure?.code).toBe('frame-malformed');
    expect(control.frames.latest).toBe(latest);
  });
});

describe('an edit', () => {
  it('of a name or a place is none of the run’s business', () => {
    control.commands.play();
    edit({ type: 'rename-node', node: 'a', name: 'Store' });
    edit({ type: 'move', places: [{ id: 'a', x: 9, y: 9 }] });
    expect(sent()).toEqual(['speed', 'load', 'play']);
  });

  it('of a live field takes effect in the run under way and is in the trace', () => {
    control.commands.play();
    worker.platform.pass(100);
    edit({ type: 'set-field', node: 'a', field: 'rate', value: 4 });
    worker.platform.pass(100);
    expect(sent()).toEqual(['speed', 'load', 'play', 'set-field']);
    const row = run().trace.find(({ code }) => code === 'set-field');
    expect(row?.text).toBe('rate is now 4.');
    expect(row?.atMs).toBeGreaterThan(50);
    expect(run().session).toBe('running');
  });

  it('of a live field shows what there is to say about the design as it now is', () => {
    control.commands.play();
    worker.platform.pass(100);
    expect(run().problems).toEqual([]);
    edit({ type: 'set-field', node: 'a', field: 'rate', value: 4 });
    worker.platform.pass(1000);
    expect(validate(design)).not.toEqual([]);
    expect(run().problems).toEqual(validate(design));
  });

  it('of a live field before the start simply holds from the start', () => {
    edit({ type: 'set-field', node: 'a', field: 'rate', value: 4 });
    expect(sent()).toEqual(['speed', 'load', 'load']);
    expect(run().trace).toEqual([]);
  });

  it('of the structure starts the run anew and says so, in the trace and as a notice', () => {
    control.commands.play();
    worker.platform.pass(1000);
    edit({ type: 'remove', nodes: ['a'], edges: [] });
    expect(run()).toMatchObject({ session: 'ready', simulatedMs: 0 });
    expect(run().trace.map(({ text }) => text)).toEqual(['Removing “Shop” restarts the run.']);
    expect(notices.map(({ code }) => code)).toEqual(['run-restarts']);
    control.commands.seek(200);
    worker.platform.pass(10);
    control.commands.seek(0);
    worker.platform.pass(10);
    expect(run().trace.map(({ code }) => code)).toEqual(['restart']);
  });

  it('of the structure says so, too, when the run was started and no time has passed', () => {
    control.commands.play();
    worker.platform.pass(0);
    expect(run()).toMatchObject({ session: 'running', simulatedMs: 0 });
    edit({ type: 'set-scenario', seed: 8 });
    expect(run().session).toBe('ready');
    expect(notices.map(({ message }) => message)).toEqual(['Changing the seed restarts the run.']);
  });

  it('that makes a design impossible to run shows the problems, and one that mends it makes it ready', () => {
    canRun = false;
    edit({ type: 'set-scenario', seed: 8 });
    expect(run()).toMatchObject({ session: 'failed', problems: [{ code: 'no' }] });
    expect(notices).toEqual([]);
    canRun = true;
    edit({ type: 'set-field', node: 'a', field: 'rate', value: 5 });
    expect(run()).toMatchObject({ session: 'ready', problems: [] });
  });
});

it('A design that is opened and cannot run says so at once, and once only.', () => {
  canRun = false;
  control.show(design, true);
  worker.platform.pass(10);
  expect(notices).toMatchObject([
    { severity: 'error', code: 'cannot-run', message: 'This design cannot run yet. It cannot run.' },
  ]);
  edit({ type: 'set-scenario', seed: 9 });
  expect(notices).toHaveLength(1);
});
