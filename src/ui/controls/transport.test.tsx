// @vitest-environment jsdom
import { act, fireEvent, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { newDesign } from '../../design/new-design.ts';
import type { Problem } from '../../design/types.ts';
import { compile } from '../../simulation/compile.ts';
import { initialRunState } from '../../store/run-store.ts';
import { renderStudio } from '../../testing/render-studio.tsx';
import { useShortcuts } from '../app/use-shortcuts.ts';
import { runMessage } from './run-message.ts';
import { shortfallText, speedText } from './speeds.ts';
import { Transport } from './transport.tsx';

function Page() {
  useShortcuts();
  return <Transport />;
}

const start = () => renderStudio(<Page />, newDesign('Orders'));

describe('The transport', () => {
  it('plays and pauses, and the clock follows', async () => {
    const { user, worker } = await start();
    await user.click(screen.getByRole('button', { name: 'Play' }));
    act(() => worker.platform.pass(1500));
    await user.click(screen.getByRole('button', { name: 'Pause' }));
    act(() => worker.platform.pass(50));
    expect(screen.getByRole('button', { name: 'Play' })).toBeEnabled();
    expect(screen.getByRole('timer')).toHaveTextContent(/^00:01\.\d$/);
  });

  it('plays on Space, but not while typing or on a focused button', async () => {
    const { studio, user, worker } = await start();
    fireEvent.keyDown(document.body, { key: ' ' });
    act(() => worker.platform.pass(50));
    expect(studio.runs.getState().session).toBe('running');
    await user.click(screen.getByLabelText(/seed/));
    await user.keyboard(' ');
    act(() => worker.platform.pass(50));
    expect(studio.runs.getState().session).toBe('running');
  });

  it('starts anew after the end', async () => {
    const { studio, user, worker } = await start();
    act(() => studio.run.setSpeed('max'));
    await user.click(screen.getByRole('button', { name: 'Play' }));
    act(() => worker.platform.pass(200));
    await user.click(screen.getByRole('button', { name: 'Play again' }));
    act(() => worker.platform.pass(1));
    expect(studio.runs.getState().session).not.toBe('ready');
  });

  it('takes a number or a text as seed', async () => {
    const { studio, user } = await start();
    const box = screen.getByLabelText(/seed/);
    for (const [typed, seed] of [
      ['12', 12],
      ['black friday', 'black friday'],
    ] as const) {
      await user.clear(box);
      await user.type(box, `${typed}{Enter}`);
      expect(studio.designs.getState().design.scenario.seed).toBe(seed);
    }
  });
});

it('A machine that cannot keep up says how fast it goes, and one that nearly does says nothing.', () => {
  expect([
    shortfallText(1, 0.4),
    shortfallText(1, 0.043),
    shortfallText(1, 1e-7),
    shortfallText(2, 1.24),
    shortfallText(100, 41),
    shortfallText(1, 0.93),
    shortfallText('max', 3),
  ]).toEqual([
    '0.4× real time',
    '0.04× real time',
    'less than 0.001× real time',
    '1.2× real time',
    '41× real time',
    null,
    null,
  ]);
  expect([speedText(0.1), speedText(1000), speedText('max')]).toEqual(['0.1×', '1,000×', 'Max']);
});

it('Trouble is told before anything else, and a restart says why for a while.', () => {
  const trace = [
    { atMs: 0, node: '', code: 'restart', text: 'Changing partitions restarted the run, since keys move.' },
  ];
  expect(runMessage(initialRunState, newDesign())).toBeNull();
  expect(runMessage({ ...initialRunState, trace }, newDesign())).toMatchObject({
    text: trace[0].text,
    fleeting: true,
  });
  expect(runMessage({ ...initialRunState, trace, health: 'slow' }, newDesign())?.bad).toBe(true);
});

it('A run that a limit ended says which and why, where one that came to its end is finished.', () => {
  const design = newDesign();
  const { run } = compile(design, { untilMs: 1000 });
  run!.advance(1000, Infinity);
  const results = run!.results();
  const finished = { ...initialRunState, session: 'finished' as const, results };
  expect(runMessage(finished, design)).toMatchObject({ text: 'Finished.', bad: false });
  const limit: Problem = { severity: 'error', code: 'limit-reached', message: 'The run stopped at 3 s.' };
  const stopped = { ...finished, results: { ...results, problems: [limit] } };
  expect(runMessage(stopped, design)).toEqual({ text: limit.message, bad: true, fleeting: false });
});
