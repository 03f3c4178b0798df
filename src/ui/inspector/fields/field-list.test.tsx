// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { newDesign } from '../../../design/new-design.ts';
import type { Json } from '../../../design/types.ts';
import { kindDefinition } from '../../../kinds/registry.ts';
import { renderStudio } from '../../../testing/render-studio.tsx';
import { useDesign } from '../../app/studio-context.tsx';
import { FieldList, fieldOrder, moreText } from './field-list.tsx';

/** The form of the node `n`, as the inspector shows it. */
function Form() {
  const node = useDesign((state) => state.design.nodes[0]);
  return <FieldList node={node} definition={kindDefinition(node.kind)!} />;
}

function renderForm(kind: string, fields: Record<string, Json> = {}) {
  return renderStudio(<Form />, {
    ...newDesign('Orders'),
    nodes: [{ id: 'n', kind, name: 'n', fields }],
    layout: { nodes: [{ id: 'n', x: 0, y: 0 }] },
  });
}

describe('The form of a node', () => {
  it('commits a duration on Enter, in whatever unit it was typed', async () => {
    const { studio, user } = await renderForm('consumer-group', { sessionTimeout: 10_000 });
    const box = screen.getByLabelText(/^Session timeout/);
    expect(box).toHaveValue('10 s');
    await user.clear(box);
    await user.type(box, '250ms{Enter}');
    expect(studio.designs.getState().design.nodes[0].fields.sessionTimeout).toBe(250);
    expect(box).toHaveValue('250 ms');
  });

  it('keeps a refused text with the reason, and Escape brings the old value back', async () => {
    const { studio, user } = await renderForm('consumer-group');
    const box = screen.getByLabelText(/^Members/);
    await user.clear(box);
    await user.type(box, '0{Enter}');
    expect(screen.getByRole('alert')).toHaveTextContent(
      'Found 0, expected a whole number from 1 to 1,000 members.',
    );
    expect(box).toHaveValue('0');
    expect(box).toBeInvalid();
    await user.type(box, '{Escape}');
    expect(box).toHaveValue('3');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(studio.designs.getState().undoLabel).toBeNull();
  });

  it('hides what hangs on a field that is hidden itself', async () => {
    const delays = { delayedRetryType: 'all', delayedRetryMin: 5000 };
    const { view } = await renderForm('queue', { queueType: 'quorum', ...delays });
    expect(screen.getByLabelText(/^Shortest delay/)).toHaveValue('5 s');
    view.unmount();
    await renderForm('queue', { queueType: 'classic', ...delays });
    expect(screen.queryByLabelText(/^Delays retries/)).toBeNull();
    expect(screen.queryByLabelText(/^Shortest delay/)).toBeNull();
  });

  it('nudges with the arrow keys, as one step of undo', async () => {
    const { studio, user } = await renderForm('producer');
    const box = screen.getByLabelText(/^Rate/);
    await user.click(box);
    await user.keyboard('{ArrowUp}{ArrowUp}{ArrowUp}');
    expect(studio.designs.getState().design.nodes[0].fields.rate).toBe(130);
    studio.edit.undo();
    expect(studio.designs.getState().design.nodes[0].fields.rate).toBeUndefined();
  });

  it('writes no field that is at its default', async () => {
    const { studio, user } = await renderForm('producer', { rate: 250 });
    const box = screen.getByLabelText(/^Rate/);
    await user.clear(box);
    await user.type(box, '100{Enter}');
    expect(studio.designs.getState().design.nodes[0].fields).toEqual({});
  });

  it('changes the shape of a distribution and keeps its mean', async () => {
    const { studio, user } = await renderForm('database', {
      serviceTime: { shape: 'exponential', mean: 40 },
    });
    await user.selectOptions(screen.getByLabelText('Shape of service time'), 'log-normal');
    expect(studio.designs.getState().design.nodes[0].fields.serviceTime).toEqual({
      shape: 'log-normal',
      mean: 40,
      cv: 0.5,
    });
    const spread = screen.getByLabelText('Variation');
    await user.clear(spread);
    await user.type(spread, '2{Enter}');
    expect(studio.designs.getState().design.nodes[0].fields.serviceTime).toMatchObject({ cv: 2 });
  });

  it('takes a range that begins below 0, as a file may have it', async () => {
    const { studio, user } = await renderForm('database', {
      serviceTime: { shape: 'uniform', min: 10, max: 40 },
    });
    const smallest = screen.getByLabelText(/^Service time/);
    await user.clear(smallest);
    await user.type(smallest, '-5 ms{Enter}');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(studio.designs.getState().design.nodes[0].fields.serviceTime).toMatchObject({ min: -5 });
  });

  it('edits a schedule step by step, in order of time', async () => {
    const { studio, user } = await renderForm('producer', {
      arrivals: 'schedule',
      schedule: [{ atMs: 0, ratePerSecond: 100 }],
    });
    await user.click(screen.getByRole('button', { name: /Add a step/ }));
    const [, second] = within(screen.getByRole('group', { name: 'Schedule' })).getAllByLabelText('Rate');
    await user.clear(second);
    await user.type(second, '1k/s{Enter}');
    expect(studio.designs.getState().design.nodes[0].fields.schedule).toEqual([
      { atMs: 0, ratePerSecond: 100 },
      { atMs: 60_000, ratePerSecond: 1000 },
    ]);
  });

  it('shows a dependent field only when the other one asks for it', async () => {
    const { user } = await renderForm('producer', { arrivals: 'burst' });
    await user.click(screen.getByRole('button', { name: /more fields/ }));
    expect(screen.getByLabelText(/^On for/)).toBeVisible();
    await user.selectOptions(screen.getByLabelText(/^Arrivals/), 'constant');
    expect(screen.queryByLabelText(/^On for/)).toBeNull();
  });
});

it('Changed fields come first.', () => {
  const { fields } = kindDefinition('consumer-group')!;
  const order = fieldOrder(fields, { assignor: 'roundrobin', members: 5 });
  expect(order.changed).toBe(2);
  expect(order.fields.slice(0, 3).map((field) => field.name)).toEqual(['members', 'assignor', 'concurrency']);
});

it('Which broker a managed queue is comes first, whatever was changed.', () => {
  const { fields } = kindDefinition('cloud-broker')!;
  const order = fieldOrder(fields, { maxReceiveCount: 5 });
  expect(order.fields.slice(0, 3).map(({ name }) => name)).toEqual([
    'profile',
    'maxReceiveCount',
    'visibilityTimeout',
  ]);
  expect(order.changed).toBe(2);
});

it('The rest is counted, with what of it was changed.', () => {
  expect([moreText(6, 0), moreText(1, 0), moreText(10, 2)]).toEqual([
    '6 more fields, all at their defaults',
    '1 more field, at its default',
    '10 more fields, 2 changed',
  ]);
});
