import type { FieldDefinition } from '../design/fields.ts';
import type { Design, Json, Problem } from '../design/types.ts';
import { showPath, showText } from '../design/wording.ts';
import { kindDefinition } from './registry.ts';
import { fieldWarning, validateFieldValue } from './validate-fields.ts';

/**
 * Every field value that its kind does not take, as an error with its place, and every odd one as a warning. Fields
 * and kinds that this version does not know are let be. Arguments of scheduled faults are looked at too.
 */
export function fieldProblems(design: Design): Problem[] {
  const types = new Set(design.messageTypes.map(({ id }) => id));
  const kinds = new Map(design.nodes.map(({ id, kind }) => [id, kindDefinition(kind)]));
  const problems: Problem[] = [];
  design.nodes.forEach((node, at) => {
    for (const field of kinds.get(node.id)?.fields ?? []) {
      if (!Object.hasOwn(node.fields, field.name)) continue;
      const value = node.fields[field.name];
      const place = { path: showPath(['nodes', at, 'fields', field.name]), node: node.id, field: field.name };
      problems.push(...problemsOf(field, value, place));
      if (
        field.value.type === 'message-type' &&
        typeof value === 'string' &&
        value !== '' &&
        !types.has(value)
      ) {
        const message = `${place.path}: found ${showText(value)}, expected the id of a message type in this file.`;
        problems.push({ severity: 'warning', code: 'missing-message-type', message, ...place });
      }
    }
  });
  design.scenario.faults.forEach((fault, at) => {
    const definition = kinds.get(fault.node)?.faults.find(({ id }) => id === fault.fault);
    for (const field of definition?.fields ?? []) {
      if (!Object.hasOwn(fault.args, field.name)) continue;
      const path = showPath(['scenario', 'faults', at, 'args', field.name]);
      problems.push(...problemsOf(field, fault.args[field.name], { path, node: fault.node }));
    }
  });
  return problems;
}

interface Place {
  path: string;
  node: string;
  field?: string;
}

function problemsOf(field: FieldDefinition, value: Json, place: Place): Problem[] {
  const refused = validateFieldValue(field, value);
  const odd = refused === null ? fieldWarning(field, value) : null;
  const said = refused ?? odd;
  if (said === null) return [];
  const message = `${place.path}: ${said[0].toLowerCase()}${said.slice(1)}`;
  return [
    refused === null
      ? { severity: 'warning', code: 'odd-field-value', message, ...place }
      : { severity: 'error', code: 'bad-field-value', message, ...place },
  ];
}
