import { applyEdit, describeEdit, type Edit, invertEdit } from './edits.ts';
import type { Design } from './types.ts';

/** One step of undo: the edit and the one that takes it back. */
export interface Step {
  edit: Edit;
  inverse: Edit;
  /** Edits in a row with the same key join this step. */
  mergeKey?: string;
}

/** What can be undone, oldest first, and redone, next first. A value: every function gives a new one. */
export interface History {
  past: readonly Step[];
  future: readonly Step[];
}

/** A history and the design that goes with it. */
export interface HistoryAndDesign {
  history: History;
  design: Design;
}

/** The oldest steps beyond this many are forgotten. */
export const HISTORY_STEPS = 1000;

/** The history of a design just opened. */
export const EMPTY_HISTORY: History = { past: [], future: [] };

/**
 * Notes an edit of `before`. Edits in a row with the same `mergeKey` are one step, so that a drag is undone at
 * once. Throws an `EditError` if the edit does not fit.
 */
export function record(history: History, before: Design, edit: Edit, mergeKey?: string): History {
  const step: Step = {
    edit,
    inverse: invertEdit(before, edit),
    ...(mergeKey === undefined ? {} : { mergeKey }),
  };
  const last = history.past.at(-1);
  const merges = mergeKey !== undefined && last?.mergeKey === mergeKey && history.future.length === 0;
  const past = merges ? [...history.past.slice(0, -1), merged(last, step)] : [...history.past, step];
  return { past: past.slice(-HISTORY_STEPS), future: [] };
}

/** Takes the last step back; null if there is none. */
export function undo(history: History, design: Design): HistoryAndDesign | null {
  const step = history.past.at(-1);
  if (!step) return null;
  return {
    design: applyEdit(design, step.inverse),
    history: { past: history.past.slice(0, -1), future: [step, ...history.future] },
  };
}

/** Does the step again that was undone last; null if there is none. */
export function redo(history: History, design: Design): HistoryAndDesign | null {
  const [step, ...future] = history.future;
  if (!step) return null;
  return {
    design: applyEdit(design, step.edit),
    history: { past: [...history.past, closed(step)], future },
  };
}

/** "Move 3 cards", or null if there is nothing to undo. */
export function undoLabel(history: History): string | null {
  const step = history.past.at(-1);
  return step ? describeEdit(step.edit) : null;
}

/** "Move 3 cards", or null if there is nothing to redo. */
export function redoLabel(history: History): string | null {
  const [step] = history.future;
  return step ? describeEdit(step.edit) : null;
}

/** Once redone, a step is complete: the next edit starts another one, even with the same key. */
function closed({ edit, inverse }: Step): Step {
  return { edit, inverse };
}

function merged(last: Step, step: Step): Step {
  // A drag is hundreds of moves of the same cards: the latest edit and the first inverse say it all.
  if (replaces(last.edit, step.edit)) return { ...step, inverse: last.inverse };
  return {
    ...step,
    edit: { type: 'batch', label: describeEdit(step.edit), edits: [...flat(last.edit), ...flat(step.edit)] },
    inverse: {
      type: 'batch',
      label: describeEdit(step.edit),
      edits: [...flat(step.inverse), ...flat(last.inverse)],
    },
  };
}

function flat(edit: Edit): readonly Edit[] {
  return edit.type === 'batch' ? edit.edits : [edit];
}

/** True if the later edit overwrites all that the earlier one wrote. */
function replaces(earlier: Edit, later: Edit): boolean {
  if (earlier.type === 'move' && later.type === 'move') {
    const moved = new Set(later.places.map(({ id }) => id));
    return earlier.places.length === later.places.length && earlier.places.every(({ id }) => moved.has(id));
  }
  if (earlier.type === 'set-field' && later.type === 'set-field') {
    return earlier.node === later.node && earlier.field === later.field;
  }
  if (earlier.type === 'set-edge-field' && later.type === 'set-edge-field') {
    return earlier.edge === later.edge && earlier.field === later.field;
  }
  if (earlier.type === 'rename-node' && later.type === 'rename-node') return earlier.node === later.node;
  if (earlier.type === 'set-edge-label' && later.type === 'set-edge-label')
    return earlier.edge === later.edge;
  return earlier.type === later.type && OVERWRITING.has(later.type);
}

const OVERWRITING: ReadonlySet<Edit['type']> = new Set<Edit['type']>([
  'rename-design',
  'set-message-types',
  'set-faults',
  'set-chaos',
  'set-goals',
]);
