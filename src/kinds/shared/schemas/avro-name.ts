import { showValue } from '../../../design/wording.ts';
import { AVRO_PRIMITIVES, type NamedType } from './avro-types.ts';
import { RefusedInput } from '../refused-input.ts';

/** Letters and digits of any script, but none that takes two units of UTF-16: Java looks at each unit. */
const NAME = /^(?!.*[\u{10000}-\u{10FFFF}])[\p{L}_][\p{L}\p{Nd}_]*$/u;

/** The names of a type as its JSON has them, in the namespace around it. A part that is no text is as good as none. */
export function typeNamesIn(json: Record<string, unknown>, enclosing: string): NamedType {
  if (typeof json.name !== 'string') throw refusedName(json.name);
  const { name, space } = splitName(
    json.name,
    typeof json.namespace === 'string' ? json.namespace : enclosing,
  );
  const fullName = fullNameOf(name, space);
  if (
    fullName.split('.').some((part) => !NAME.test(part)) ||
    AVRO_PRIMITIVES.some((type) => type === fullName)
  )
    throw refusedName(fullName);
  const aliases = aliasesIn(json).map((text) => {
    const alias = splitName(text, space);
    plainName(alias.name);
    // One without a namespace for a type that has one is no full name that a type could have.
    return alias.space === '' && space !== '' ? `.${alias.name}` : fullNameOf(alias.name, alias.space);
  });
  return { name, fullName, aliases };
}

/** A name with a dot is full, whatever the namespace; so is every name where there is none. */
export function fullNameOf(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

/** A name of a field or a symbol: one part. */
export function plainName(name: unknown): string {
  if (typeof name === 'string' && NAME.test(name)) return name;
  throw refusedName(name);
}

export function aliasesIn({ aliases }: Record<string, unknown>): string[] {
  if (aliases === undefined) return [];
  if (Array.isArray(aliases) && aliases.every((alias) => typeof alias === 'string'))
    return [...new Set(aliases)];
  throw new RefusedInput(`Found the aliases ${showValue(aliases)}, expected a list of names.`);
}

/** What follows the last dot, and the namespace before it if there is a dot. */
function splitName(text: string, namespace: string): { name: string; space: string } {
  const dot = text.lastIndexOf('.');
  return dot < 0
    ? { name: text, space: namespace }
    : { name: text.slice(dot + 1), space: text.slice(0, dot) };
}

function refusedName(name: unknown): RefusedInput {
  const expected = 'letters, digits and _, not beginning with a digit and not a type of Avro';
  return new RefusedInput(`Found the name ${showValue(name)}, expected ${expected}.`);
}
