// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { orders } from '../../../gallery/orders.ts';
import { renderStudio } from '../../../testing/render-studio.tsx';
import { breakRequest } from '../../inspector/break-request.ts';
import BreakDialog from './break-dialog.tsx';

it('A fault is planned for every run, with its values and its time, and can be undone.', async () => {
  const { studio, user } = await renderStudio(<BreakDialog />, orders);
  await user.selectOptions(screen.getByLabelText('Node or edge'), 'node billing');
  await user.click(screen.getByRole('radio', { name: /Slow it down/ }));
  expect(screen.getByLabelText(/^For/)).toHaveValue('until you heal it');
  for (const [label, text] of [
    [/^Times slower/, '4'],
    [/^For/, '30 s'],
    [/^At/, '2 min'],
  ] as const) {
    const box = screen.getByLabelText(label);
    await user.clear(box);
    await user.type(box, `${text}{Enter}`);
  }
  await user.click(screen.getByRole('button', { name: 'Plan it for every run' }));
  const { faults } = studio.designs.getState().design.scenario;
  expect(faults).toMatchObject([
    { atMs: 120_000, forMs: 30_000, node: 'billing', fault: 'slow', args: { factor: 4 } },
  ]);
  studio.edit.undo();
  expect(studio.designs.getState().design.scenario.faults).toEqual([]);
});

it('Asks no duration of what ends when it is done.', async () => {
  const { user } = await renderStudio(<BreakDialog />, orders);
  await user.selectOptions(screen.getByLabelText('Node or edge'), 'node billing');
  await user.click(screen.getByRole('radio', { name: /Restart all, one by one/ }));
  expect(screen.queryByLabelText(/^For/)).toBeNull();
  expect(screen.getByLabelText(/^Down for/)).toBeVisible();
});

it('Waits for Enter alone where the fault was chosen in a menu, else for a choice.', async () => {
  breakRequest.setState({ place: 'billing', fault: 'slow' });
  const chosen = await renderStudio(<BreakDialog />, orders);
  await waitFor(() => expect(screen.getByRole('button', { name: 'Break it now' })).toHaveFocus());
  expect(screen.getByRole('radio', { name: /Slow it down/ })).toBeChecked();
  chosen.view.unmount();
  breakRequest.setState({ place: null, fault: null });
  await renderStudio(<BreakDialog />, orders);
  await waitFor(() => expect(screen.getByLabelText('Node or edge')).toHaveFocus());
});
