/** A key and what it does, for the sheet and the menus. Keys of the canvas are handled there and listed here. */
export interface Shortcut {
  keys: string;
  does: string;
}

/** Every shortcut, by where it works. */
export const SHORTCUTS: readonly { title: string; shortcuts: readonly Shortcut[] }[] = [
  {
    title: 'Anywhere',
    shortcuts: [
      { keys: 'Ctrl K', does: 'Find or do anything' },
      { keys: 'Ctrl Z', does: 'Undo' },
      { keys: 'Ctrl Shift Z', does: 'Redo' },
      { keys: 'Ctrl S', does: 'Save as file' },
      { keys: 'Ctrl O', does: 'Open a file' },
      { keys: 'I', does: 'Show or hide the inspector' },
      { keys: 'F', does: 'Show or hide the table of figures' },
      { keys: '?', does: 'This sheet' },
    ],
  },
  {
    title: 'Run',
    shortcuts: [
      { keys: 'Space', does: 'Play or pause' },
      { keys: '.', does: 'Step by one event' },
      { keys: 'Home', does: 'Back to the start' },
      { keys: 'B', does: 'Break the selected node' },
    ],
  },
  {
    title: 'Canvas',
    shortcuts: [
      { keys: 'C', does: 'Connect the selected node: press its target' },
      { keys: 'P T Q G D L', does: 'Place a node of a kind' },
      { keys: 'F2', does: 'Rename the selected node' },
      { keys: 'Ctrl A', does: 'Select all' },
      { keys: 'Ctrl C, X, V', does: 'Copy, cut, paste' },
      { keys: 'Ctrl D', does: 'Duplicate' },
      { keys: 'Ctrl G', does: 'Group what is selected' },
      { keys: 'Ctrl Shift G', does: 'Dissolve the group' },
      { keys: 'Delete', does: 'Delete what is selected' },
      { keys: 'Arrow keys', does: 'Move what is selected' },
      { keys: 'Escape', does: 'Let go' },
    ],
  },
];
