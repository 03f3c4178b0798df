import { showValue } from '../../../design/wording.ts';
import type { AvroField, AvroRecord, AvroSchema } from './avro-types.ts';
import { isAvroValue } from './avro-value.ts';
import { RefusedInput } from '../refused-input.ts';

/** How many types may be on the way from one to another; far fewer than the stack holds. */
const LONGEST_WAY = 1000;

/** A field whose default is looked at again when all types around it are known. */
export type FieldWithDefault = AvroField & { default?: unknown };

/**
 * Names of types that were used before the type was complete (Avro, SchemaResolver). Each stands in the schema as a
 * record without fields until `resolve` puts the type in its place; a default of such a type is checked with the record
 * first and with the type then. A type can't be the default's type while it is still incomplete itself.
 */
export class AvroReferences {
  private readonly wanted = new Map<AvroSchema, string>();
  private readonly types: ReadonlyMap<string, AvroSchema>;
  private readonly begun = new Set<AvroSchema>();
  private readonly complete = new Set<AvroSchema>();
  private way = 0;

  constructor(types: ReadonlyMap<string, AvroSchema>) {
    this.types = types;
  }

  /** Stands for a type until then. Its name, which no type can have, tells it from all others. */
  to(fullName: string): AvroSchema {
    const name = `${this.wanted.size} ${fullName}`;
    const reference: AvroSchema = { type: 'record', name, fullName: name, aliases: [], fields: [] };
    this.wanted.set(reference, fullName);
    return reference;
  }

  /** Puts the types in their places, in all types by name and in the schema as a whole. */
  resolve(schema: AvroSchema): void {
    const whole = this.wanted.get(schema);
    if (whole !== undefined) throw unknownType(whole);
    for (const type of this.types.values()) this.visit(type, new Set());
    this.visit(schema, new Set());
  }

  private visit(schema: AvroSchema, seen: Set<AvroSchema>): void {
    if (seen.has(schema) || this.complete.has(schema)) return;
    if (++this.way > LONGEST_WAY)
      throw new RefusedInput(`Found types more than ${LONGEST_WAY} deep, expected flatter schemas.`);
    seen.add(schema);
    if (this.wanted.has(schema)) {
      const type = this.typeOf(schema);
      if (!this.begun.has(type)) this.visit(type, new Set());
    } else if (schema.type === 'record') this.visitRecord(schema, seen);
    else if (schema.type === 'union') {
      for (const branch of [...schema.branches].reverse()) this.visit(branch, seen);
      schema.branches = schema.branches.map((branch) => this.typeOf(branch));
      refuseUnclearUnion(schema.branches);
    } else if (schema.type === 'array') {
      this.visit(schema.items, seen);
      schema.items = this.typeOf(schema.items);
    } else if (schema.type === 'map') {
      this.visit(schema.values, seen);
      schema.values = this.typeOf(schema.values);
    }
    this.way--;
  }

  private visitRecord(record: AvroRecord, seen: Set<AvroSchema>): void {
    this.begun.add(record);
    for (const field of record.fields) this.visit(field.schema, seen);
    if (this.complete.has(record)) return;
    for (const field of record.fields) {
      field.schema = this.typeOf(field.schema);
      refuseWrongDefault(field, (inner) => this.begun.has(inner) && !this.complete.has(inner));
    }
    this.complete.add(record);
  }

  private typeOf(schema: AvroSchema): AvroSchema {
    const fullName = this.wanted.get(schema);
    if (fullName === undefined) return schema;
    const type = this.types.get(fullName);
    if (!type) throw unknownType(fullName);
    return type;
  }
}

/** Refuses a default that is no value of the field's type, or one of a type that is not complete. */
export function refuseWrongDefault(
  field: FieldWithDefault,
  isIncomplete: (record: AvroRecord) => boolean = () => false,
): void {
  if (field.hasDefault && !isAvroValue(field.schema, field.default, isIncomplete))
    throw new RefusedInput(
      `Found the default ${showValue(field.default)} of ${showValue(field.name)}, expected a value of its type.`,
    );
}

/** Refuses a union of which two branches look the same, or one is a union. */
export function refuseUnclearUnion(branches: readonly AvroSchema[]): void {
  const seen = new Set<string>();
  for (const branch of branches) {
    if (branch.type === 'union')
      throw new RefusedInput('Found a union directly in a union, expected branches of other types.');
    const name = 'fullName' in branch ? branch.fullName : branch.type;
    if (seen.has(name))
      throw new RefusedInput(`Found two branches ${showValue(name)} in a union, expected each type once.`);
    seen.add(name);
  }
}

function unknownType(fullName: string): RefusedInput {
  return new RefusedInput(
    `Found the type ${showValue(fullName)}, expected a type of Avro or one defined here.`,
  );
}
