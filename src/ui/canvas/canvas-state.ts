import { createContext, use } from 'react';
import { createStore, useStore, type StoreApi } from 'zustand';
import type { EdgeGeometry } from './edge-geometry.ts';

/** State of the canvas alone: what no other part of the page needs and no document keeps. */
export interface CanvasState {
  /** Ways of the edges by id, kept in step with drags. */
  edges: ReadonlyMap<string, EdgeGeometry>;
  /** Node whose name is being typed. */
  renaming: string | null;
  /** Open context menu: its node or edge, and its place in the pane. */
  menu: { node?: string; edge?: string; x: number; y: number } | null;
  /** A run is drawn over the cards, so that they hide their own figures. */
  live: boolean;
  /** Nodes that are down: drawn as outlines. */
  down: ReadonlySet<string>;
  /** Messages one dot stands for. */
  dotWorth: number;
}

export type CanvasStore = StoreApi<CanvasState>;

export function createCanvasStore(): CanvasStore {
  return createStore<CanvasState>(() => ({
    edges: new Map(),
    renaming: null,
    menu: null,
    live: false,
    down: new Set(),
    dotWorth: 1,
  }));
}

/** Gives cards and edges the store of the canvas they lie on. */
export const CanvasContext = createContext<CanvasStore | null>(null);

/** The store of the canvas around this component. */
export function useCanvasStore(): CanvasStore {
  const store = use(CanvasContext);
  if (!store) throw new Error('A part of the canvas was used outside DesignCanvas.');
  return store;
}

/** A part of the canvas state. */
export function useCanvas<T>(selector: (state: CanvasState) => T): T {
  return useStore(useCanvasStore(), selector);
}
