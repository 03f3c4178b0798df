import type { FieldDefinition } from '../design/fields.ts';
import type { DesignEdge, DesignNode, Json } from '../design/types.ts';
import { resolveFields } from './field-values.ts';
import type { PortDefinition } from './kind.ts';
import { KINDS, kindDefinition } from './registry.ts';
import { formatFieldValue, validateFieldValue } from './validate-fields.ts';

/** Both ends of an edge; undefined for a node that the design does not have. */
export interface EdgeEnds {
  from: DesignNode | undefined;
  to: DesignNode | undefined;
}

/** The names of all fields that edges may have, whatever they connect. */
export const EDGE_FIELD_NAMES: ReadonlySet<string> = new Set(
  KINDS.flatMap(({ ports }) => ports.flatMap(({ edgeFields }) => edgeFields ?? [])).map(({ name }) => name),
);

/** The ends of an edge among the nodes of its design, by id. */
export function endsOf({ from, to }: DesignEdge, nodes: ReadonlyMap<string, DesignNode>): EdgeEnds {
  return { from: nodes.get(from), to: nodes.get(to) };
}

/** The fields that an edge has from the port it leaves by and from the one it enters by; none for most. */
export function edgeFieldsOf(edge: DesignEdge, ends: EdgeEnds): readonly FieldDefinition[] {
  const leaves = outPort(edge, ends)?.edgeFields ?? [];
  const enters = inPort(edge, ends)?.edgeFields;
  return enters ? [...leaves, ...enters] : leaves;
}

/** Those of them that count: some do only while another field that counts, of the edge or of the node that it leaves, has a certain value. */
export function visibleEdgeFields(edge: DesignEdge, ends: EdgeEnds): readonly FieldDefinition[] {
  const fields = edgeFieldsOf(edge, ends);
  if (!ends.from || fields.length === 0) return [];
  const values = { ...resolveFields(ends.from), ...resolveEdgeFields(edge, ends) };
  const counts = ({ visibleWhen: when }: FieldDefinition): boolean => {
    if (!when) return true;
    const other = fields.find(({ name }) => name === when.field);
    return when.is.includes(values[when.field] as string) && (!other || counts(other));
  };
  return fields.filter(counts);
}

/** Every field of an edge with its value: what the design says, else its default. */
export function resolveEdgeFields(edge: DesignEdge, ends: EdgeEnds): Readonly<Record<string, Json>> {
  return Object.fromEntries(edgeFieldsOf(edge, ends).map((field) => [field.name, valueOf(edge, field)]));
}

/**
 * What stands at an edge: its label; else what its fields of the port that it leaves by differ in, as text, and the
 * names of what its fields of the port that it enters by switch on.
 */
export function edgeCaption(edge: DesignEdge, ends: EdgeEnds): string {
  if (edge.label) return edge.label;
  if (outPort(edge, ends)?.roles.includes('unroutable')) return 'unroutable';
  if (edge.fields === undefined) return '';
  const entering = new Set(inPort(edge, ends)?.edgeFields);
  const changed = visibleEdgeFields(edge, ends).filter(({ name }) => Object.hasOwn(edge.fields!, name));
  const leaving = changed.filter((field) => !entering.has(field));
  const switches = changed.filter(
    (field) => entering.has(field) && !field.visibleWhen && edge.fields![field.name] !== field.default,
  );
  return [
    ...leaving.map((field) => captionOf(field, edge.fields![field.name])),
    // There is little room on an edge: "Circuit breaker" as "breaker".
    switches.map(({ label }) => label.split(' ').at(-1)!.toLowerCase()).join(', '),
  ]
    .filter((text) => text !== '')
    .join(' ');
}

function outPort(edge: DesignEdge, { from }: EdgeEnds): PortDefinition | undefined {
  const ports: readonly PortDefinition[] = kindDefinition(from?.kind ?? '')?.ports ?? [];
  return ports.find(({ id, direction }) => id === edge.fromPort && direction === 'out');
}

/** What is pushed has its own rules of trying again, so the port that it enters by adds none. */
function inPort(edge: DesignEdge, ends: EdgeEnds): PortDefinition | undefined {
  if (outPort(edge, ends)?.roles.includes('notifications')) return undefined;
  const { to } = ends;
  const ports: readonly PortDefinition[] = kindDefinition(to?.kind ?? '')?.ports ?? [];
  return ports.find(({ id, direction }) => id === edge.toPort && direction === 'in');
}

function captionOf(field: FieldDefinition, value: Json): string {
  // A file may say anything; what is refused is said elsewhere.
  return validateFieldValue(field, value) === null ? formatFieldValue(field, value) : '';
}

function valueOf(edge: DesignEdge, { name, default: otherwise }: FieldDefinition): Json {
  return edge.fields !== undefined && Object.hasOwn(edge.fields, name) ? edge.fields[name] : otherwise;
}
