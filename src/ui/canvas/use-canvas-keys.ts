import { useReactFlow } from '@xyflow/react';
import { useEffect, type RefObject } from 'react';
import type { Studio } from '../../store/studio.ts';
import { useCanvasStore } from './canvas-state.ts';
import { handleCanvasKey } from './canvas-keys.ts';

/**
 * Keys and clipboard of the canvas. They count while the focus is on the canvas or on nothing at all, never in a
 * field, a menu or a dialog.
 */
export function useCanvasKeys(studio: Studio, pane: RefObject<HTMLDivElement | null>): void {
  const store = useCanvasStore();
  const flow = useReactFlow();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || !isOurs(event.target, pane.current)) return;
      if (studio.view.getState().panel !== 'none') return;
      const ctrl = event.ctrlKey || event.metaKey;
      const { key, shiftKey: shift, altKey: alt } = event;
      const onButton = event.target instanceof HTMLButtonElement;
      if (onButton && (key === 'Enter' || key === ' ')) return;
      const focused = focusedId('.react-flow__node');
      const focusedEdge = focusedId('.react-flow__edge');
      if (handleCanvasKey(studio, store, { key, ctrl, shift, alt, focused, focusedEdge }))
        event.preventDefault();
    };
    const onFocus = (event: FocusEvent) => {
      const card =
        event.target instanceof Element ? event.target.closest<HTMLElement>('.react-flow__node') : null;
      if (!card || card !== event.target || !card.matches(':focus-visible')) return;
      bringIntoView(card, pane.current, flow);
    };
    const onCopy = (event: ClipboardEvent) => copy(studio, pane.current, event);
    const onPaste = (event: ClipboardEvent) => {
      if (event.defaultPrevented || !isOurs(event.target, pane.current)) return;
      const text = event.clipboardData?.getData('text/plain');
      if (!text) return;
      event.preventDefault();
      studio.edit.paste(text);
    };
    window.addEventListener('keydown', onKey);
    document.addEventListener('copy', onCopy);
    document.addEventListener('cut', onCopy);
    document.addEventListener('paste', onPaste);
    const element = pane.current;
    element?.addEventListener('focusin', onFocus);
    return () => {
      window.removeEventListener('keydown', onKey);
      document.removeEventListener('copy', onCopy);
      document.removeEventListener('cut', onCopy);
      document.removeEventListener('paste', onPaste);
      element?.removeEventListener('focusin', onFocus);
    };
  }, [studio, store, flow, pane]);
}

function copy(studio: Studio, pane: HTMLElement | null, event: ClipboardEvent): void {
  if (event.defaultPrevented || !isOurs(event.target, pane)) return;
  // Text that was marked with the mouse elsewhere on the page is what the user means.
  if (document.getSelection()?.toString()) return;
  const text = studio.edit.copySelection();
  if (!text) return;
  event.clipboardData?.setData('text/plain', text);
  event.preventDefault();
  if (event.type === 'cut') studio.edit.deleteSelection();
}

function isOurs(target: EventTarget | null, pane: HTMLElement | null): boolean {
  if (!(target instanceof Element) || target === document.body || target === document.documentElement)
    return true;
  if (target.matches('input, textarea, select, [contenteditable]:not([contenteditable="false"])'))
    return false;
  if (target.closest('[role="menu"]')) return false;
  return pane?.contains(target) || target.closest('.palette') !== null;
}

/** Id of the card or edge that has the keyboard focus. */
function focusedId(selector: string): string | null {
  const focused = document.activeElement;
  return focused?.matches(selector) ? focused.getAttribute('data-id') : null;
}

/** Moves the view so that a card reached by Tab can be seen. */
function bringIntoView(
  card: HTMLElement,
  pane: HTMLElement | null,
  flow: ReturnType<typeof useReactFlow>,
): void {
  if (!pane) return;
  const box = card.getBoundingClientRect();
  const room = pane.getBoundingClientRect();
  const outside =
    box.left < room.left || box.right > room.right || box.top < room.top || box.bottom > room.bottom;
  if (!outside) return;
  const { x, y } = flow.screenToFlowPosition(
    { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 },
    { snapToGrid: false },
  );
  void flow.setCenter(x, y, { zoom: flow.getZoom() });
}
