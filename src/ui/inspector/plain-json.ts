import type { Json } from '../../design/types.ts';

/** A value as it is said in a sentence or an attribute: texts and numbers as they are, anything else as JSON. */
export function plainJson(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
