import type { AvroSchema } from './avro-types.ts';

const INT_MAX = 2_147_483_647;

/**
 * Whether a JSON value can be the default of a field of this type; of a union, any branch will do (Avro 1.12; before,
 * only the first would). Bytes and fixed are written as text.
 */
export function isAvroValue(schema: AvroSchema, value: unknown): boolean {
  switch (schema.type) {
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean';
    case 'int':
      return Number.isInteger(value) && (value as number) <= INT_MAX && (value as number) >= -INT_MAX - 1;
    case 'long':
      return Number.isInteger(value);
    case 'float':
    case 'double':
      return typeof value === 'number';
    case 'bytes':
    case 'string':
    case 'fixed':
      return typeof value === 'string';
    case 'enum':
      return typeof value === 'string' && schema.symbols.includes(value);
    case 'array':
      return Array.isArray(value) && value.every((item) => isAvroValue(schema.items, item));
    case 'map':
      return isObject(value) && Object.values(value).every((item) => isAvroValue(schema.values, item));
    case 'union':
      return schema.branches.some((branch) => isAvroValue(branch, value));
    case 'record':
      return (
        isObject(value) &&
        schema.fields.every((field) =>
          Object.hasOwn(value, field.name) ? isAvroValue(field.schema, value[field.name]) : field.hasDefault,
        )
      );
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
