/** The types that have no parts and no name of their own. */
export const AVRO_PRIMITIVES = [
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
] as const;

export type AvroPrimitive = (typeof AVRO_PRIMITIVES)[number];

/** What records, enums and fixed have in common. Two names are the same if `name` is: namespaces do not count. */
export interface NamedType {
  /** Without the namespace. */
  name: string;
  fullName: string;
  /** Full names. */
  aliases: readonly string[];
}

/** A field of a record, with what a reader needs to fill it. */
export interface AvroField {
  name: string;
  aliases: readonly string[];
  schema: AvroSchema;
  hasDefault: boolean;
}

export type AvroRecord = NamedType & { type: 'record'; fields: readonly AvroField[] };
export type AvroEnum = NamedType & { type: 'enum'; symbols: readonly string[]; default?: string };
export type AvroFixed = NamedType & { type: 'fixed'; size: number };

/** A parsed schema. A type that is named again is the same object, so a recursive schema is a circle. */
export type AvroSchema =
  | { type: AvroPrimitive }
  | { type: 'array'; items: AvroSchema }
  | { type: 'map'; values: AvroSchema }
  | { type: 'union'; branches: readonly AvroSchema[] }
  | AvroRecord
  | AvroEnum
  | AvroFixed;
