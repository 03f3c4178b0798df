import './app.css';
import '../controls/buttons.css';
import '../controls/controls.css';
import { useEffect, useState } from 'react';
import { DesignCanvas } from '../canvas/design-canvas.tsx';
import { Inspector } from '../inspector/inspector.tsx';
import { Palette } from '../palette/palette.tsx';
import { Dock } from '../timeline/dock.tsx';
import { Dialogs } from './dialogs/dialogs.tsx';
import { openDesignFile } from './design-file.ts';
import { ExceptionAnnouncer } from './exception-announcer.tsx';
import { LiveTable } from './live-table.tsx';
import { NoticeBar } from './notice-bar.tsx';
import { useDesign, useStudio, useView } from './studio-context.tsx';
import { useTheme } from './theme.ts';
import { TopBar } from './top-bar.tsx';
import { useShortcuts } from './use-shortcuts.ts';

/** The whole page: the studio as soon as the last design is there, so that no other one flashes up before it. */
export function App() {
  useTheme();
  const studio = useStudio();
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    void studio.opened.then(() => setOpened(true));
  }, [studio]);
  return opened ? <OpenStudio /> : <div className="studio opening" aria-busy="true" />;
}

/** Top bar, palette, canvas, inspector and dock, and what opens over them. */
function OpenStudio() {
  useShortcuts();
  const dropping = useFileDrop();
  const name = useDesign((state) => state.design.name);
  const inspectorOpen = useView((view) => view.inspectorOpen);
  const tableOpen = useView((view) => view.tableOpen || view.panel === 'table');
  useEffect(() => {
    document.title = `${name} · Spillway`;
  }, [name]);
  return (
    <div className="studio">
      <div className="studio-top">
        <TopBar />
      </div>
      <div className="studio-rail">
        <Palette />
      </div>
      <main className="studio-canvas" aria-label={`Canvas: ${name}`}>
        <div className="canvas-layer">
          <DesignCanvas />
        </div>
        {tableOpen && <LiveTable />}
        <NoticeBar />
      </main>
      {inspectorOpen && (
        <div className="studio-side">
          <Inspector />
        </div>
      )}
      <div className="studio-dock">
        <Dock />
      </div>
      <Dialogs />
      <ExceptionAnnouncer />
      {dropping && <div className="drop-veil">Drop a design file to open it</div>}
    </div>
  );
}

/** A file dragged over the window opens when dropped; true while one hovers. */
function useFileDrop(): boolean {
  const studio = useStudio();
  const [dropping, setDropping] = useState(false);
  useEffect(() => {
    const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const over = (event: DragEvent) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setDropping(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setDropping(false);
    };
    const drop = (event: DragEvent) => {
      setDropping(false);
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      void openDesignFile(studio, file);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [studio]);
  return dropping;
}
