import { showText } from '../../design/wording.ts';
import type { Json, Problem } from '../../design/types.ts';
import { EDGE_FAULTS } from '../../kinds/edge-faults.ts';
import type { FaultSite } from '../../kinds/fault-site.ts';
import { placedSentence } from '../../kinds/field-problems.ts';
import { resolveFields, withoutMinusZero } from '../../kinds/field-values.ts';
import { validateFieldValue } from '../../kinds/validate-fields.ts';

type Args = Readonly<Record<string, Json>>;

/** The arguments of a fault with the defaults of those that were left out. */
export function resolveFaultArgs(site: FaultSite, fault: string, args: Args): Args {
  const definition = site.faults.find((candidate) => candidate.id === fault);
  const values: Record<string, Json> = {};
  for (const { name, default: usual } of definition?.fields ?? []) {
    values[name] = Object.hasOwn(args, name) ? withoutMinusZero(args[name]) : usual;
  }
  return values;
}

/** Why a node or an edge cannot have this fault, or null. Arguments that the fault does not know are let pass. */
export function validateFaultArgs(site: FaultSite, fault: string, args: Args): Problem | null {
  const { name, faults, node } = site;
  const definition = faults.find((candidate) => candidate.id === fault);
  if (!definition) {
    const known = faults.map((candidate) => candidate.id).join(', ');
    const expected = known ? `expected one of ${known}` : 'but nothing can happen to it';
    const why = site.refusal && EDGE_FAULTS.some(({ id }) => id === fault) ? ` ${site.refusal}` : '';
    return error('unknown-fault', `${name}: found the fault ${showText(fault)}, ${expected}.${why}`, site);
  }
  const values = resolveFaultArgs(site, fault, args);
  for (const field of definition.fields) {
    const found = validateFieldValue(field, values[field.name]);
    if (found) {
      const place = `${name}, ${definition.label}, ${field.label.toLowerCase()}`;
      return {
        ...error('fault-out-of-range', placedSentence(place, found), site),
        path: `args.${field.name}`,
      };
    }
  }
  const { members, brokers } = node ? resolveFields(node) : {};
  const { member } = values;
  if (typeof member === 'number' && typeof members === 'number' && member > members) {
    return error('missing-member', `${name}: found member ${member}, expected 1 to ${members}.`, site);
  }
  const { broker } = values;
  if (typeof broker === 'number' && typeof brokers === 'number' && broker > brokers) {
    return error('missing-broker', `${name}: found broker ${broker}, expected 1 to ${brokers}.`, site);
  }
  return null;
}

function error(code: string, message: string, { node, edge }: FaultSite): Problem {
  return { severity: 'error', code, message, ...(node ? { node: node.id } : { edge: edge!.id }) };
}
