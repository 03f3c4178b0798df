import { groupEdit, ungroupEdit } from '../../design/grouping.ts';
import { KINDS } from '../../kinds/registry.ts';
import type { Studio } from '../../store/studio.ts';
import type { CanvasStore } from './canvas-state.ts';
import { connectFrom, connectTo } from './connecting.ts';
import { nodePlaces } from './flow-elements.ts';
import { kindLetters } from './kind-letters.ts';
import { placeInView } from './placing.ts';

const STEP = 8;
const ARROWS: ReadonlyMap<string, { x: number; y: number }> = new Map([
  ['ArrowLeft', { x: -STEP, y: 0 }],
  ['ArrowRight', { x: STEP, y: 0 }],
  ['ArrowUp', { x: 0, y: -STEP }],
  ['ArrowDown', { x: 0, y: STEP }],
]);
const LETTERS = kindLetters(KINDS);

/** A key press as the canvas needs it; `focused` and `focusedEdge` say where the keyboard focus is. */
export interface CanvasKey {
  key: string;
  ctrl: boolean;
  shift: boolean;
  alt: boolean;
  focused: string | null;
  focusedEdge: string | null;
}

/** Does what a key means on the canvas; false if it means nothing here, so that others may take it. */
export function handleCanvasKey(studio: Studio, store: CanvasStore, press: CanvasKey): boolean {
  if (press.alt) return false;
  return press.ctrl ? handleCommand(studio, press) : handlePlain(studio, store, press);
}

function handleCommand({ edit, designs }: Studio, { key, shift }: CanvasKey): boolean {
  switch (key.toLowerCase()) {
    case 'a':
      edit.selectAll();
      return true;
    case 'd':
      if (designs.getState().selection.nodes.size > 0) edit.duplicateSelection();
      return true;
    case 'g': {
      const { design, selection } = designs.getState();
      const grouping = (shift ? ungroupEdit : groupEdit)(design, selection.nodes);
      if (grouping) edit.dispatch(grouping);
      return true;
    }
    case 'z':
      if (shift) edit.redo();
      else edit.undo();
      return true;
    case 'y':
      edit.redo();
      return true;
    default:
      return false;
  }
}

function handlePlain(studio: Studio, store: CanvasStore, press: CanvasKey): boolean {
  const { key, shift, focused } = press;
  const { edit, view, designs } = studio;
  const { selection } = designs.getState();
  const { placing, connectingFrom } = view.getState();
  const arrow = ARROWS.get(key);
  if (arrow) return moveSelection(studio, focused, arrow, shift ? 4 : 1);
  switch (key) {
    case 'Delete':
    case 'Backspace':
      edit.deleteSelection();
      return true;
    case 'Escape':
      if (connectingFrom || placing) view.setState({ connectingFrom: null, placing: null });
      else if (selection.nodes.size + selection.edges.size > 0) edit.select([]);
      else return false;
      return true;
    case 'Enter':
      return enter(studio, press);
    case 'F2':
      if (!onlyOne(selection.nodes)) return false;
      store.setState({ renaming: onlyOne(selection.nodes) });
      return true;
    case 'c':
    case 'C': {
      const from = onlyOne(selection.nodes) ?? focused;
      if (from) connectFrom(studio, from);
      return from !== null;
    }
  }
  const kind = LETTERS.get(key.toLowerCase());
  if (!kind) return false;
  view.setState({ placing: placing === kind ? null : kind, connectingFrom: null });
  return true;
}

/** Enter puts down what is in hand, or else opens what has the focus in the inspector. */
function enter(studio: Studio, { focused, focusedEdge }: CanvasKey): boolean {
  const { edit, view, designs } = studio;
  const { placing, connectingFrom } = view.getState();
  if (placing) placeInView(studio, placing);
  else if (connectingFrom && focused) connectTo(studio, focused);
  else if (focused || focusedEdge) {
    if (focusedEdge) edit.select([], [focusedEdge]);
    else if (focused && !designs.getState().selection.nodes.has(focused)) edit.select([focused]);
    view.setState({ inspectorOpen: true });
  } else return false;
  return true;
}

/** Moves the selected cards, or the focused one, by a step; presses in a row are one step of undo. */
function moveSelection(
  { edit, designs }: Studio,
  focused: string | null,
  by: { x: number; y: number },
  times: number,
): boolean {
  const { selection, design } = designs.getState();
  let moved = selection.nodes;
  if (moved.size === 0) {
    if (!focused) return false;
    moved = new Set([focused]);
    edit.select(moved);
  }
  const places = [...nodePlaces(design)]
    .filter(([id]) => moved.has(id))
    .map(([id, place]) => ({ ...place, id, x: place.x + by.x * times, y: place.y + by.y * times }));
  if (places.length > 0) edit.dispatch({ type: 'move', places }, `nudge ${[...moved].sort().join(' ')}`);
  return true;
}

function onlyOne(set: ReadonlySet<string>): string | null {
  if (set.size !== 1) return null;
  const [first] = set;
  return first;
}
