import Plus from 'lucide-react/icons/plus';
import X from 'lucide-react/icons/x';
import { freshId } from '../../design/names.ts';
import type { MessageType } from '../../design/types.ts';
import { useDesign, useStudio } from '../app/studio-context.tsx';
import { useDraft } from './use-draft.ts';

/** What messages say. A type's place in the list decides the shape and colour of its dots. */
export function MessageTypeList() {
  const studio = useStudio();
  const types = useDesign((state) => state.design.messageTypes);
  const replace = (messageTypes: readonly MessageType[]) =>
    studio.edit.dispatch({ type: 'set-message-types', messageTypes });
  const add = () => {
    const name = `Message${types.length + 1}`;
    const id = freshId(new Set(types.map((type) => type.id)), name, 'message');
    replace([...types, { id, name }]);
  };
  return (
    <section aria-label="Message types">
      <h2>Message types</h2>
      {types.map((type, index) => (
        <div className="list-row" key={type.id}>
          <MessageShape index={index} />
          <TypeName
            type={type}
            onRename={(name) =>
              replace(types.map((other) => (other.id === type.id ? { ...other, name } : other)))
            }
          />
          <button
            type="button"
            className="btn icon small"
            aria-label={`Remove ${type.name}`}
            onClick={() => replace(types.filter((other) => other.id !== type.id))}
          >
            <X size={14} aria-hidden />
          </button>
        </div>
      ))}
      <button type="button" className="btn small" onClick={add}>
        <Plus size={14} aria-hidden /> Add a message type
      </button>
    </section>
  );
}

function TypeName({ type, onRename }: { type: MessageType; onRename: (name: string) => void }) {
  const draft = useDraft({
    text: type.name,
    commit: (text) => {
      const name = text.trim();
      if (!name) return 'Give it a name.';
      onRename(name);
      return null;
    },
  });
  return (
    <span className={draft.problem ? 'box bad' : 'box'}>
      <input aria-label="Name of the message type" maxLength={200} spellCheck={false} {...draft.input} />
    </span>
  );
}

/** Circle, square, triangle, diamond, pentagon, cross; a seventh type repeats a shape as an outline. */
const SHAPES = [
  'M7 2.4a4.6 4.6 0 1 1 0 9.2a4.6 4.6 0 1 1 0-9.2Z',
  'M2.8 2.8h8.4v8.4H2.8Z',
  'M3 2 12.6 7 3 12Z',
  'M7 1.5 12.5 7 7 12.5 1.5 7Z',
  'M7 1.8 12.4 5.8 10.3 12.2H3.7L1.6 5.8Z',
  'M5.2 1.8h3.6v3.4h3.4v3.6H8.8v3.4H5.2V8.8H1.8V5.2h3.4Z',
];

function MessageShape({ index }: { index: number }) {
  const color = `var(--msg-${(index % SHAPES.length) + 1})`;
  const outlined = index >= SHAPES.length;
  return (
    <svg viewBox="0 0 14 14" width={14} height={14} aria-hidden>
      <path
        d={SHAPES[index % SHAPES.length]}
        style={{ fill: outlined ? 'none' : color, stroke: color, strokeWidth: outlined ? 1.75 : 0 }}
      />
    </svg>
  );
}
