import { createStore } from 'zustand/vanilla';
import type { ViewState } from './studio.ts';

const KEY = 'spillway-view';
const THEMES: readonly ViewState['theme'][] = ['system', 'light', 'dark'];

/** What survives a reload: taste, not what happened to be open over the canvas. */
type KeptView = Pick<ViewState, 'theme' | 'inspectorOpen' | 'tableOpen'>;

/** Local storage, or nothing where the browser forbids it: then the view is as new on each visit. */
export type ViewStorage = Pick<Storage, 'getItem' | 'setItem'>;

export function createViewStore(storage: ViewStorage | null = browserStorage()) {
  const store = createStore<ViewState>(() => ({
    theme: 'system',
    panel: 'none',
    placing: null,
    connectingFrom: null,
    inspectorOpen: true,
    tableOpen: false,
    ...readView(storage),
  }));
  store.subscribe((view, before) => {
    if (
      view.theme !== before.theme ||
      view.inspectorOpen !== before.inspectorOpen ||
      view.tableOpen !== before.tableOpen
    )
      writeView(storage, view);
  });
  return store;
}

function readView(storage: ViewStorage | null): Partial<KeptView> {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(KEY) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return {};
    const view: Partial<KeptView> = {};
    if ('theme' in kept && THEMES.includes(kept.theme as ViewState['theme'])) {
      view.theme = kept.theme as ViewState['theme'];
    }
    if ('inspectorOpen' in kept) view.inspectorOpen = kept.inspectorOpen === true;
    if ('tableOpen' in kept) view.tableOpen = kept.tableOpen === true;
    return view;
  } catch {
    return {};
  }
}

function writeView(storage: ViewStorage | null, { theme, inspectorOpen, tableOpen }: ViewState): void {
  try {
    storage?.setItem(KEY, JSON.stringify({ theme, inspectorOpen, tableOpen } satisfies KeptView));
  } catch {
    // Storage is full or forbidden: the choice holds until the page is closed.
  }
}

/** Reading `localStorage` itself throws where a browser forbids it. */
function browserStorage(): ViewStorage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
