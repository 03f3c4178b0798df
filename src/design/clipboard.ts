import type { Edit } from './edits.ts';
import { type Counts, freshId, freshName } from './names.ts';
import { newDesign } from './new-design.ts';
import { type CardHeight, FRAGMENT_FORMAT, parseFragment } from './parse-design.ts';
import { serializeAs } from './serialize-design.ts';
import type { Design, DesignNode, MessageType, Problem } from './types.ts';
import { countOf } from './wording.ts';

/** Where a copy lands that was given no place: this far right of and below the original. */
const BESIDE = 32;

/** The field that names a message type; the only one whose value is an id of the document. */
const MESSAGE_TYPE_FIELD = 'messageType';

/** The edit that pastes, and the ids of the nodes it adds, to be selected. */
export interface Paste {
  edit: Edit;
  nodes: string[];
}

/**
 * Text for the clipboard: these nodes, the edges among them, their places, and the message types and groups they
 * name. Empty if none of them is in the design.
 */
export function copyNodes(design: Design, nodes: Iterable<string>): string {
  const fragment = fragmentOf(design, nodes);
  return fragment.nodes.length === 0 ? '' : serializeAs(FRAGMENT_FORMAT, fragment);
}

/**
 * Reads text that was copied from a canvas, or a whole design file, and gives the edit that adds it with fresh ids
 * and names: top left corner at `at`, else beside the original. Any other text gives the problems that refuse it.
 * `heightOf` as in `parseDesign`.
 */
export function pasteText(
  design: Design,
  text: string,
  at?: { x: number; y: number },
  heightOf?: CardHeight,
): Paste | { edit: null; problems: Problem[] } {
  const parsed = parseFragment(text, heightOf);
  if (!parsed.design) return { edit: null, problems: parsed.problems };
  if (parsed.design.nodes.length === 0) {
    const message = 'The copied text holds no card, so there is nothing to paste.';
    return { edit: null, problems: [{ severity: 'error', code: 'empty-fragment', message }] };
  }
  return pasteFragment(design, parsed.design, 'Paste', at);
}

/** The edit that puts a copy of these nodes beside them; null if none of them is in the design. */
export function duplicateNodes(design: Design, nodes: Iterable<string>): Paste | null {
  const fragment = fragmentOf(design, nodes);
  return fragment.nodes.length === 0 ? null : pasteFragment(design, fragment, 'Duplicate');
}

function fragmentOf(design: Design, ids: Iterable<string>): Design {
  const chosen = new Set(ids);
  const nodes = design.nodes.filter(({ id }) => chosen.has(id));
  const types = new Set(nodes.map((node) => node.fields[MESSAGE_TYPE_FIELD]));
  const groups = new Set(nodes.map((node) => node.group));
  return {
    ...newDesign(design.name),
    nodes,
    messageTypes: design.messageTypes.filter(({ id }) => types.has(id)),
    edges: design.edges.filter(({ from, to }) => chosen.has(from) && chosen.has(to)),
    groups: design.groups.filter(({ id }) => groups.has(id)).map(({ parent: _, ...group }) => group),
    layout: { nodes: design.layout.nodes.filter(({ id }) => chosen.has(id)) },
  };
}

function pasteFragment(design: Design, fragment: Design, verb: string, at?: { x: number; y: number }): Paste {
  const names = freshNames(design, fragment);
  const ids = freshIds(design.nodes, fragment.nodes, ({ id }) => names.get(id)!);
  const types = messageTypesFor(design, fragment);
  const groups = new Set(design.groups.map(({ id }) => id));
  const nodes = fragment.nodes.map(({ group, ...node }): DesignNode => {
    const fields = withMessageType(node.fields, types.ids);
    const copy = { ...node, id: ids.get(node.id)!, name: names.get(node.id)!, fields };
    return group !== undefined && groups.has(group) ? { ...copy, group } : copy;
  });

  const edgeIds = freshIds(
    design.edges,
    fragment.edges,
    ({ from, to }) => `${ids.get(from)}-to-${ids.get(to)}`,
  );
  const edges = fragment.edges.map((edge) => ({
    ...edge,
    id: edgeIds.get(edge.id)!,
    from: ids.get(edge.from)!,
    to: ids.get(edge.to)!,
  }));

  const left = Math.min(...fragment.layout.nodes.map(({ x }) => x));
  const top = Math.min(...fragment.layout.nodes.map(({ y }) => y));
  const shift = at ? { x: at.x - left, y: at.y - top } : { x: BESIDE, y: BESIDE };
  const places = fragment.layout.nodes.map((place) => ({
    ...place,
    id: ids.get(place.id)!,
    x: place.x + shift.x,
    y: place.y + shift.y,
  }));

  const add: Edit = { type: 'add-nodes', nodes, places, edges };
  const label = `${verb} ${countOf(nodes.length, 'card')}`;
  const edits: Edit[] =
    types.added.length === 0
      ? [add]
      : [{ type: 'set-message-types', messageTypes: [...design.messageTypes, ...types.added] }, add];
  return { edit: { type: 'batch', label, edits }, nodes: nodes.map(({ id }) => id) };
}

function freshNames(design: Design, fragment: Design): Map<string, string> {
  const taken = new Set(design.nodes.map(({ name }) => name));
  const next: Counts = new Map();
  const fresh = new Map<string, string>();
  for (const { id, name } of fragment.nodes) {
    const copy = freshName(taken, name, next);
    taken.add(copy);
    fresh.set(id, copy);
  }
  return fresh;
}

function freshIds<Item extends { id: string }>(
  present: readonly { id: string }[],
  copies: readonly Item[],
  nameOf: (item: Item) => string,
): Map<string, string> {
  const taken = new Set(present.map(({ id }) => id));
  const next: Counts = new Map();
  const fresh = new Map<string, string>();
  for (const item of copies) {
    const id = freshId(taken, nameOf(item), 'node', next);
    taken.add(id);
    fresh.set(item.id, id);
  }
  return fresh;
}

/** Which message type of the design each one of the fragment becomes: one of the same name, else a new one. */
function messageTypesFor(
  design: Design,
  fragment: Design,
): { ids: Map<string, string>; added: MessageType[] } {
  const byName = new Map(design.messageTypes.map(({ id, name }) => [name, id]));
  const taken = new Set(design.messageTypes.map(({ id }) => id));
  const ids = new Map<string, string>();
  const added: MessageType[] = [];
  for (const type of fragment.messageTypes) {
    let id = byName.get(type.name);
    if (id === undefined) {
      id = taken.has(type.id) ? freshId(taken, type.name, 'type') : type.id;
      taken.add(id);
      byName.set(type.name, id);
      added.push({ ...type, id });
    }
    ids.set(type.id, id);
  }
  return { ids, added };
}

function withMessageType(
  fields: DesignNode['fields'],
  ids: ReadonlyMap<string, string>,
): DesignNode['fields'] {
  const id = fields[MESSAGE_TYPE_FIELD];
  const copied = typeof id === 'string' ? ids.get(id) : undefined;
  return copied === undefined ? fields : { ...fields, [MESSAGE_TYPE_FIELD]: copied };
}
