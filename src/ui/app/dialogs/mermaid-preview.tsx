import { useEffect, useState } from 'react';
import { DARK, LIGHT } from '../../look/tokens.ts';

type Drawing = { state: 'waiting' } | { state: 'drawn'; svg: string } | { state: 'refused'; reason: string };

/** A spinner or word before this would only flicker. */
const SAY_WAITING_AFTER_MS = 400;

let drawings = 0;

/** The picture that Mermaid makes of a text, in its strict mode; what Mermaid refuses is said. */
export function MermaidPreview({ text, theme }: { text: string; theme: 'light' | 'dark' }) {
  const [drawing, setDrawing] = useState<Drawing>({ state: 'waiting' });
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => setSlow(true), SAY_WAITING_AFTER_MS);
    drawMermaid(text, theme).then(
      (svg) => current && setDrawing({ state: 'drawn', svg }),
      (error: unknown) =>
        current &&
        setDrawing({ state: 'refused', reason: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, theme]);
  return (
    <div
      className="export-preview"
      role="img"
      aria-label="Preview of the diagram"
      style={{ background: theme === 'dark' ? DARK.canvas : LIGHT.canvas }}
    >
      {drawing.state === 'waiting' && slow && <span className="quiet">Drawing…</span>}
      {drawing.state === 'refused' && (
        <p className="refused">Mermaid could not draw this text: {drawing.reason}</p>
      )}
      {drawing.state === 'drawn' && (
        // Mermaid's own output in its strict mode, which sanitises every label.
        <div dangerouslySetInnerHTML={{ __html: drawing.svg }} />
      )}
    </div>
  );
}

async function drawMermaid(text: string, theme: 'light' | 'dark'): Promise<string> {
  const { default: mermaid } = await import('mermaid');
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    theme: theme === 'dark' ? 'dark' : 'neutral',
    // The grey that Mermaid lays behind edge labels in the dark is too light for its text.
    themeVariables: { edgeLabelBackground: (theme === 'dark' ? DARK : LIGHT).canvas },
    fontFamily: 'inherit',
    suppressErrorRendering: true,
  });
  drawings++;
  const { svg } = await mermaid.render(`mermaid-preview-${drawings}`, text);
  return svg;
}
