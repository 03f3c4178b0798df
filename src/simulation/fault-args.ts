import { showText } from '../design/wording.ts';
import type { DesignNode, Json, Problem } from '../design/types.ts';
import { placedSentence } from '../kinds/field-problems.ts';
import { resolveFields, withoutMinusZero } from '../kinds/field-values.ts';
import { kindDefinition } from '../kinds/registry.ts';
import { validateFieldValue } from '../kinds/validate-fields.ts';

type Args = Readonly<Record<string, Json>>;

/** The arguments of a fault with the defaults of those that were left out. */
export function resolveFaultArgs(node: DesignNode, fault: string, args: Args): Args {
  const definition = kindDefinition(node.kind)?.faults.find((candidate) => candidate.id === fault);
  const values: Record<string, Json> = {};
  for (const { name, default: usual } of definition?.fields ?? []) {
    values[name] = Object.hasOwn(args, name) ? withoutMinusZero(args[name]) : usual;
  }
  return values;
}

/** Why a node cannot have this fault, or null. Arguments that the fault does not know are let pass. */
export function validateFaultArgs(node: DesignNode, fault: string, args: Args): Problem | null {
  const faults = kindDefinition(node.kind)?.faults ?? [];
  const definition = faults.find((candidate) => candidate.id === fault);
  if (!definition) {
    const known = faults.map((candidate) => candidate.id).join(', ');
    const expected = known ? `expected one of ${known}` : 'but nothing can happen to it';
    return error('unknown-fault', `${node.name}: found the fault ${showText(fault)}, ${expected}.`, node);
  }
  const values = resolveFaultArgs(node, fault, args);
  for (const field of definition.fields) {
    const found = validateFieldValue(field, values[field.name]);
    if (found) {
      const place = `${node.name}, ${definition.label}, ${field.label.toLowerCase()}`;
      return {
        ...error('fault-out-of-range', placedSentence(place, found), node),
        path: `args.${field.name}`,
      };
    }
  }
  const members = resolveFields(node).members;
  const { member } = values;
  if (typeof member === 'number' && typeof members === 'number' && member > members) {
    return error('missing-member', `${node.name}: found member ${member}, expected 1 to ${members}.`, node);
  }
  return null;
}

function error(code: string, message: string, node: DesignNode): Problem {
  return { severity: 'error', code, message, node: node.id };
}
