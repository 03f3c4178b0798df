import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Edit } from '../../design/edits.ts';
import type { Studio } from '../../store/studio.ts';
import { createCanvasStore } from './canvas-state.ts';
import { handleCanvasKey, type CanvasKey } from './canvas-keys.ts';

function bench(selected: string[] = []) {
  const nodes = [{ id: 'shop', kind: 'producer', name: 'shop', fields: {} }];
  const layout = { nodes: [{ id: 'shop', x: 16, y: 24 }] };
  const dispatch = vi.fn<(edit: Edit, mergeKey?: string) => void>();
  const edit = {
    dispatch,
    select: vi.fn<(nodes: Iterable<string>, edges?: Iterable<string>) => void>(),
    undo: vi.fn<() => void>(),
    redo: vi.fn<() => void>(),
    dismissNotice: vi.fn<() => void>(),
    deleteSelection: vi.fn<() => void>(),
  };
  const studio = {
    edit,
    designs: createStore(() => ({
      design: { nodes, layout },
      selection: { nodes: new Set(selected), edges: new Set<string>() },
    })),
    view: createStore(() => ({ placing: null, connectingFrom: null, inspectorOpen: false })),
  } as unknown as Studio;
  const store = createCanvasStore();
  const press = (key: string, more: Partial<CanvasKey> = {}) =>
    handleCanvasKey(studio, store, {
      key,
      ctrl: false,
      shift: false,
      alt: false,
      focused: null,
      focusedEdge: null,
      ...more,
    });
  return { studio, store, edit, dispatch, press };
}

describe('keys of the canvas', () => {
  it('move the selection by 8, four times as far with Shift, as one step of undo', () => {
    const { dispatch, press } = bench(['shop']);
    press('ArrowRight');
    press('ArrowUp', { shift: true });
    expect(dispatch.mock.calls).toEqual([
      [{ type: 'move', places: [{ id: 'shop', x: 24, y: 24 }] }, 'nudge shop'],
      [{ type: 'move', places: [{ id: 'shop', x: 16, y: -8 }] }, 'nudge shop'],
    ]);
  });

  it('move the focused card when nothing is selected', () => {
    const { dispatch, edit, press } = bench();
    expect(press('ArrowLeft')).toBe(false);
    expect(press('ArrowLeft', { focused: 'shop' })).toBe(true);
    expect(edit.select).toHaveBeenCalled();
    expect(dispatch).toHaveBeenCalledOnce();
  });

  it('take a kind in hand by its letter and let go of it by Escape', () => {
    const { studio, press } = bench();
    press('p');
    expect(studio.view.getState().placing).toBe('producer');
    press('Escape');
    expect(studio.view.getState().placing).toBeNull();
  });

  it('start a connection by C and open the inspector by Enter', () => {
    const { studio, press } = bench(['shop']);
    press('c');
    expect(studio.view.getState().connectingFrom).toEqual({ node: 'shop', port: undefined });
    press('Escape');
    press('Enter', { focused: 'shop' });
    expect(studio.view.getState().inspectorOpen).toBe(true);
  });

  it('select a focused edge by Enter', () => {
    const { edit, press } = bench();
    press('Enter', { focusedEdge: 'shop-to-orders' });
    expect(edit.select).toHaveBeenCalledWith([], ['shop-to-orders']);
  });

  it('undo and redo', () => {
    const { edit, press } = bench();
    press('z', { ctrl: true });
    press('Z', { ctrl: true, shift: true });
    press('y', { ctrl: true });
    expect(edit.undo).toHaveBeenCalledTimes(1);
    expect(edit.redo).toHaveBeenCalledTimes(2);
  });

  it('leave alone what they do not know', () => {
    const { press } = bench();
    expect(press('F5')).toBe(false);
    expect(press('k', { ctrl: true })).toBe(false);
    expect(press('p', { alt: true })).toBe(false);
  });
});
