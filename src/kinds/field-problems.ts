import type { FieldDefinition } from '../design/fields.ts';
import { meantName } from '../design/meant-name.ts';
import type { Design, DesignNode, Json, Problem } from '../design/types.ts';
import { showPath, showText } from '../design/wording.ts';
import { withArticle } from './connections.ts';
import { EDGE_FIELD_NAMES, edgeFieldsOf, endsOf } from './edge-fields.ts';
import { fieldOddity } from './field-oddities.ts';
import { kindDefinition } from './registry.ts';
import { validateFieldValue } from './validate-fields.ts';

/**
 * Every field value that its kind does not take, as an error with its place, and every odd one as a warning or a
 * note; of edges as well. A field that this version does not know is kept and warned of, as it counts for nothing; so
 * are kinds, elsewhere.
 */
export function fieldProblems(design: Design): Problem[] {
  return [...nodeFieldProblems(design), ...edgeFieldProblems(design), ...unknownFieldProblems(design)];
}

function unknownFieldProblems(design: Design): Problem[] {
  const ofNodes = design.nodes.flatMap((node, at): Problem[] => {
    const definition = kindDefinition(node.kind);
    if (!definition) return [];
    const names = definition.fields.map(({ name }) => name);
    return Object.keys(node.fields)
      .filter((name) => !names.includes(name))
      .map((name) => ({
        ...unknownField(node.name, name, names, withArticle(definition.name).toLowerCase()),
        path: showPath(['nodes', at, 'fields', name]),
        node: node.id,
      }));
  });
  const nodes = new Map(design.nodes.map((node) => [node.id, node]));
  const ofEdges = design.edges.flatMap((edge, at): Problem[] => {
    const ends = endsOf(edge, nodes);
    if (!kindDefinition(ends.from?.kind ?? '') || !kindDefinition(ends.to?.kind ?? '')) return [];
    const names = edgeFieldsOf(edge, ends).map(({ name }) => name);
    // What an edge keeps from before it was connected elsewhere is known, though it has no use for it here.
    return Object.keys(edge.fields ?? {})
      .filter((name) => !names.includes(name) && !EDGE_FIELD_NAMES.has(name))
      .map((name) => ({
        ...unknownField(`${ends.from!.name} → ${ends.to!.name}`, name, names, 'this edge'),
        path: showPath(['edges', at, 'fields', name]),
        edge: edge.id,
      }));
  });
  return [...ofNodes, ...ofEdges];
}

function unknownField(place: string, name: string, names: readonly string[], what: string): Problem {
  const meant = meantName(name, names);
  const hint = meant === null ? '' : ` Is ${showText(meant)} meant?`;
  const message = `${place}: found the field ${showText(name)}, which ${what} does not have, so it counts for nothing.${hint}`;
  return { severity: 'warning', code: 'unknown-field', message, field: name };
}

function edgeFieldProblems(design: Design): Problem[] {
  const nodes = new Map(design.nodes.map((node) => [node.id, node]));
  return design.edges.flatMap((edge, at) =>
    edgeFieldsOf(edge, endsOf(edge, nodes)).flatMap((field): Problem[] => {
      if (edge.fields === undefined || !Object.hasOwn(edge.fields, field.name)) return [];
      const refused = validateFieldValue(field, edge.fields[field.name]);
      if (refused === null) return [];
      const names = `${nodes.get(edge.from)?.name} → ${nodes.get(edge.to)?.name ?? edge.to}`;
      const message = placedSentence(`${names}, ${field.label.toLowerCase()}`, refused);
      const path = showPath(['edges', at, 'fields', field.name]);
      return [
        { severity: 'error', code: 'bad-field-value', message, path, edge: edge.id, field: field.name },
      ];
    }),
  );
}

function nodeFieldProblems(design: Design): Problem[] {
  const types = new Set(design.messageTypes.map(({ id }) => id));
  return design.nodes.flatMap((node, at) =>
    (kindDefinition(node.kind)?.fields ?? []).flatMap((field): Problem[] => {
      if (!Object.hasOwn(node.fields, field.name)) return [];
      const path = showPath(['nodes', at, 'fields', field.name]);
      return problemsOf(node, field, types).map((problem) => ({
        ...problem,
        path,
        node: node.id,
        field: field.name,
      }));
    }),
  );
}

/** `web, rate: found -1/s, …`: the sentence about a value, with the place that it is about in words. */
export function placedSentence(place: string, sentence: string): string {
  return `${place}: ${sentence[0].toLowerCase()}${sentence.slice(1)}`;
}

function problemsOf(node: DesignNode, field: FieldDefinition, types: ReadonlySet<string>): Problem[] {
  const value = node.fields[field.name];
  const place = `${node.name}, ${field.label.toLowerCase()}`;
  const refused = validateFieldValue(field, value);
  if (refused !== null) {
    return [{ severity: 'error', code: 'bad-field-value', message: placedSentence(place, refused) }];
  }
  const odd = fieldOddity(field, value);
  if (odd) {
    const message = placedSentence(place, odd.sentence);
    return [{ severity: odd.severity, code: 'odd-field-value', message }];
  }
  if (field.value.type !== 'message-type' || !isMissing(value, types)) return [];
  const message = `${place}: found ${showText(value as string)}, expected the id of a message type of this design.`;
  return [{ severity: 'warning', code: 'missing-message-type', message }];
}

function isMissing(messageType: Json, types: ReadonlySet<string>): boolean {
  return messageType !== '' && !types.has(messageType as string);
}
