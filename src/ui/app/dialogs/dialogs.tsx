import { lazy, Suspense, type ComponentType } from 'react';
import type { ViewState } from '../../../store/studio.ts';
import { useView } from '../studio-context.tsx';

/** Each dialog is loaded when it is opened first; nothing on the first screen needs one. */
const DIALOGS: Partial<Record<ViewState['panel'], ComponentType>> = {
  'command-palette': lazy(() => import('./command-palette.tsx')),
  'connect-to': lazy(() => import('./connect-dialog.tsx')),
  break: lazy(() => import('./break-dialog.tsx')),
  problems: lazy(() => import('./problems-dialog.tsx')),
  shortcuts: lazy(() => import('./shortcuts-dialog.tsx')),
  gallery: lazy(() => import('./gallery-dialog.tsx')),
  export: lazy(() => import('./export-dialog.tsx')),
};

/** The dialog that is open, if any. */
export function Dialogs() {
  const panel = useView((view) => view.panel);
  const Dialog = DIALOGS[panel];
  return Dialog ? (
    <Suspense fallback={null}>
      <Dialog />
    </Suspense>
  ) : null;
}
