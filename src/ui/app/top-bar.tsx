import Ellipsis from 'lucide-react/icons/ellipsis';
import Redo2 from 'lucide-react/icons/redo-2';
import Search from 'lucide-react/icons/search';
import Undo2 from 'lucide-react/icons/undo-2';
import { lazy, Suspense, useState } from 'react';
import { BrandMark } from './brand-mark.tsx';
import { useAllProblems } from './use-all-problems.ts';
import { useDesign, useStudio } from './studio-context.tsx';

/** Menus come right after the first load: their library is a sixth of it. */
const MainMenu = lazy(() => import('./main-menu.tsx'));

function MenuWhileLoading() {
  return (
    <button type="button" className="btn icon" aria-label="More" disabled>
      <Ellipsis size={18} strokeWidth={1.75} aria-hidden />
    </button>
  );
}

/** Mark, name and saved state at the left; find or do in the middle; history, problems and export at the right. */
export function TopBar() {
  const studio = useStudio();
  const open = (panel: 'command-palette' | 'problems' | 'export') => studio.view.setState({ panel });
  return (
    <header className="top-bar">
      <div>
        <BrandMark />
        <DesignName />
        <Saved />
      </div>
      <button
        type="button"
        className="find"
        aria-keyshortcuts="Control+K"
        onClick={() => open('command-palette')}
      >
        <Search size={16} strokeWidth={1.75} aria-hidden />
        Find or do anything
        <kbd className="kbd">Ctrl K</kbd>
      </button>
      <div className="top-right">
        <History />
        <ProblemCount onOpen={() => open('problems')} />
        <button type="button" className="btn line" onClick={() => open('export')}>
          Export
        </button>
        <Suspense fallback={<MenuWhileLoading />}>
          <MainMenu />
        </Suspense>
      </div>
    </header>
  );
}

function DesignName() {
  const studio = useStudio();
  const name = useDesign((state) => state.design.name);
  const [draft, setDraft] = useState<string | null>(null);
  const commit = () => {
    const wanted = draft?.trim();
    setDraft(null);
    if (wanted && wanted !== name) studio.edit.dispatch({ type: 'rename-design', name: wanted });
  };
  return (
    <input
      className="design-name"
      aria-label="Name of the design"
      value={draft ?? name}
      size={Math.min(28, Math.max(6, (draft ?? name).length))}
      maxLength={200}
      spellCheck={false}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') setDraft(null);
      }}
    />
  );
}

function Saved() {
  const saving = useDesign((state) => state.saving);
  if (saving.state === 'saved') return <span className="saving quiet">Saved</span>;
  if (saving.state === 'saving') return <span className="saving quiet">Saving…</span>;
  return (
    <span className="saving failed" title={saving.message}>
      Not saved
    </span>
  );
}

function History() {
  const studio = useStudio();
  const undoLabel = useDesign((state) => state.undoLabel);
  const redoLabel = useDesign((state) => state.redoLabel);
  const undo = undoLabel ? `Undo: ${undoLabel}` : 'Nothing to undo';
  const redo = redoLabel ? `Redo: ${redoLabel}` : 'Nothing to redo';
  return (
    <>
      <button
        type="button"
        className="btn icon"
        aria-label={undo}
        title={`${undo} (Ctrl Z)`}
        aria-keyshortcuts="Control+Z"
        disabled={!undoLabel}
        onClick={() => studio.edit.undo()}
      >
        <Undo2 size={18} strokeWidth={1.75} aria-hidden />
      </button>
      <button
        type="button"
        className="btn icon"
        aria-label={redo}
        title={`${redo} (Ctrl Shift Z)`}
        aria-keyshortcuts="Control+Shift+Z"
        disabled={!redoLabel}
        onClick={() => studio.edit.redo()}
      >
        <Redo2 size={18} strokeWidth={1.75} aria-hidden />
      </button>
    </>
  );
}

function ProblemCount({ onOpen }: { onOpen: () => void }) {
  const count = useAllProblems().length;
  if (count === 0) return null;
  return (
    <button type="button" className="btn" onClick={onOpen}>
      {count === 1 ? '1 problem' : `${count} problems`}
    </button>
  );
}
