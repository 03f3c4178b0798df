import { showValue } from '../../../design/wording.ts';
import { aliasesIn, fullNameOf, plainName, typeNamesIn } from './avro-name.ts';
import {
  AvroReferences,
  refuseUnclearUnion,
  refuseWrongDefault,
  type FieldWithDefault,
} from './avro-references.ts';
import {
  AVRO_PRIMITIVES,
  type AvroEnum,
  type AvroFixed,
  type AvroRecord,
  type AvroSchema,
} from './avro-types.ts';
import { RefusedInput } from '../refused-input.ts';

/** How deep types may lie in each other; far more than anybody writes, and far less than the stack holds. */
const DEEPEST = 100;
/** Java keeps a few bytes of the longest array it can have. */
const LONGEST_FIXED = 2_147_483_639;
const ORDERS = ['ASCENDING', 'DESCENDING', 'IGNORE'];
/** What Java reads as a number: `Double.parseDouble`. */
const NUMBER_TEXT =
  /^[\0- ]*[+-]?(?:NaN|Infinity|(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|0x(?:[\da-f]+\.?|[\da-f]*\.[\da-f]+)p[+-]?\d+)[fd]?)[\0- ]*$/i;
/** What says something of its own about a type or a field; the rest is notes, that count only for sameness. */
const TYPE_WORDS = new Set('doc fields items name namespace size symbols values type aliases'.split(' '));
const FIELD_WORDS = new Set('default doc name order type aliases'.split(' '));

type Json = Record<string, unknown>;

/** Reads a schema from its JSON value; throws `RefusedInput` for what Avro refuses (Schema.Parser of Java, main). */
export function parseAvroSchema(json: unknown): AvroSchema {
  return new SchemaParser().parseWhole(json);
}

class SchemaParser {
  private readonly named = new Map<string, AvroSchema>();
  private readonly references = new AvroReferences(this.named);
  /** All that counts when a type is defined again, as text. */
  private readonly essence = new Map<AvroSchema, string>();

  parseWhole(json: unknown): AvroSchema {
    const schema = this.parse(json, '', 0);
    this.references.resolve(schema);
    return schema;
  }

  private parse(json: unknown, namespace: string, depth: number): AvroSchema {
    if (depth > DEEPEST) throw refused(`types more than ${DEEPEST} deep`, 'a flatter schema');
    if (typeof json === 'string') return this.byName(json, namespace);
    if (Array.isArray(json)) return this.union(json, namespace, depth);
    if (typeof json !== 'object' || json === null) throw refused(showValue(json), 'an Avro schema');
    const object = json as Json;
    switch (object.type) {
      case 'record':
      case 'error':
        return this.record(object, namespace, depth);
      case 'enum':
        return this.enumeration(object, namespace);
      case 'fixed':
        return this.fixed(object, namespace);
      case 'array':
        return this.noted(object, { type: 'array', items: this.parse(object.items, namespace, depth + 1) });
      case 'map':
        return this.noted(object, { type: 'map', values: this.parse(object.values, namespace, depth + 1) });
      default: {
        if (typeof object.type !== 'string')
          throw refused(`${showValue(object.type)} for "type"`, 'the name of a type');
        const schema = this.byName(object.type, namespace);
        return 'fullName' in schema ? schema : this.noted(object, schema);
      }
    }
  }

  /** A type that is not complete yet is as unknown as one that comes later. */
  private byName(name: string, namespace: string): AvroSchema {
    const primitive = AVRO_PRIMITIVES.find((candidate) => candidate === name);
    if (primitive) return { type: primitive };
    const fullName = fullNameOf(name, namespace);
    return this.named.get(fullName) ?? this.named.get(name) ?? this.references.to(fullName);
  }

  private union(json: readonly unknown[], namespace: string, depth: number): AvroSchema {
    const branches = json.map((branch) => this.parse(branch, namespace, depth + 1));
    refuseUnclearUnion(branches);
    return { type: 'union', branches };
  }

  private record(json: Json, namespace: string, depth: number): AvroSchema {
    const names = typeNamesIn(json, namespace);
    const inside = names.fullName.slice(0, -names.name.length - 1);
    const items = listIn(json, 'fields');
    const fields = items.map((item) => this.field(item, inside, depth + 1));
    const seen = new Set<string>();
    for (const { name } of fields) {
      if (seen.has(name)) throw refused(`two fields ${showValue(name)}`, 'each name once');
      seen.add(name);
    }
    const shown = fields.map((field, index) => {
      const { order = ORDERS[0], ...rest } = items[index] as Json & { order?: string };
      const value = field.hasDefault ? [sorted(field.default)] : [];
      return [field.name, this.shown(field.schema), value, order.toUpperCase(), notesIn(rest, FIELD_WORDS)];
    });
    return this.define({ type: 'record', ...names, fields }, [shown, notesIn(json, TYPE_WORDS)]);
  }

  private field(item: unknown, namespace: string, depth: number): FieldWithDefault {
    if (typeof item !== 'object' || item === null) throw refused(`the field ${showValue(item)}`, 'an object');
    const json = item as Json;
    const name = plainName(json.name);
    const schema = this.parse(json.type, namespace, depth);
    const { order } = json;
    if (order !== undefined && !(typeof order === 'string' && ORDERS.includes(order.toUpperCase())))
      throw refused(`the order ${showValue(order)}`, ORDERS.join(', '));
    const isNumber = schema.type === 'float' || schema.type === 'double';
    const isNumberText = isNumber && typeof json.default === 'string' && NUMBER_TEXT.test(json.default);
    const hasDefault = Object.hasOwn(json, 'default');
    const field = { name, aliases: aliasesIn(json), schema, hasDefault };
    if (!hasDefault) return field;
    const withDefault = { ...field, default: isNumberText ? Number.NaN : json.default };
    refuseWrongDefault(withDefault);
    return withDefault;
  }

  private enumeration(json: Json, namespace: string): AvroSchema {
    const names = typeNamesIn(json, namespace);
    const symbols = listIn(json, 'symbols').map(plainName);
    if (new Set(symbols).size < symbols.length) throw refused('a symbol twice', 'each symbol once');
    // What is no text is no default either.
    const fallback = typeof json.default === 'string' ? json.default : undefined;
    if (fallback !== undefined && !symbols.includes(fallback))
      throw refused(`the default ${showValue(fallback)} of an enum`, 'one of its symbols');
    const type: AvroEnum = { type: 'enum', ...names, symbols };
    if (fallback !== undefined) type.default = fallback;
    return this.define(type, [symbols, notesIn(json, new Set([...TYPE_WORDS, 'default']))]);
  }

  private fixed(json: Json, namespace: string): AvroSchema {
    const { size } = json;
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 0 || size > LONGEST_FIXED)
      throw refused(`the size ${showValue(size)} of a fixed type`, 'a whole number of bytes');
    const type: AvroFixed = { type: 'fixed', ...typeNamesIn(json, namespace), size };
    return this.define(type, [size, notesIn(json, TYPE_WORDS)]);
  }

  /** A name may come twice if both mean the same; aliases and the default of an enum don't count. */
  private define(schema: AvroRecord | AvroEnum | AvroFixed, parts: readonly unknown[]): AvroSchema {
    const essence = JSON.stringify([schema.type, ...parts]);
    const before = this.named.get(schema.fullName);
    if (before && this.essence.get(before) !== essence)
      throw refused(`the type ${showValue(schema.fullName)} twice`, 'each name once');
    if (!before) this.named.set(schema.fullName, schema);
    this.essence.set(schema, essence);
    return schema;
  }

  private noted(json: Json, schema: AvroSchema): AvroSchema {
    const notes = notesIn(json, TYPE_WORDS);
    if (notes.length > 0) this.essence.set(schema, JSON.stringify(notes));
    return schema;
  }

  /** Types by name are known by it, as no name has two meanings. */
  private shown(schema: AvroSchema): unknown {
    if ('fullName' in schema) return schema.fullName;
    const notes = this.essence.get(schema);
    if (schema.type === 'union') return schema.branches.map((branch) => this.shown(branch));
    if (schema.type === 'array') return { type: schema.type, items: this.shown(schema.items), notes };
    if (schema.type === 'map') return { type: schema.type, values: this.shown(schema.values), notes };
    return { type: schema.type, notes };
  }
}

function notesIn(json: Json, words: ReadonlySet<string>): unknown[] {
  const notes = Object.entries(json).filter(([key]) => !words.has(key));
  return Object.entries(sorted(Object.fromEntries(notes)) as Json);
}

/** The same value with the properties of its objects in order, so that equal values are equal texts. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

function listIn(json: Json, key: string): unknown[] {
  const list = json[key];
  if (!Array.isArray(list)) throw refused(`${showValue(list)} for ${showValue(key)}`, 'a list');
  return list;
}

function refused(found: string, expected: string): RefusedInput {
  return new RefusedInput(`Found ${found}, expected ${expected}.`);
}
