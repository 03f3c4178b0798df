import { useEffect } from 'react';
import type { Studio } from '../../store/studio.ts';
import { playOrPause } from '../controls/play-or-pause.ts';
import { askToBreak } from '../inspector/break-request.ts';
import { chooseDesignFile, saveDesignFile } from './design-file.ts';
import { useStudio } from './studio-context.tsx';

/** The keys that work wherever the focus is; those of the canvas (delete, copy, arrows) are handled by the canvas. */
export function useShortcuts(): void {
  const studio = useStudio();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const action = event.ctrlKey || event.metaKey ? withControl(event) : plain(studio, event);
      if (!action) return;
      event.preventDefault();
      action(studio);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [studio]);
}

type Action = (studio: Studio) => void;

function withControl(event: KeyboardEvent): Action | null {
  const key = event.key.toLowerCase();
  if (key === 'k') {
    return ({ view }) =>
      view.setState(({ panel }) => ({ panel: panel === 'command-palette' ? 'none' : 'command-palette' }));
  }
  if (key === 's') return saveDesignFile;
  if (key === 'o') return chooseDesignFile;
  // A box has its own undo for what is being typed.
  if (isTyping(event.target)) return null;
  if (key === 'z') return ({ edit }) => (event.shiftKey ? edit.redo() : edit.undo());
  if (key === 'y') return ({ edit }) => edit.redo();
  return null;
}

function plain(studio: Studio, event: KeyboardEvent): Action | null {
  if (event.altKey || isTyping(event.target) || studio.view.getState().panel !== 'none') return null;
  switch (event.key) {
    case ' ':
      // Space presses a focused button; Play is reached from everywhere else.
      return isPressable(event.target) ? null : playOrPause;
    case '.':
      return ({ run }) => run.step();
    case 'Home':
      return ({ run }) => run.reset();
    case '?':
      return ({ view }) => view.setState({ panel: 'shortcuts' });
    case 'i':
      return ({ view }) => view.setState((state) => ({ inspectorOpen: !state.inspectorOpen }));
    case 'f':
      return ({ view }) => view.setState((state) => ({ tableOpen: !state.tableOpen }));
    case 'b':
      return (it) => askToBreak(it, null, null);
    default:
      return null;
  }
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

function isPressable(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.closest('button, a, summary, [role="menuitem"], [role="option"]') !== null;
}
