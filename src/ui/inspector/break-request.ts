import { createStore } from 'zustand/vanilla';
import type { FaultPlace } from '../../store/run-store.ts';
import type { Studio } from '../../store/studio.ts';

/** What the Break dialog was asked for; without a place it takes what is selected, without a fault the first. */
export const breakRequest = createStore<{ place: FaultPlace | null; fault: string | null }>(() => ({
  place: null,
  fault: null,
}));

/** Opens the Break dialog for a node or an edge. */
export function askToBreak(studio: Studio, place: FaultPlace | null, fault: string | null): void {
  breakRequest.setState({ place, fault });
  studio.view.setState({ panel: 'break' });
}
