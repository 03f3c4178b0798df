import { useId } from 'react';
import type { FieldDefinition } from '../../../design/fields.ts';
import type { Json, MessageType } from '../../../design/types.ts';
import { DistributionValue } from './distribution-value.tsx';
import { plainJson } from '../plain-json.ts';
import { ScheduleValue } from './schedule-value.tsx';
import { TextValue } from './text-value.tsx';

interface FieldRowProps {
  definition: FieldDefinition;
  value: Json;
  /** Said beside the label: that it differs from the default, or what a change would do. */
  changed?: boolean;
  restarts?: boolean;
  messageTypes: readonly MessageType[];
  onChange: (value: Json) => void;
}

/** What is too long for a box beside its label. */
const WIDE: ReadonlySet<string> = new Set(['schedule', 'routing-keys', 'headers']);

/** One field of a node, an edge or of a fault: its label, its help on hover and focus, and the editor of its type. */
export function FieldRow({ definition, value, changed, restarts, messageTypes, onChange }: FieldRowProps) {
  const id = useId();
  const helpId = `${id}-help`;
  const wide = WIDE.has(definition.value.type);
  return (
    <div className={wide ? 'field wide' : 'field'}>
      <label htmlFor={id} title={definition.help} className={changed ? 'changed' : undefined}>
        {definition.label}
        {restarts && <small>restarts the run</small>}
      </label>
      <span id={helpId} className="visually-hidden">
        {definition.help}
        {restarts ? ' A change restarts the run.' : ''}
      </span>
      <Editor
        definition={definition}
        value={value}
        onChange={onChange}
        messageTypes={messageTypes}
        id={id}
        helpId={helpId}
      />
    </div>
  );
}

interface EditorProps extends FieldRowProps {
  id: string;
  helpId: string;
}

function Editor({ definition, value, onChange, messageTypes, id, helpId }: EditorProps) {
  const type = definition.value;
  switch (type.type) {
    case 'choice':
      return (
        <Select
          id={id}
          helpId={helpId}
          value={plainJson(value)}
          options={type.options}
          title={type.options.find((option) => option.value === value)?.help}
          onChange={onChange}
        />
      );
    case 'message-type':
      return (
        <Select
          id={id}
          helpId={helpId}
          value={plainJson(value)}
          options={[
            { value: '', label: 'None' },
            ...messageTypes.map((messageType) => ({ value: messageType.id, label: messageType.name })),
          ]}
          onChange={onChange}
        />
      );
    case 'distribution':
      return (
        <DistributionValue
          definition={definition}
          value={value}
          onChange={onChange}
          id={id}
          helpId={helpId}
        />
      );
    case 'schedule':
      return <ScheduleValue value={value} onChange={onChange} id={id} helpId={helpId} />;
    case 'text':
    case 'routing-keys':
    case 'headers':
      return (
        <TextValue
          definition={definition}
          value={value}
          onChange={onChange}
          id={id}
          describedBy={helpId}
          suffix=""
        />
      );
    default:
      return (
        <TextValue definition={definition} value={value} onChange={onChange} id={id} describedBy={helpId} />
      );
  }
}

interface SelectProps {
  id: string;
  helpId: string;
  value: string;
  options: readonly { value: string; label: string; help?: string }[];
  title?: string;
  onChange: (value: string) => void;
}

/** A value that the options do not have (from a newer file) stays selectable as itself. */
function Select({ id, helpId, value, options, title, onChange }: SelectProps) {
  const known = options.some((option) => option.value === value);
  return (
    <span className="box select">
      <select
        id={id}
        aria-describedby={helpId}
        value={value}
        title={title}
        onChange={(event) => onChange(event.target.value)}
      >
        {!known && <option value={value}>{value}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value} title={option.help}>
            {option.label}
          </option>
        ))}
      </select>
    </span>
  );
}
