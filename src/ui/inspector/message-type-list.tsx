import Plus from 'lucide-react/icons/plus';
import X from 'lucide-react/icons/x';
import { freshId } from '../../design/names.ts';
import { MESSAGE_ROLES, type MessageRole, type MessageType } from '../../design/types.ts';
import { useDesign, useStudio } from '../app/studio-context.tsx';
import { TypeShape } from '../look/type-shape.tsx';
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
          <TypeShape type={type} index={index} />
          <TypeName
            type={type}
            onRename={(name) =>
              replace(types.map((other) => (other.id === type.id ? { ...other, name } : other)))
            }
          />
          <RoleChoice
            type={type}
            onChoose={(role) =>
              replace(types.map((other) => (other.id === type.id ? withRole(other, role) : other)))
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

/** Its particle shows what it is: solid, with a light centre, or an outline. */
function RoleChoice({ type, onChoose }: { type: MessageType; onChoose: (role: MessageRole) => void }) {
  return (
    <span className="box select role">
      <select
        aria-label={`What ${type.name} is`}
        value={type.role ?? 'event'}
        onChange={(change) => onChoose(change.target.value as MessageRole)}
      >
        {MESSAGE_ROLES.map((role) => (
          <option key={role} value={role}>
            {role}
          </option>
        ))}
      </select>
    </span>
  );
}

function withRole({ role: _before, ...type }: MessageType, role: MessageRole): MessageType {
  return role === 'event' ? type : { ...type, role };
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
