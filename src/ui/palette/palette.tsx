import './palette.css';
import { useEffect, useMemo, useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import type { Family, KindDefinition } from '../../kinds/kind.ts';
import { KINDS } from '../../kinds/registry.ts';
import { useStudio, useView } from '../app/studio-context.tsx';
import { kindLetters } from '../canvas/kind-letters.ts';
import { KIND_DRAG_TYPE, placeInView } from '../canvas/placing.ts';
import { KindTile } from '../look/glyph.tsx';
import { FAMILY_NAMES } from '../look/tile-shapes.ts';

interface FamilyEntry {
  family: Family;
  kinds: readonly KindDefinition[];
}

/** The families that have kinds, in palette order. */
const FAMILIES: readonly FamilyEntry[] = (Object.keys(FAMILY_NAMES) as Family[])
  .map((family) => ({ family, kinds: KINDS.filter((one) => one.family === family) }))
  .filter(({ kinds }) => kinds.length > 0);

/** The rail of families at the left, each with a flyout of its kinds: to drag, to tap, or by keyboard. */
export function Palette() {
  const [open, setOpen] = useState<Family | null>(null);
  const rail = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!open) return;
    const onPress = (event: PointerEvent) => {
      if (event.target instanceof Node && !rail.current?.contains(event.target)) setOpen(null);
    };
    document.addEventListener('pointerdown', onPress, true);
    return () => document.removeEventListener('pointerdown', onPress, true);
  }, [open]);

  const onKeyDown = (event: KeyboardEvent) => {
    const buttons = [...(rail.current?.querySelectorAll<HTMLElement>('.family-button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'Escape' && open) {
      rail.current?.querySelector<HTMLElement>('.family-button[aria-expanded="true"]')?.focus();
      setOpen(null);
    } else if (event.key === 'ArrowDown' && at >= 0) buttons[(at + 1) % buttons.length].focus();
    else if (event.key === 'ArrowUp' && at >= 0) buttons[(at + buttons.length - 1) % buttons.length].focus();
    else if (event.key === 'ArrowRight' && at >= 0) setOpen(FAMILIES[at].family);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <nav className="palette-rail" aria-label="Palette">
      <div
        className="palette"
        role="toolbar"
        tabIndex={-1}
        aria-label="Families of nodes"
        aria-orientation="vertical"
        ref={rail}
        onKeyDown={onKeyDown}
      >
        {FAMILIES.map((entry) => (
          <FamilyButton
            key={entry.family}
            entry={entry}
            open={open === entry.family}
            onToggle={() => setOpen(open === entry.family ? null : entry.family)}
            onDone={() => setOpen(null)}
          />
        ))}
      </div>
    </nav>
  );
}

interface FamilyButtonProps {
  entry: FamilyEntry;
  open: boolean;
  onToggle: () => void;
  onDone: () => void;
}

function FamilyButton({ entry, open, onToggle, onDone }: FamilyButtonProps) {
  const { family, kinds } = entry;
  const button = useRef<HTMLButtonElement>(null);
  const placing = useView((view) => kinds.some((one) => one.kind === view.placing));
  const close = (focus: boolean) => {
    onDone();
    if (focus) button.current?.focus();
  };
  return (
    <div className="family">
      <button
        ref={button}
        type="button"
        className="family-button"
        aria-haspopup="menu"
        aria-expanded={open}
        data-placing={placing || undefined}
        // The tile stands for the first kind of its family, so it can be dragged at once.
        draggable
        onDragStart={(event) => startDrag(event, kinds[0].kind)}
        onClick={onToggle}
      >
        <KindTile family={family} glyph={kinds[0].glyph} />
        {FAMILY_NAMES[family]}
      </button>
      {open && <Flyout entry={entry} onClose={close} />}
    </div>
  );
}

function Flyout({ entry, onClose }: { entry: FamilyEntry; onClose: (focus: boolean) => void }) {
  const studio = useStudio();
  const list = useRef<HTMLDivElement>(null);
  const letters = useMemo(
    () => new Map([...kindLetters(KINDS)].map(([letter, kind]) => [kind, letter.toUpperCase()])),
    [],
  );
  useEffect(() => list.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus(), []);

  const onKeyDown = (event: KeyboardEvent) => {
    const items = [...(list.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'ArrowDown') items[(at + 1) % items.length]?.focus();
    else if (event.key === 'ArrowUp') items[(at + items.length - 1) % items.length]?.focus();
    else if (event.key === 'Home') items[0]?.focus();
    else if (event.key === 'End') items.at(-1)?.focus();
    else if (event.key === 'ArrowLeft') onClose(true);
    else if (event.key === 'Tab') return onClose(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={list}
      className="flyout"
      role="menu"
      tabIndex={-1}
      aria-label={FAMILY_NAMES[entry.family]}
      onKeyDown={onKeyDown}
    >
      {entry.kinds.map((definition) => (
        <KindItem
          key={definition.kind}
          definition={definition}
          letter={letters.get(definition.kind)}
          onDrag={(event) => startDrag(event, definition.kind)}
          onDragEnd={() => onClose(false)}
          onTap={() => {
            studio.view.setState({ placing: definition.kind, connectingFrom: null });
            onClose(false);
          }}
          onEnter={() => {
            placeInView(studio, definition.kind);
            onClose(true);
          }}
        />
      ))}
    </div>
  );
}

interface KindItemProps {
  definition: KindDefinition;
  letter: string | undefined;
  onDrag: (event: DragEvent) => void;
  onDragEnd: () => void;
  onTap: () => void;
  onEnter: () => void;
}

/** One kind: a tap takes it in hand for a tap on the canvas, Enter puts it in the middle of the view. */
function KindItem({ definition, letter, onDrag, onDragEnd, onTap, onEnter }: KindItemProps) {
  return (
    <button
      type="button"
      role="menuitem"
      className="kind-item"
      tabIndex={-1}
      draggable
      onDragStart={onDrag}
      onDragEnd={onDragEnd}
      // A click without a pointer comes from the keyboard or a screen reader, which has no place to point at.
      onClick={(event) => (event.detail === 0 ? onEnter() : onTap())}
    >
      <KindTile family={definition.family} glyph={definition.glyph} />
      <span>
        <b>{definition.name}</b>
        <small>{definition.summary}</small>
      </span>
      {letter && <kbd className="kbd">{letter}</kbd>}
    </button>
  );
}

function startDrag(event: DragEvent, kind: string): void {
  event.dataTransfer.setData(KIND_DRAG_TYPE, kind);
  event.dataTransfer.effectAllowed = 'copy';
}
