import type { AvroEnum, AvroField, AvroPrimitive, AvroRecord, AvroSchema } from './avro-types.ts';
import { RefusedInput } from '../refused-input.ts';

/** Whether a new schema may follow an old one, by each level of a schema registry. */
export interface SchemaCompatibility {
  /** The new schema reads data of the old one: consumers are upgraded first. */
  BACKWARD: boolean;
  /** The old schema reads data of the new one: producers are upgraded first. */
  FORWARD: boolean;
  FULL: boolean;
  NONE: boolean;
}

/** What a reader of each type takes besides its own (Avro specification, schema resolution). */
const PROMOTED_FROM: Partial<Record<AvroSchema['type'], readonly AvroPrimitive[]>> = {
  long: ['int'],
  float: ['int', 'long'],
  double: ['int', 'long', 'float'],
  bytes: ['string'],
  string: ['bytes'],
};

/** Pairs of types inside each other; two recursive schemas may go through all pairs of their types. */
const DEEPEST = 1000;

/** Judges a new schema against the one before it. */
export function schemaCompatibility(older: AvroSchema, newer: AvroSchema): SchemaCompatibility {
  const backward = canRead(newer, older);
  const forward = canRead(older, newer);
  return { BACKWARD: backward, FORWARD: forward, FULL: backward && forward, NONE: true };
}

/**
 * Whether a reader's schema resolves whatever was written with the writer's (Avro, SchemaCompatibility). A pair that
 * contains itself is readable unless something in it is not.
 */
export function canRead(reader: AvroSchema, writer: AvroSchema): boolean {
  return new ReadCheck().canRead(reader, writer);
}

class ReadCheck {
  /** What is known of each pair; one that is being looked at counts as readable until it is not. */
  private readonly known = new Map<AvroSchema, Map<AvroSchema, boolean>>();
  private depth = 0;

  canRead(reader: AvroSchema, writer: AvroSchema): boolean {
    let ofReader = this.known.get(reader);
    if (!ofReader) this.known.set(reader, (ofReader = new Map()));
    const known = ofReader.get(writer);
    if (known !== undefined) return known;
    ofReader.set(writer, true);
    if (++this.depth > DEEPEST)
      throw new RefusedInput(`Found types more than ${DEEPEST} deep, expected flatter schemas.`);
    const readable = this.resolves(reader, writer);
    this.depth--;
    ofReader.set(writer, readable);
    return readable;
  }

  private resolves(reader: AvroSchema, writer: AvroSchema): boolean {
    if (writer.type === 'union') {
      // Every branch is looked at, as Java does: one that fails must not hide a field that is ambiguous.
      return writer.branches.map((branch) => this.canRead(reader, branch)).every(Boolean);
    }
    if (reader.type === 'union') return reader.branches.some((branch) => this.canRead(branch, writer));
    if (reader.type === 'array' && writer.type === 'array') return this.canRead(reader.items, writer.items);
    if (reader.type === 'map' && writer.type === 'map') return this.canRead(reader.values, writer.values);
    if (reader.type === 'fixed' && writer.type === 'fixed')
      return hasNameOf(reader, writer) && reader.size === writer.size;
    if (reader.type === 'enum' && writer.type === 'enum')
      return hasNameOf(reader, writer) && knowsSymbols(reader, writer);
    if (reader.type === 'record' && writer.type === 'record') {
      const fields = reader.fields.map((field) => this.canFill(field, writer));
      return hasNameOf(reader, writer) && fields.every(Boolean);
    }
    return reader.type === writer.type || isPromoted(reader, writer);
  }

  private canFill(field: AvroField, writer: AvroRecord): boolean {
    // A field that is an alias of itself is found twice, as in Java.
    const written = [field.name, ...field.aliases].flatMap((name) =>
      writer.fields.filter((candidate) => candidate.name === name),
    );
    if (written.length > 1) {
      const found = `the field "${field.name}" that by its aliases is ${written.length} fields of the other schema`;
      throw new RefusedInput(`Found ${found}, expected at most one.`);
    }
    return written.length === 0 ? field.hasDefault : this.canRead(field.schema, written[0].schema);
  }
}

/** A name without its namespace is enough; an alias has to be the full name. */
function hasNameOf(
  reader: { name: string; aliases: readonly string[] },
  writer: { name: string; fullName: string },
): boolean {
  return reader.name === writer.name || reader.aliases.includes(writer.fullName);
}

function knowsSymbols(reader: AvroEnum, writer: AvroEnum): boolean {
  return reader.default !== undefined || writer.symbols.every((symbol) => reader.symbols.includes(symbol));
}

function isPromoted(reader: AvroSchema, writer: AvroSchema): boolean {
  return PROMOTED_FROM[reader.type]?.some((type) => type === writer.type) ?? false;
}
