import './dialogs.css';
import Search from 'lucide-react/icons/search';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { EXAMPLES } from '../../../gallery/gallery.ts';
import type { Studio } from '../../../store/studio.ts';
import { Modal } from '../../controls/modal.tsx';
import {
  buildCommands,
  COMMAND_GROUPS,
  exampleCommands,
  matchCommands,
  savedCommands,
  type Command,
} from '../commands.ts';
import { useStudio } from '../studio-context.tsx';
import { useSavedDesigns } from './use-saved-designs.ts';

/** Find or do anything: type, arrow to a line, Enter. */
export default function CommandPalette() {
  const studio = useStudio();
  const listId = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const commands = useCommands(studio);
  const found = useMemo(() => {
    const matches = matchCommands(commands, query);
    return COMMAND_GROUPS.flatMap((group) => matches.filter((command) => command.group === group));
  }, [commands, query]);
  const current = Math.min(active, found.length - 1);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current, found]);

  const close = () => studio.view.setState({ panel: 'none' });
  const run = (command: Command | undefined) => {
    if (!command) return;
    // First close, then run: the command may open a panel of its own.
    close();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = movedTo(event.key, current, found.length);
    if (next !== null) setActive(next);
    else if (event.key === 'Enter') run(found[current]);
    else return;
    event.preventDefault();
  };

  return (
    <Modal title="Find or do anything" bare onClose={close}>
      <div className="palette-input">
        <Search size={18} strokeWidth={1.75} aria-hidden />
        <input
          // The palette is opened to be typed into; the dialog gives the focus back when it closes.
          autoFocus
          role="combobox"
          aria-label="Find or do anything"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={found[current] ? `${listId}-${current}` : undefined}
          placeholder="Find or do anything"
          value={query}
          spellCheck={false}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd className="kbd">Esc</kbd>
      </div>
      <div className="palette-list" role="listbox" id={listId} aria-label="Commands" ref={list}>
        {found.map((command, index) => (
          <CommandLine
            key={command.id}
            id={`${listId}-${index}`}
            command={command}
            startsGroup={command.group !== found[index - 1]?.group}
            current={index === current}
            onPoint={() => setActive(index)}
            onRun={() => run(command)}
          />
        ))}
        {found.length === 0 && <p className="palette-empty">Nothing fits “{query}”.</p>}
      </div>
    </Modal>
  );
}

function useCommands(studio: Studio): Command[] {
  const saved = useSavedDesigns();
  return useMemo(
    () => [...buildCommands(studio), ...savedCommands(studio, saved), ...exampleCommands(studio, EXAMPLES)],
    [studio, saved],
  );
}

/** Where a key leads in a list: arrows go round the ends, the page keys stop at them. Null for any other key. */
function movedTo(key: string, from: number, length: number): number | null {
  const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[key];
  if (move === undefined || length === 0) return null;
  const to = from + move;
  return Math.abs(move) === 1 ? (to + length) % length : Math.min(length - 1, Math.max(0, to));
}

interface CommandLineProps {
  id: string;
  command: Command;
  startsGroup: boolean;
  current: boolean;
  onPoint: () => void;
  onRun: () => void;
}

/** The keyboard stays in the box above, which names the current line; a line itself only takes the pointer. */
function CommandLine({ id, command, startsGroup, current, onPoint, onRun }: CommandLineProps) {
  return (
    <div role="presentation">
      {startsGroup && <h3 aria-hidden>{command.group}</h3>}
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={current}
        className="palette-option"
        onPointerMove={onPoint}
        onClick={onRun}
        onKeyDown={(event) => event.key === 'Enter' && onRun()}
      >
        {command.label}
        {command.beside && <small>{command.beside}</small>}
        {command.shortcut && <kbd className="kbd">{command.shortcut}</kbd>}
      </div>
    </div>
  );
}
