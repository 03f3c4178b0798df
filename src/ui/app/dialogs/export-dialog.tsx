import './dialogs.css';
import '../../inspector/fields/fields.css';
import { useMemo, useState } from 'react';
import { exportMermaid } from '../../../formats/mermaid/export-mermaid.ts';
import { Modal } from '../../controls/modal.tsx';
import { download, fileStem, saveDesignFile } from '../design-file.ts';
import { useDesign, useRun, useStudio } from '../studio-context.tsx';
import { MermaidPreview } from './mermaid-preview.tsx';

/** A design as Mermaid text, with a live preview drawn by Mermaid itself. */
export default function ExportDialog() {
  const studio = useStudio();
  const design = useDesign((state) => state.design);
  const results = useRun((run) => run.results);
  const [direction, setDirection] = useState<'LR' | 'TB'>('LR');
  const [theme, setTheme] = useState(currentTheme);
  const [measured, setMeasured] = useState(true);
  const [copied, setCopied] = useState<string | null>(null);
  const figures = measured && results ? results : undefined;
  const { text, notes } = useMemo(
    () => exportMermaid(design, { direction, theme, figures }),
    [design, direction, theme, figures],
  );
  const copy = async () => setCopied(await copyText(text));
  return (
    <Modal
      title="Export as Mermaid"
      width={1080}
      onClose={() => studio.view.setState({ panel: 'none' })}
      foot={
        <>
          <span className="quiet" role="status" style={{ marginRight: 'auto' }}>
            {copied}
          </span>
          <button type="button" className="btn line" onClick={() => saveDesignFile(studio)}>
            Save as design file
          </button>
          <button
            type="button"
            className="btn line"
            onClick={() => download(text, `${fileStem(design.name)}.mmd`, 'text/vnd.mermaid')}
          >
            Download .mmd
          </button>
          <button type="button" className="btn line primary" onClick={() => void copy()}>
            Copy
          </button>
        </>
      }
    >
      <Options
        direction={direction}
        theme={theme}
        measured={figures !== undefined}
        canMeasure={results !== null}
        onDirection={setDirection}
        onTheme={setTheme}
        onMeasured={setMeasured}
      />
      <div className="export">
        <MermaidPreview text={text} theme={theme} />
        <textarea
          className="export-text"
          aria-label="Mermaid text"
          readOnly
          spellCheck={false}
          value={text}
          onFocus={(event) => event.currentTarget.select()}
        />
      </div>
      {notes.map((note) => (
        <p className="refused" key={note.message}>
          {note.message}
        </p>
      ))}
    </Modal>
  );
}

/** Copies a text and says how it went; browsers refuse it outside secure pages. */
async function copyText(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied.';
  } catch {
    return 'The browser did not allow copying. Mark the text and copy it by hand.';
  }
}

interface OptionsProps {
  direction: 'LR' | 'TB';
  theme: 'light' | 'dark';
  measured: boolean;
  canMeasure: boolean;
  onDirection: (direction: 'LR' | 'TB') => void;
  onTheme: (theme: 'light' | 'dark') => void;
  onMeasured: (measured: boolean) => void;
}

function Options(props: OptionsProps) {
  const { direction, theme, measured, canMeasure, onDirection, onTheme, onMeasured } = props;
  return (
    <div className="export-options">
      <label>
        Direction
        <span className="box select">
          <select value={direction} onChange={(event) => onDirection(event.target.value as typeof direction)}>
            <option value="LR">Left to right</option>
            <option value="TB">Top to bottom</option>
          </select>
        </span>
      </label>
      <label>
        Colours
        <span className="box select">
          <select value={theme} onChange={(event) => onTheme(event.target.value as typeof theme)}>
            <option value="light">Light</option>
            <option value="dark">Dark</option>
          </select>
        </span>
      </label>
      <label title={canMeasure ? undefined : 'Run the design first.'}>
        <input
          type="checkbox"
          checked={measured}
          disabled={!canMeasure}
          onChange={(event) => onMeasured(event.target.checked)}
        />
        With measured figures
        {!canMeasure && <span className="quiet">(once a run has finished)</span>}
      </label>
    </div>
  );
}

/** The colours that the page itself has now. */
function currentTheme(): 'light' | 'dark' {
  return document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light';
}
