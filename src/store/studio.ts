import type { StoreApi } from 'zustand/vanilla';
import type { Edit } from '../design/edits.ts';
import type { Design, Problem } from '../design/types.ts';
import type { SavedDesign } from './design-storage.ts';
import type { Frames } from './frames.ts';
import type { RunCommands, RunStore } from './run-store.ts';

/** The document being edited, its history and what is selected. */
export interface DesignState {
  design: Design;
  /** Counts documents: another number, another document. */
  document: number;
  selection: Selection;
  /** Label of what undo would take back ("Move 3 cards"), null if nothing. */
  undoLabel: string | null;
  redoLabel: string | null;
  saving: SavingState;
  /** A sentence to tell the user after a refused edit, paste or file; null when read. */
  notice: Problem | null;
}

export interface Selection {
  nodes: ReadonlySet<string>;
  edges: ReadonlySet<string>;
}

export type SavingState = { state: 'saved' } | { state: 'saving' } | { state: 'failed'; message: string };

/** What the page asks of the document. All are synchronous and undoable unless they say otherwise. */
export interface DesignCommands {
  /** Applies an edit. Edits with the same `mergeKey` in a row are one undo step (a drag, typing in a field). */
  dispatch(edit: Edit, mergeKey?: string): void;
  undo(): void;
  redo(): void;
  select(nodes: Iterable<string>, edges?: Iterable<string>): void;
  selectAll(): void;
  /** Adds a node of a kind at a place (canvas units) and selects it; returns its id. */
  addNode(kind: string, at: { x: number; y: number }): string;
  /** Joins two nodes by the first allowed pair of ports (or the given out port); false puts the reason in `notice`. */
  connect(from: string, to: string, fromPort?: string): boolean;
  deleteSelection(): void;
  duplicateSelection(): void;
  /** Text for the clipboard, empty if nothing is selected; and back (at a place, or beside the original). */
  copySelection(): string;
  paste(text: string, at?: { x: number; y: number }): void;
  align(
    how: 'left' | 'center' | 'right' | 'top' | 'middle' | 'bottom' | 'spread-across' | 'spread-down',
  ): void;
  /** Replaces the document (undo does not cross it). The old one stays saved under its own id, if anybody touched it. */
  open(design: Design): Promise<void>;
  /** A new empty document, in the same way. */
  startNew(): Promise<void>;
  /** Reads a design file's text; false puts the first problem in `notice` and keeps the document. */
  openText(text: string, fileName: string): Promise<boolean>;
  /** The document as the text of a design file. */
  fileText(): string;
  /** What this browser keeps besides the open design, newest first; empty if it keeps nothing. */
  saved(): Promise<SavedDesign[]>;
  /** Opens a saved design as itself; false if it is gone or cannot be read. */
  openSaved(id: string): Promise<boolean>;
  dismissNotice(): void;
}

/** What is open on the screen: no part of the document, kept per browser. */
export interface ViewState {
  theme: 'system' | 'light' | 'dark';
  panel:
    | 'none'
    | 'export'
    | 'command-palette'
    | 'table'
    | 'problems'
    | 'shortcuts'
    | 'gallery'
    | 'connect-to'
    | 'break';
  /** Kind waiting to be placed by a tap on the canvas, or null. */
  placing: string | null;
  /** Node from which a tap-tap connection was started, or null. */
  connectingFrom: { node: string; port?: string } | null;
  inspectorOpen: boolean;
  tableOpen: boolean;
}

/** Everything the user interface works with; made once a page by `createStudio` in create-studio.ts. */
export interface Studio {
  designs: StoreApi<DesignState>;
  edit: DesignCommands;
  runs: RunStore;
  run: RunCommands;
  frames: Frames;
  view: StoreApi<ViewState>;
  /** Settles once the last design (or the first visit's) is shown; edits before that are refused. Never rejects. */
  opened: Promise<void>;
  /** Stops the worker and closes storage. */
  dispose(): void;
}
