import { createStore } from 'zustand/vanilla';
import { alignEdit } from '../design/align.ts';
import { copyNodes, duplicateNodes, pasteText } from '../design/clipboard.ts';
import { applyEdit, EditError, type Edit } from '../design/edits.ts';
import { EMPTY_HISTORY, record, redo, redoLabel, undo, undoLabel, type History } from '../design/history.ts';
import { freshNodeId, freshNodeName } from '../design/names.ts';
import { serializeDesign } from '../design/serialize-design.ts';
import type { Design, Problem } from '../design/types.ts';
import { cardHeight, cardSizes } from '../kinds/card-size.ts';
import { kindDefinition } from '../kinds/registry.ts';
import { connectNodes } from './connect-nodes.ts';
import type { DesignCommands, DesignState, Selection } from './studio.ts';

/** Commands that only change the document; those that change which document it is are in library.ts. */
export type EditCommands = Omit<DesignCommands, 'open' | 'startNew' | 'openText' | 'saved' | 'openSaved'>;

const NOTHING: Selection = { nodes: new Set(), edges: new Set() };

/** The document being edited with its history and selection, and the commands on it. Needs no browser. */
export function createDesignStore(initial: Design) {
  const store = createStore<DesignState>(() => opened(initial, 0));
  let history: History = EMPTY_HISTORY;
  let readOnly: Problem | null = null;

  function show(design: Design, next: History, selection: Selection = store.getState().selection): void {
    history = next;
    store.setState({
      design,
      selection: pruned(selection, design),
      undoLabel: undoLabel(history),
      redoLabel: redoLabel(history),
    });
  }

  /** True if the edit fitted; else the reason is in `notice`. */
  function perform(edit: Edit, mergeKey?: string): boolean {
    if (readOnly) {
      store.setState({ notice: readOnly });
      return false;
    }
    const { design } = store.getState();
    try {
      const after = applyEdit(design, edit);
      show(after, record(history, design, edit, mergeKey));
      return true;
    } catch (error) {
      if (!(error instanceof EditError)) throw error;
      store.setState({ notice: { severity: 'error', code: 'edit-refused', message: error.message } });
      return false;
    }
  }

  function performAndSelect(edit: Edit, nodes: Iterable<string>): boolean {
    const done = perform(edit);
    if (done) select(nodes);
    return done;
  }

  function select(nodes: Iterable<string>, edges: Iterable<string> = []): void {
    const { design, selection } = store.getState();
    const next = pruned({ nodes: new Set(nodes), edges: new Set(edges) }, design);
    if (!sameMembers(next.nodes, selection.nodes) || !sameMembers(next.edges, selection.edges)) {
      store.setState({ selection: next });
    }
  }

  function travel(step: typeof undo): void {
    const there = step(history, store.getState().design);
    if (there) show(there.design, there.history);
  }

  const commands: EditCommands = {
    dispatch: perform,
    undo: () => travel(undo),
    redo: () => travel(redo),
    select,
    selectAll() {
      const { nodes, edges } = store.getState().design;
      select(idsOf(nodes), idsOf(edges));
    },
    addNode(kind, at) {
      const { design } = store.getState();
      const name = freshNodeName(design, kindDefinition(kind)?.newName ?? kind);
      const id = freshNodeId(design, name);
      const node = { id, kind, name, fields: {} };
      performAndSelect({ type: 'add-nodes', nodes: [node], places: [{ id, x: at.x, y: at.y }], edges: [] }, [
        id,
      ]);
      return id;
    },
    connect(from, to, fromPort) {
      const edit = connectNodes(store.getState().design, from, to, fromPort);
      if (!('severity' in edit)) return perform(edit);
      store.setState({ notice: edit });
      return false;
    },
    deleteSelection() {
      const { nodes, edges } = store.getState().selection;
      if (nodes.size + edges.size > 0) perform({ type: 'remove', nodes: [...nodes], edges: [...edges] });
    },
    duplicateSelection() {
      const { design, selection } = store.getState();
      const copy = duplicateNodes(design, selection.nodes);
      if (copy) performAndSelect(copy.edit, copy.nodes);
    },
    copySelection() {
      const { design, selection } = store.getState();
      return copyNodes(design, selection.nodes);
    },
    paste(text, at) {
      const paste = pasteText(store.getState().design, text, at, cardHeight);
      if (paste.edit) performAndSelect(paste.edit, paste.nodes);
      else store.setState({ notice: paste.problems[0] });
    },
    align(how) {
      const { design, selection } = store.getState();
      const edit = alignEdit(design, selection.nodes, how, cardSizes(design));
      if (edit) perform(edit);
    },
    fileText: () => serializeDesign(store.getState().design),
    dismissNotice: () => store.setState({ notice: null }),
  };

  return {
    store,
    commands,
    /** Shows another document. `locked` is said to whoever tries to edit it. */
    replace(design: Design, notice: Problem | null = null, locked: Problem | null = null): void {
      history = EMPTY_HISTORY;
      readOnly = locked;
      const { saving, document } = store.getState();
      store.setState({ ...opened(design, document + 1), saving, notice });
    },
  };
}

export type DesignStore = ReturnType<typeof createDesignStore>;

function opened(design: Design, document: number): DesignState {
  return {
    design,
    document,
    selection: NOTHING,
    undoLabel: null,
    redoLabel: null,
    saving: { state: 'saved' },
    notice: null,
  };
}

/** The selection without what is no longer there; the same object if all of it is. */
function pruned(selection: Selection, design: Design): Selection {
  const nodes = stillIn(selection.nodes, design.nodes);
  const edges = stillIn(selection.edges, design.edges);
  return nodes === selection.nodes && edges === selection.edges ? selection : { nodes, edges };
}

function stillIn(chosen: ReadonlySet<string>, items: readonly { id: string }[]): ReadonlySet<string> {
  if (chosen.size === 0) return chosen;
  const left = idsOf(items).filter((id) => chosen.has(id));
  return left.length === chosen.size ? chosen : new Set(left);
}

function idsOf(items: readonly { id: string }[]): string[] {
  return items.map(({ id }) => id);
}

function sameMembers(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id));
}
