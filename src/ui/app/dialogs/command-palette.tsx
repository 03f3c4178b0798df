import './dialogs.css';
import Search from 'lucide-react/icons/search';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { GALLERY } from '../../../gallery/gallery.ts';
import { Modal } from '../../controls/modal.tsx';
import { buildCommands, COMMAND_GROUPS, exampleCommands, matchCommands, type Command } from '../commands.ts';
import { useStudio } from '../studio-context.tsx';

/** Find or do anything: type, arrow to a line, Enter. */
export default function CommandPalette() {
  const studio = useStudio();
  const listId = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const commands = useMemo(() => [...buildCommands(studio), ...exampleCommands(studio, GALLERY)], [studio]);
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
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (move !== undefined && found.length > 0) {
      event.preventDefault();
      const single = Math.abs(move) === 1;
      const next = current + move;
      setActive(
        single ? (next + found.length) % found.length : Math.min(found.length - 1, Math.max(0, next)),
      );
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      run(found[current]);
    }
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
          <div key={command.id} role="presentation">
            {command.group !== found[index - 1]?.group && <h3 aria-hidden>{command.group}</h3>}
            <div
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === current}
              className="palette-option"
              onPointerMove={() => setActive(index)}
              onClick={() => run(command)}
              onKeyDown={onKeyDown}
            >
              {command.label}
              {command.beside && <small>{command.beside}</small>}
              {command.shortcut && <kbd className="kbd">{command.shortcut}</kbd>}
            </div>
          </div>
        ))}
        {found.length === 0 && <p className="palette-empty">Nothing fits “{query}”.</p>}
      </div>
    </Modal>
  );
}
