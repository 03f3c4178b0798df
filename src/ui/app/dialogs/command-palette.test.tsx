// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { orders } from '../../../gallery/orders.ts';
import { renderStudio } from '../../../testing/render-studio.tsx';
import { EXAMPLES } from '../../../gallery/gallery.ts';
import { MYTHS } from '../../../gallery/myths/myths.ts';
import { buildCommands, exampleCommands, matchCommands } from '../commands.ts';
import CommandPalette from './command-palette.tsx';

// jsdom lays nothing out and so has nothing to scroll.
Element.prototype.scrollIntoView = () => {};

const start = async () => {
  const made = await renderStudio(<CommandPalette />, orders);
  return { ...made, box: await screen.findByRole('combobox') };
};

const labels = () => screen.getAllByRole('option').map((option) => option.textContent);

describe('The command palette', () => {
  it('goes to a node by a part of its name', async () => {
    const { studio, user, box } = await start();
    await user.type(box, 'ledger{Enter}');
    expect([...studio.designs.getState().selection.nodes]).toEqual(['ledger-db']);
    expect(studio.view.getState().panel).toBe('none');
  });

  it('moves with the arrow keys, round the ends, and says which line is meant', async () => {
    const { user, box } = await start();
    await user.keyboard('{ArrowUp}');
    const all = screen.getAllByRole('option');
    expect(all.at(-1)).toHaveAttribute('aria-selected', 'true');
    expect(box).toHaveAttribute('aria-activedescendant', all.at(-1)!.id);
    await user.keyboard('{ArrowDown}');
    expect(screen.getAllByRole('option')[0]).toHaveAttribute('aria-selected', 'true');
  });

  it('adds a node below all others', async () => {
    const { studio, user, box } = await start();
    await user.type(box, 'add queue');
    expect(labels()[0]).toBe('Queue');
    await user.keyboard('{Enter}');
    const { layout, nodes } = studio.designs.getState().design;
    const added = nodes.at(-1)!;
    const place = layout.nodes.find((candidate) => candidate.id === added.id)!;
    expect(place.y).toBeGreaterThan(Math.max(...orders.layout.nodes.map((other) => other.y)));
  });

  it('says so when nothing fits', async () => {
    const { user, box } = await start();
    await user.type(box, 'zzz');
    expect(within(screen.getByRole('listbox')).getByText('Nothing fits “zzz”.')).toBeVisible();
  });
});

it('An example is found by what it is about, after those that are called so.', async () => {
  const { studio } = await start();
  const examples = exampleCommands(studio, MYTHS);
  const titles = (query: string) => matchCommands(examples, query).map(({ label }) => label);
  expect(titles('acks')).toContain('All that are in sync');
  expect(titles('commit')[0]).toMatch(/^Commit|^A commit/);
  expect(titles('ommit first')).toEqual(['Commit first and lose']);
});

it('An example is found by its short name and by the products in it.', async () => {
  const { studio } = await start();
  const examples = exampleCommands(studio, EXAMPLES);
  const titles = (query: string) => matchCommands(examples, query).map(({ label }) => label);
  expect(titles('visibility')).toContain('Hidden for ten seconds');
  expect(titles('sqs')).toContain('Hidden for ten seconds');
  expect(titles('kinesis')).toContain('A hot shard');
});

it('Articles are not looked for where there is more to a query.', async () => {
  const { studio } = await start();
  const found = (query: string) => matchCommands(buildCommands(studio), query).map(({ label }) => label);
  expect(found('open a file')).toEqual(found('open file'));
  expect(found('open file').length).toBeGreaterThan(0);
});

it('A word at the start of a label comes before one in the middle.', async () => {
  const { studio } = await start();
  const found = matchCommands(buildCommands(studio), 'sh').filter((command) => command.group === 'Go to');
  expect(found.slice(0, 2).map((command) => command.label)).toEqual(['shipping', 'shipments-db']);
});

it('What has a word inside another is found only for want of one that begins with it.', async () => {
  const { studio } = await start();
  const found = (query: string) => matchCommands(buildCommands(studio), query).map(({ label }) => label);
  expect(found('hang').length).toBeGreaterThan(0);
  expect(found('hang').every((label) => / hang a member/i.test(label))).toBe(true);
  expect(found('xchang')).toEqual(['Exchange']);
});
