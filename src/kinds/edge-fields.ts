import type { FieldDefinition } from '../design/fields.ts';
import type { DesignEdge, DesignNode, Json } from '../design/types.ts';
import { resolveFields } from './field-values.ts';
import type { PortDefinition } from './kind.ts';
import { kindDefinition } from './registry.ts';
import { formatFieldValue, validateFieldValue } from './validate-fields.ts';

/** The fields that an edge has from the port it leaves by; none for most. `from` is the node that it leaves. */
export function edgeFieldsOf(edge: DesignEdge, from: DesignNode | undefined): readonly FieldDefinition[] {
  return portOf(edge, from)?.edgeFields ?? [];
}

/** Those of them that count: some do only while a field of the node has a certain value. */
export function visibleEdgeFields(
  edge: DesignEdge,
  from: DesignNode | undefined,
): readonly FieldDefinition[] {
  const fields = edgeFieldsOf(edge, from);
  if (!from || fields.length === 0) return [];
  const ofNode = resolveFields(from);
  return fields.filter(({ visibleWhen: when }) => !when || when.is.includes(ofNode[when.field] as string));
}

/** Every field of an edge with its value: what the design says, else its default. */
export function resolveEdgeFields(
  edge: DesignEdge,
  from: DesignNode | undefined,
): Readonly<Record<string, Json>> {
  const fields = edgeFieldsOf(edge, from);
  return Object.fromEntries(fields.map((field) => [field.name, valueOf(edge, field)]));
}

/** What stands at an edge: its label, else its fields that differ from their defaults, as text. */
export function edgeCaption(edge: DesignEdge, from: DesignNode | undefined): string {
  if (edge.label) return edge.label;
  if (portOf(edge, from)?.roles.includes('unroutable')) return 'unroutable';
  if (edge.fields === undefined) return '';
  return visibleEdgeFields(edge, from)
    .filter(({ name }) => Object.hasOwn(edge.fields!, name))
    .map((field) => captionOf(field, edge.fields![field.name]))
    .join(' ');
}

function portOf(edge: DesignEdge, from: DesignNode | undefined): PortDefinition | undefined {
  const ports = kindDefinition(from?.kind ?? '')?.ports ?? [];
  return ports.find(({ id, direction }) => id === edge.fromPort && direction === 'out');
}

function captionOf(field: FieldDefinition, value: Json): string {
  // A file may say anything; what is refused is said elsewhere.
  return validateFieldValue(field, value) === null ? formatFieldValue(field, value) : '';
}

function valueOf(edge: DesignEdge, { name, default: otherwise }: FieldDefinition): Json {
  return edge.fields !== undefined && Object.hasOwn(edge.fields, name) ? edge.fields[name] : otherwise;
}
