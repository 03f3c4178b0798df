import { KEYS } from './keys.ts';
import { DESIGN_FORMAT } from './schema.ts';
import type { Design, Json } from './types.ts';

const WIDTH = 110;

/**
 * The text of a design file. The same design always gives the same text, and a small change a small diff: keys in
 * a fixed order, an entry on one line where it fits, lists in the order of the document, meaning before layout.
 */
export function serializeDesign(design: Design): string {
  return serializeAs(DESIGN_FORMAT, design);
}

/** As `serializeDesign`, with another mark in the first line. */
export function serializeAs(format: string, design: Design): string {
  const { scenario, layout } = design;
  const file = {
    ...design,
    format,
    messageTypes: design.messageTypes.map((item) => inOrder(item, KEYS.messageType)),
    nodes: design.nodes.map((item) => inOrder({ ...item, fields: sorted(item.fields) }, KEYS.node)),
    edges: design.edges.map((item) => inOrder(writtenEdge(item), KEYS.edge)),
    groups: design.groups.map((item) => inOrder(item, KEYS.group)),
    scenario: inOrder(writtenScenario(scenario), KEYS.scenario),
    goals: design.goals.map((item) => inOrder(item, KEYS.goal)),
    layout: inOrder({ ...layout, nodes: layout.nodes.map((item) => inOrder(item, KEYS.place)) }, KEYS.layout),
  };
  // What this version does not know stands before the layout, which changes most and means least.
  const { layout: placed, ...meaning } = inOrder(file, KEYS.design);
  return `${written({ ...meaning, layout: placed }, 0)}\n`;
}

type Values = Readonly<Record<string, Json>>;

function writtenEdge(edge: Design['edges'][number]): Design['edges'][number] {
  return edge.fields === undefined ? edge : { ...edge, fields: sorted(edge.fields) };
}

function writtenScenario(scenario: Design['scenario']): Values & { extra?: Values } {
  const { chaos, ...rest } = scenario;
  const faults = rest.faults.map(writtenFault);
  return { ...rest, faults, ...(chaos ? { chaos: inOrder(chaos, KEYS.chaos) } : {}) } as unknown as Values;
}

function writtenFault(fault: Design['scenario']['faults'][number]): Values {
  return inOrder({ ...fault, args: sorted(fault.args) }, KEYS.fault);
}

/** The known keys in order, then those of `extra` by name. */
function inOrder<Part extends { extra?: Values }>(object: Part, keys: readonly string[]): Values {
  const source = object as unknown as Values;
  const known = keys.filter((key) => Object.hasOwn(source, key) && source[key] !== undefined);
  const others = sortedKeys(object.extra ?? {}).filter((key) => !keys.includes(key));
  return Object.fromEntries([
    ...known.map((key) => [key, source[key]] as const),
    ...others.map((key) => [key, object.extra![key]] as const),
  ]);
}

function sorted(values: Values): Values {
  return Object.fromEntries(sortedKeys(values).map((key) => [key, values[key]]));
}

/** By UTF-16 unit, the same everywhere. A value of undefined is no value. */
function sortedKeys(values: Values): string[] {
  return Object.keys(values)
    .filter((key) => values[key] !== undefined)
    .sort();
}

/** The document and its lists always have an entry a line; what lies deeper only where it is too long for one. */
function written(value: Json, depth: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Array.isArray(value)
    ? value.map((item) => ({ start: '', item }))
    : Object.keys(value).map((key) => ({ start: `${JSON.stringify(key)}: `, item: value[key] }));
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) return open + close;
  const oneLine = depth > 1 && !(depth === 2 && isListOfObjects(value)) ? inline(value) : null;
  if (oneLine !== null && oneLine.length + depth * 2 <= WIDTH) return oneLine;
  const indent = '  '.repeat(depth + 1);
  const lines = entries.map(({ start, item }) => `${indent}${start}${written(item, depth + 1)}`);
  return `${open}\n${lines.join(',\n')}\n${'  '.repeat(depth)}${close}`;
}

function isListOfObjects(value: Json): boolean {
  return Array.isArray(value) && typeof value[0] === 'object';
}

function inline(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  const entries = Object.keys(value).map((key) => `${JSON.stringify(key)}: ${inline(value[key])}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
