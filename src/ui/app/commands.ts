import { groupEdit, ungroupEdit } from '../../design/grouping.ts';
import type { Design, DesignNode } from '../../design/types.ts';
import type { GalleryEntry } from '../../gallery/gallery-entry.ts';
import { resolveFields } from '../../kinds/field-values.ts';
import { siteOf } from '../../kinds/fault-site.ts';
import { KINDS, kindDefinition } from '../../kinds/registry.ts';
import type { SavedDesign } from '../../store/design-storage.ts';
import type { Studio } from '../../store/studio.ts';
import { playOrPause } from '../controls/play-or-pause.ts';
import { askToBreak } from '../inspector/break-request.ts';
import { planFaults } from '../inspector/plan-faults.ts';
import { copyLink } from './copy-link.ts';
import { chooseDesignFile, saveDesignFile } from './design-file.ts';

/** Groups of the command palette, in this order. */
export const COMMAND_GROUPS = ['Do', 'Go to', 'Add', 'Break'] as const;

/** One line of the command palette. */
export interface Command {
  id: string;
  group: (typeof COMMAND_GROUPS)[number];
  label: string;
  /** A quiet word behind the label: what kind a node is. */
  beside?: string;
  /** What it is found by as well, though it is not shown. */
  about?: string;
  shortcut?: string;
  run: () => void;
}

/** Everything that can be done now: actions, places, kinds to add and things to break. */
export function buildCommands(studio: Studio): Command[] {
  const { design, selection } = studio.designs.getState();
  return [
    ...doCommands(studio),
    ...goToCommands(studio, design),
    ...addCommands(studio, design),
    ...breakCommands(studio, design.nodes, selection.nodes),
  ];
}

function doCommands(studio: Studio): Command[] {
  const { edit, run, runs, view, designs } = studio;
  const { design, selection, undoLabel, redoLabel } = designs.getState();
  const panel = (name: ReturnType<typeof view.getState>['panel']) => () => view.setState({ panel: name });
  const running = runs.getState().session === 'running';
  const selected = selection.nodes.size + selection.edges.size > 0;
  const commands: (Omit<Command, 'group'> | false)[] = [
    { id: 'play', label: running ? 'Pause' : 'Play', shortcut: 'Space', run: () => playOrPause(studio) },
    { id: 'step', label: 'Step by one event', shortcut: '.', run: run.step },
    { id: 'reset', label: 'Back to the start', shortcut: 'Home', run: run.reset },
    undoLabel !== null && { id: 'undo', label: `Undo: ${undoLabel}`, shortcut: 'Ctrl Z', run: edit.undo },
    redoLabel !== null && {
      id: 'redo',
      label: `Redo: ${redoLabel}`,
      shortcut: 'Ctrl Shift Z',
      run: edit.redo,
    },
    selection.nodes.size === 1 && {
      id: 'connect',
      label: 'Connect to…',
      run: panel('connect-to'),
    },
    { id: 'select-all', label: 'Select all', shortcut: 'Ctrl A', run: edit.selectAll },
    selected && { id: 'duplicate', label: 'Duplicate', shortcut: 'Ctrl D', run: edit.duplicateSelection },
    groupingCommand('group', 'Group', 'Ctrl G', studio, groupEdit),
    groupingCommand('ungroup', 'Dissolve the group', 'Ctrl Shift G', studio, ungroupEdit),
    selected && { id: 'delete', label: 'Delete', shortcut: 'Delete', run: edit.deleteSelection },
    design.scenario.chaos !== undefined && {
      id: 'plan-faults',
      label: 'Make the random faults planned',
      run: () => void planFaults(studio),
    },
    { id: 'export', label: 'Export as Mermaid…', run: panel('export') },
    { id: 'examples', label: 'Open one of your designs or an example…', run: panel('gallery') },
    { id: 'new', label: 'New design', run: () => void edit.startNew() },
    { id: 'open', label: 'Open file…', shortcut: 'Ctrl O', run: () => chooseDesignFile(studio) },
    { id: 'save', label: 'Save as file', shortcut: 'Ctrl S', run: () => saveDesignFile(studio) },
    {
      id: 'link',
      label: 'Copy a link to this design',
      about: 'share send url',
      run: () => void copyLink(studio),
    },
    { id: 'problems', label: 'Show problems', run: panel('problems') },
    {
      id: 'inspector',
      label: view.getState().inspectorOpen ? 'Hide the inspector' : 'Show the inspector',
      shortcut: 'I',
      run: () => view.setState((state) => ({ inspectorOpen: !state.inspectorOpen })),
    },
    {
      id: 'table',
      label: view.getState().tableOpen ? 'Hide the table of figures' : 'Show the table of figures',
      shortcut: 'F',
      run: () => view.setState((state) => ({ tableOpen: !state.tableOpen })),
    },
    { id: 'light', label: 'Light theme', run: () => view.setState({ theme: 'light' }) },
    { id: 'dark', label: 'Dark theme', run: () => view.setState({ theme: 'dark' }) },
    { id: 'system', label: 'Theme like the system', run: () => view.setState({ theme: 'system' }) },
    { id: 'shortcuts', label: 'Shortcuts', shortcut: '?', run: panel('shortcuts') },
  ];
  return commands.filter((command) => command !== false).map((command) => ({ ...command, group: 'Do' }));
}

/** A command that is there only while it would do something. */
function groupingCommand(
  id: string,
  label: string,
  shortcut: string,
  { designs, edit }: Studio,
  make: typeof groupEdit,
): Omit<Command, 'group'> | false {
  const { design, selection } = designs.getState();
  const grouping = make(design, selection.nodes);
  return grouping !== null && { id, label, shortcut, run: () => edit.dispatch(grouping) };
}

function goToCommands({ edit }: Studio, design: Design): Command[] {
  return design.nodes.map((node) => ({
    id: `go ${node.id}`,
    group: 'Go to',
    label: node.name,
    beside: kindDefinition(node.kind)?.name,
    run: () => edit.select([node.id]),
  }));
}

function addCommands(studio: Studio, design: Design): Command[] {
  return KINDS.map((kind) => ({
    id: `add ${kind.kind}`,
    group: 'Add',
    label: kind.name,
    run: () => studio.edit.addNode(kind.kind, freePlace(design)),
  }));
}

/** Below everything that is there, at the left edge of it: never on another card. */
function freePlace(design: Design): { x: number; y: number } {
  const places = design.layout.nodes;
  if (places.length === 0) return { x: 0, y: 0 };
  const bottom = Math.max(
    ...places.map((place) => {
      const node = design.nodes.find((candidate) => candidate.id === place.id);
      const card = kindDefinition(node?.kind ?? '')?.card;
      return place.y + (card ? card.height + (card.perLane ?? 0) * 8 : 68);
    }),
  );
  return { x: Math.min(...places.map((place) => place.x)), y: Math.ceil((bottom + 40) / 8) * 8 };
}

/** Faults of the selected nodes first, then of all others; faults in force can be ended. */
function breakCommands(
  studio: Studio,
  nodes: readonly DesignNode[],
  selected: ReadonlySet<string>,
): Command[] {
  const sorted = nodes.toSorted((a, b) => Number(selected.has(b.id)) - Number(selected.has(a.id)));
  const heal = studio.runs.getState().activeFaults.map((fault): Command => {
    const site = siteOf(fault, { nodes, edges: studio.designs.getState().design.edges });
    const known = site?.faults.find((candidate) => candidate.id === fault.fault);
    return {
      id: `heal ${fault.id}`,
      group: 'Break',
      label: `${site?.name ?? fault.node}: ${known?.healLabel ?? 'End it'}`,
      run: () => studio.run.heal(fault.id),
    };
  });
  const faults = sorted.flatMap((node) =>
    (kindDefinition(node.kind)?.faults ?? []).map((fault): Command => ({
      id: `break ${node.id} ${fault.id}`,
      group: 'Break',
      label: `${node.name}: ${fault.label}${fault.fields.length > 0 ? '…' : ''}`,
      run: () =>
        fault.fields.length > 0
          ? askToBreak(studio, node.id, fault.id)
          : studio.run.inject(node.id, fault.id, {}),
    })),
  );
  return [...heal, ...faults];
}

/** The designs that this browser keeps, as commands. */
export function savedCommands(studio: Studio, saved: readonly SavedDesign[]): Command[] {
  return saved.map(({ id, name }) => ({
    id: `saved ${id}`,
    group: 'Go to',
    label: name,
    beside: 'Your design',
    run: () => void studio.edit.openSaved(id),
  }));
}

/** Examples as commands, once the gallery is loaded. */
export function exampleCommands(studio: Studio, entries: readonly GalleryEntry[]): Command[] {
  return entries.map((entry) => ({
    id: `example ${entry.name}`,
    group: 'Go to',
    label: entry.title,
    beside: 'Example',
    about: [entry.myth ?? '', entry.what, entry.name, ...productsOf(entry.design)].join(' '),
    run: () => void studio.edit.open(entry.design),
  }));
}

/** The products after which nodes of a design behave: "sqs", "kinesis". */
function productsOf({ nodes }: Design): string[] {
  return nodes.flatMap((node) => {
    const { profile, service } = resolveFields(node);
    return [profile, service].filter((product) => typeof product === 'string');
  });
}

/** Words that a query may have and a label need not. */
const ARTICLES: ReadonlySet<string> = new Set(['a', 'an', 'the']);

/**
 * The commands that fit a query, best first within their groups: every word must begin a word of the label, or, for
 * want of that, appear in it, or begin a word of what the command is about. Without a query, a few of each group.
 */
export function matchCommands(commands: readonly Command[], query: string): Command[] {
  const said = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const weighty = said.filter((word) => !ARTICLES.has(word));
  const words = weighty.length > 0 ? weighty : said;
  if (words.length === 0) return commands.filter((command, at) => countBefore(commands, command, at) < 8);
  const all = commands.map((command) => ({ command, ...fitOf(command, words) }));
  const best = Math.max(FIT.none + 1, ...all.map(({ fit }) => fit));
  return all
    .filter(({ fit }) => fit === best)
    .toSorted(
      (a, b) =>
        COMMAND_GROUPS.indexOf(a.command.group) - COMMAND_GROUPS.indexOf(b.command.group) ||
        b.atStart - a.atStart,
    )
    .map(({ command }) => command);
}

function countBefore(commands: readonly Command[], command: Command, at: number): number {
  return commands.slice(0, at).filter((other) => other.group === command.group).length;
}

/** How a word fits a command, from not at all to best; a command fits as the word does that fits it least. */
const FIT = { none: 0, about: 1, inside: 2, beginsWord: 3 } as const;

/** How a command fits, and how many of the words stand at the very start of its label. */
function fitOf(command: Command, words: readonly string[]): { fit: number; atStart: number } {
  const text = `${command.label} ${command.beside ?? ''} ${command.group}`.toLowerCase();
  const about = (command.about ?? '').toLowerCase();
  const fits = words.map((word) => {
    if (beginsWordOf(text, word)) return FIT.beginsWord;
    if (text.includes(word)) return FIT.inside;
    return beginsWordOf(about, word) ? FIT.about : FIT.none;
  });
  return { fit: Math.min(...fits), atStart: words.filter((word) => text.startsWith(word)).length };
}

function beginsWordOf(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || /[^a-z0-9]/.test(text[at - 1])) return true;
  }
  return false;
}
