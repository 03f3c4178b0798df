import { useMemo, useState } from 'react';
import type { FieldDefinition } from '../../../design/fields.ts';
import type { DesignNode, Json } from '../../../design/types.ts';
import type { KindDefinition } from '../../../kinds/kind.ts';
import { useDesign, useRun, useStudio } from '../../app/studio-context.tsx';
import { FieldRow } from './field-row.tsx';
import { plainJson } from '../plain-json.ts';

/** Fields shown at once when few or none were changed. */
const SHOWN_MIN = 5;

/** The form of a node, from its kind: changed fields first, the rest behind one button. */
export function FieldList({ node, definition }: { node: DesignNode; definition: KindDefinition }) {
  const studio = useStudio();
  const messageTypes = useDesign((state) => state.design.messageTypes);
  const underWay = useRun((run) => run.session === 'running' || run.session === 'paused');
  const [all, setAll] = useState(false);
  // The order is settled when the node is selected: a field must not jump away from under the hand that edits it.
  const order = useMemo(
    () => fieldOrder(definition.fields, node.fields),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [definition, node.id],
  );
  const edges = useDesign((state) => state.design.edges);
  const leavesBy = (port: string) =>
    edges.some(({ from, fromPort }) => from === node.id && fromPort === port);
  const visible = order.fields.filter(
    (field) =>
      isVisible(field, definition.fields, node) &&
      (field.visibleWithEdge === undefined || leavesBy(field.visibleWithEdge)),
  );
  const shown = all ? visible : visible.slice(0, Math.max(SHOWN_MIN, order.changed));
  const hidden = visible.slice(shown.length);
  const hiddenChanged = hidden.filter((field) => node.fields[field.name] !== undefined).length;

  const change = (field: FieldDefinition) => (value: Json) => {
    const isDefault = JSON.stringify(value) === JSON.stringify(field.default);
    studio.edit.dispatch(
      { type: 'set-field', node: node.id, field: field.name, ...(isDefault ? {} : { value }) },
      `field ${node.id} ${field.name}`,
    );
  };

  return (
    <section aria-label="Fields">
      <h2>Fields</h2>
      {shown.map((field) => (
        <FieldRow
          key={`${node.id} ${field.name}`}
          definition={field}
          value={node.fields[field.name] ?? field.default}
          changed={node.fields[field.name] !== undefined}
          restarts={underWay && !field.live}
          messageTypes={messageTypes}
          onChange={change(field)}
        />
      ))}
      {(hidden.length > 0 || all) && visible.length > SHOWN_MIN && (
        <button type="button" className="more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Fewer fields' : moreText(hidden.length, hiddenChanged)}
        </button>
      )}
    </section>
  );
}

/** "6 more fields, all at their defaults". */
export function moreText(hidden: number, changed: number): string {
  const fields = hidden === 1 ? '1 more field' : `${hidden} more fields`;
  if (changed > 0) return `${fields}, ${changed} changed`;
  return hidden === 1 ? `${fields}, at its default` : `${fields}, all at their defaults`;
}

/**
 * What says what the other fields are comes first, such as which broker it is; then those that were changed and the others, each
 * in the kind's own order. `changed` is how many come before the others.
 */
export function fieldOrder(
  fields: readonly FieldDefinition[],
  values: Readonly<Record<string, Json>>,
): { fields: FieldDefinition[]; changed: number } {
  const isChanged = ({ name }: FieldDefinition) => values[name] !== undefined;
  const first = fields.filter((field) => field.first);
  const others = fields.filter((field) => !field.first);
  const leading = [...first, ...others.filter(isChanged)];
  const rest = others.filter((field) => !isChanged(field));
  return { fields: [...leading, ...rest], changed: leading.length };
}

/** A field that depends on another shows only while that one shows, and has a fitting value. */
function isVisible(field: FieldDefinition, fields: readonly FieldDefinition[], node: DesignNode): boolean {
  const when = field.visibleWhen;
  if (!when) return true;
  const other = fields.find((candidate) => candidate.name === when.field);
  if (!other || !isVisible(other, fields, node)) return false;
  return when.is.includes(plainJson(node.fields[when.field] ?? other.default));
}
