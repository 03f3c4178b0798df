import './timeline.css';
import { lazy, Suspense, useState } from 'react';
import { useRun } from '../app/studio-context.tsx';
import { Transport } from '../controls/transport.tsx';

/** Lanes and charts come with uPlot, after the first run was asked for. */
const Timeline = lazy(() => import('./timeline.tsx'));

/** The bottom of the studio: the transport alone until something ran, then the timeline under it. */
export function Dock() {
  const documents = useRun((run) => run.documents);
  return (
    <footer className="dock" aria-label="Run and timeline">
      <Transport />
      {/* Another document has not run yet: its timeline would be empty strips. */}
      <TimelineOnceRun key={documents} />
    </footer>
  );
}

function TimelineOnceRun() {
  const running = useRun((run) => run.simulatedMs > 0 || run.session === 'running');
  // Going back to the start keeps the timeline open: the canvas should not jump on every restart.
  const [hasRun, setHasRun] = useState(running);
  if (running && !hasRun) setHasRun(true);
  if (!hasRun) return null;
  return (
    <Suspense fallback={null}>
      <Timeline />
    </Suspense>
  );
}
