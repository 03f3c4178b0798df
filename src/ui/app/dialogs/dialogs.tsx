import { lazy, Suspense, useEffect, useMemo, type ComponentType } from 'react';
import type { ViewState } from '../../../store/studio.ts';
import { useView } from '../studio-context.tsx';

const loadPalette = () => import('./command-palette.tsx');

/** Each dialog is loaded when it is opened first; nothing on the first screen needs one. */
const DIALOGS: Partial<Record<ViewState['panel'], ComponentType>> = {
  'command-palette': lazy(loadPalette),
  'connect-to': lazy(() => import('./connect-dialog.tsx')),
  break: lazy(() => import('./break-dialog.tsx')),
  problems: lazy(() => import('./problems-dialog.tsx')),
  shortcuts: lazy(() => import('./shortcuts-dialog.tsx')),
  gallery: lazy(() => import('./gallery-dialog.tsx')),
  export: lazy(() => import('./export-dialog.tsx')),
};

/**
 * What is loaded beforehand. Who presses Ctrl K types on at once, so its field must be there before the next letter,
 * and a lazy component comes some frames late even when its code is there.
 */
const ready: Partial<typeof DIALOGS> = {};

/** The dialog that is open, if any. */
export function Dialogs() {
  const panel = useView((view) => view.panel);
  useEffect(() => void loadPalette().then((loaded) => (ready['command-palette'] = loaded.default)), []);
  const Dialog = useMemo(() => ready[panel] ?? DIALOGS[panel], [panel]);
  return Dialog ? (
    <Suspense fallback={null}>
      <Dialog />
    </Suspense>
  ) : null;
}
