import { EditError } from './edit-checks.ts';
import { changeOne, withOptional } from './edit-lists.ts';
import type { Design, DesignEdge, DesignNode, Json } from './types.ts';

type Fields = Readonly<Record<string, Json>>;

/** The design with one field of a node set, or back at its default where `value` is undefined. */
export function setField(design: Design, id: string, field: string, value: Json | undefined): Design {
  const change = (node: DesignNode): DesignNode => ({
    ...node,
    fields: withField(node.fields, field, value),
  });
  return { ...design, nodes: changeOne(design.nodes, id, 'node', change) };
}

/** The same for an edge. One that has no field set has no `fields` either, so that undo gives the very same edge. */
export function setEdgeField(design: Design, id: string, field: string, value: Json | undefined): Design {
  const change = (edge: DesignEdge): DesignEdge => {
    const fields = withField(edge.fields ?? {}, field, value);
    return withOptional(edge, 'fields', Object.keys(fields).length === 0 ? undefined : fields);
  };
  return { ...design, edges: changeOne(design.edges, id, 'edge', change) };
}

/** What the design says of a field; undefined where it says nothing. */
export function fieldOf(fields: Fields | undefined, field: string): Json | undefined {
  return fields !== undefined && Object.hasOwn(fields, field) ? fields[field] : undefined;
}

function withField(fields: Fields, field: string, value: Json | undefined): Fields {
  if (field === '__proto__') throw new EditError('No field may be called "__proto__".');
  const { [field]: _, ...others } = fields;
  return value === undefined ? others : { ...fields, [field]: value };
}
