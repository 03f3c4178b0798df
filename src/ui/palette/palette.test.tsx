// @vitest-environment jsdom
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Studio } from '../../store/studio.ts';
import { StudioProvider } from '../app/studio-context.tsx';
import { Palette } from './palette.tsx';

afterEach(cleanup);

function show() {
  const addNode = vi.fn<(kind: string) => string>((kind) => kind);
  const studio = {
    view: createStore(() => ({ placing: null as string | null, connectingFrom: null })),
    designs: createStore(() => ({ design: { nodes: [], layout: { nodes: [] } } })),
    edit: { addNode },
  } as unknown as Studio;
  render(
    <StudioProvider studio={studio}>
      <Palette />
    </StudioProvider>,
  );
  return { studio, addNode, user: userEvent.setup() };
}

describe('the palette', () => {
  it('shows the families that have kinds, and no others', () => {
    show();
    expect(screen.getByRole('button', { name: 'Sources' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Observability' })).toBeNull();
  });

  it('opens the kinds of a family with the focus on the first', async () => {
    const { user } = show();
    await user.click(screen.getByRole('button', { name: 'Channels' }));
    const menu = screen.getByRole('menu', { name: 'Channels' });
    const names = within(menu)
      .getAllByRole('menuitem')
      .map((item) => item.textContent);
    for (const name of ['Topic', 'Queue', 'Exchange']) {
      expect(names.some((text) => text?.includes(name))).toBe(true);
    }
    expect(document.activeElement?.textContent).toContain('Topic');
  });

  it('places a kind by keyboard alone', async () => {
    const { user, addNode } = show();
    await user.tab();
    await user.keyboard('{ArrowDown}{ArrowRight}{ArrowDown}{Enter}');
    expect(addNode).toHaveBeenCalledWith('queue', expect.anything());
    expect(screen.queryByRole('menu')).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Channels' }));
  });

  it('takes a kind in hand by a tap, to be placed by a tap on the canvas', async () => {
    const { user, studio, addNode } = show();
    await user.click(screen.getByRole('button', { name: 'Sources' }));
    await user.click(screen.getByRole('menuitem', { name: /Producer/ }));
    expect(studio.view.getState().placing).toBe('producer');
    expect(addNode).not.toHaveBeenCalled();
  });

  it('closes by Escape and by a press elsewhere', async () => {
    const { user } = show();
    const button = screen.getByRole('button', { name: 'State' });
    await user.click(button);
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('menu')).toBeNull();
    expect(document.activeElement).toBe(button);
    await user.click(button);
    await user.click(document.body);
    expect(screen.queryByRole('menu')).toBeNull();
  });
});
