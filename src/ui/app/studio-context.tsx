import { createContext, use, type ReactNode } from 'react';
import { useStore } from 'zustand/react';
import type { DesignState, Studio, ViewState } from '../../store/studio.ts';
import type { RunState } from '../../store/run-store.ts';

/** The one studio of the page. Components reach it through the hooks below. */
const StudioContext = createContext<Studio | null>(null);

/** Gives the studio to everything below it. */
export function StudioProvider({ studio, children }: { studio: Studio; children: ReactNode }) {
  return <StudioContext value={studio}>{children}</StudioContext>;
}

/** The studio with its commands, stores and frames; throws outside `StudioProvider`. */
export function useStudio(): Studio {
  const studio = use(StudioContext);
  if (!studio) throw new Error('useStudio was called outside StudioProvider.');
  return studio;
}

/** A part of the design state; the component renders again when the selected value changes identity. */
export function useDesign<T>(selector: (state: DesignState) => T): T {
  return useStore(useStudio().designs, selector);
}

/** A part of what is known of the run at human pace. Figures of the moment are in `studio.frames`. */
export function useRun<T>(selector: (state: RunState) => T): T {
  return useStore(useStudio().runs, selector);
}

/** A part of what is open on the screen. */
export function useView<T>(selector: (state: ViewState) => T): T {
  return useStore(useStudio().view, selector);
}
