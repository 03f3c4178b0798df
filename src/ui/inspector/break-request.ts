import { createStore } from 'zustand/vanilla';
import type { Studio } from '../../store/studio.ts';

/** What the Break dialog was asked for; without a node it takes the selected one, without a fault the first. */
export const breakRequest = createStore<{ node: string | null; fault: string | null }>(() => ({
  node: null,
  fault: null,
}));

/** Opens the Break dialog for a node. */
export function askToBreak(studio: Studio, node: string | null, fault: string | null): void {
  breakRequest.setState({ node, fault });
  studio.view.setState({ panel: 'break' });
}
