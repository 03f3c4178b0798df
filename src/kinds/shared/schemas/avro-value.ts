import type { AvroRecord, AvroSchema } from './avro-types.ts';
import { RefusedInput } from '../refused-input.ts';

const INT_MAX = 2_147_483_647;
/** 2^63, as a double. */
const LONG_MAX = 9_223_372_036_854_775_808;

/**
 * Whether a JSON value can be the default of a field of this type; of a union, any branch will do (Avro 1.12; before,
 * only the first would). Bytes, fixed and symbols are written as text, and any text will do. An object for a record that
 * is not complete is refused.
 */
export function isAvroValue(
  schema: AvroSchema,
  value: unknown,
  isIncomplete: (record: AvroRecord) => boolean,
): boolean {
  switch (schema.type) {
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean';
    case 'int':
      return Number.isInteger(value) && (value as number) <= INT_MAX && (value as number) >= -INT_MAX - 1;
    case 'long':
      return Number.isInteger(value) && Math.abs(value as number) <= LONG_MAX;
    case 'float':
    case 'double':
      return typeof value === 'number';
    case 'bytes':
    case 'string':
    case 'fixed':
    case 'enum':
      return typeof value === 'string';
    case 'array':
      return Array.isArray(value) && value.every((item) => isAvroValue(schema.items, item, isIncomplete));
    case 'map':
      return (
        isObject(value) &&
        Object.values(value).every((item) => isAvroValue(schema.values, item, isIncomplete))
      );
    case 'union':
      return schema.branches.some((branch) => isAvroValue(branch, value, isIncomplete));
    case 'record':
      return isObject(value) && isAvroRecord(schema, value, isIncomplete);
  }
}

function isAvroRecord(
  record: AvroRecord,
  value: Record<string, unknown>,
  isIncomplete: (record: AvroRecord) => boolean,
): boolean {
  if (isIncomplete(record))
    throw new RefusedInput(`Found a default of the type "${record.name}" inside it, expected one outside.`);
  return record.fields.every((field) =>
    Object.hasOwn(value, field.name)
      ? isAvroValue(field.schema, value[field.name], isIncomplete)
      : field.hasDefault,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
