import { showValue } from '../../design/wording.ts';
import {
  AVRO_PRIMITIVES,
  type AvroEnum,
  type AvroField,
  type AvroFixed,
  type AvroRecord,
  type AvroSchema,
  type NamedType,
} from './avro-types.ts';
import { isAvroValue } from './avro-value.ts';
import { RefusedInput } from './refused-input.ts';

/** How deep types may lie in each other; far more than anybody writes, and far less than the stack holds. */
const DEEPEST = 100;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

type Json = Record<string, unknown>;

/** Reads a schema from its JSON value; throws `RefusedInput` for what Avro refuses (specification 1.12). */
export function parseAvroSchema(json: unknown): AvroSchema {
  return new SchemaParser().parse(json, '', 0);
}

class SchemaParser {
  private readonly named = new Map<string, AvroSchema>();

  parse(json: unknown, namespace: string, depth: number): AvroSchema {
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
        return { type: 'array', items: this.parse(object.items, namespace, depth + 1) };
      case 'map':
        return { type: 'map', values: this.parse(object.values, namespace, depth + 1) };
      default:
        return this.parse(object.type, namespace, depth + 1);
    }
  }

  private byName(name: string, namespace: string): AvroSchema {
    const primitive = AVRO_PRIMITIVES.find((candidate) => candidate === name);
    if (primitive) return { type: primitive };
    const known = this.named.get(fullNameOf(name, namespace)) ?? this.named.get(name);
    if (!known) throw refused(`the type ${showValue(name)}`, 'a type of Avro or one defined before');
    return known;
  }

  private union(json: readonly unknown[], namespace: string, depth: number): AvroSchema {
    const branches = json.map((branch) => this.parse(branch, namespace, depth + 1));
    const seen = new Set<string>();
    for (const branch of branches) {
      if (branch.type === 'union') throw refused('a union directly in a union', 'branches of other types');
      const name = 'fullName' in branch ? branch.fullName : branch.type;
      if (seen.has(name)) throw refused(`two branches ${showValue(name)} in a union`, 'each type once');
      seen.add(name);
    }
    return { type: 'union', branches };
  }

  private record(json: Json, namespace: string, depth: number): AvroSchema {
    const fields: AvroField[] = [];
    const record: AvroSchema = { type: 'record', ...nameOf(json, namespace), fields };
    // Known before its fields are read, so that a field can name it.
    this.define(record);
    const inside = record.fullName.slice(0, -record.name.length - 1);
    const names = new Set<string>();
    const defaults: { schema: AvroSchema; value: unknown; name: string }[] = [];
    for (const item of listIn(json, 'fields')) {
      if (typeof item !== 'object' || item === null)
        throw refused(`the field ${showValue(item)}`, 'an object');
      const field = item as Json;
      const name = plainName(field.name);
      if (names.has(name)) throw refused(`two fields ${showValue(name)}`, 'each name once');
      names.add(name);
      const schema = this.parse(field.type, inside, depth + 1);
      const hasDefault = Object.hasOwn(field, 'default');
      fields.push({ name, aliases: aliasesIn(field), schema, hasDefault });
      if (hasDefault) defaults.push({ schema, value: field.default, name });
    }
    // Only now, when a type that contains itself is complete.
    for (const { schema, value, name } of defaults) {
      if (!isAvroValue(schema, value))
        throw refused(`the default ${showValue(value)} of ${showValue(name)}`, `a value of its type`);
    }
    return record;
  }

  private enumeration(json: Json, namespace: string): AvroSchema {
    const symbols = listIn(json, 'symbols').map(plainName);
    if (new Set(symbols).size < symbols.length) throw refused('a symbol twice', 'each symbol once');
    const fallback = json.default;
    if (fallback !== undefined && !symbols.some((symbol) => symbol === fallback))
      throw refused(`the default ${showValue(fallback)} of an enum`, 'one of its symbols');
    const named = nameOf(json, namespace);
    return this.define(
      fallback === undefined
        ? { type: 'enum', ...named, symbols }
        : { type: 'enum', ...named, symbols, default: fallback as string },
    );
  }

  private fixed(json: Json, namespace: string): AvroSchema {
    const { size } = json;
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 0)
      throw refused(`the size ${showValue(size)} of a fixed type`, 'a whole number of bytes');
    return this.define({ type: 'fixed', ...nameOf(json, namespace), size });
  }

  private define(schema: AvroRecord | AvroEnum | AvroFixed): AvroSchema {
    if (this.named.has(schema.fullName))
      throw refused(`the type ${showValue(schema.fullName)} twice`, 'each name once');
    this.named.set(schema.fullName, schema);
    return schema;
  }
}

function nameOf(json: Json, enclosing: string): NamedType {
  const { name } = json;
  if (typeof name !== 'string' || !name.split('.').every((part) => NAME.test(part)))
    throw refused(`the name ${showValue(name)}`, 'letters, digits and _, not beginning with a digit');
  const namespace = typeof json.namespace === 'string' ? json.namespace : enclosing;
  const fullName = fullNameOf(name, namespace);
  const own = fullName.slice(0, Math.max(0, fullName.lastIndexOf('.')));
  const aliases = aliasesIn(json).map((alias) => fullNameOf(alias, own));
  return { name: fullName.slice(fullName.lastIndexOf('.') + 1), fullName, aliases };
}

function fullNameOf(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

function plainName(name: unknown): string {
  if (typeof name === 'string' && NAME.test(name)) return name;
  throw refused(`the name ${showValue(name)}`, 'letters, digits and _, not beginning with a digit');
}

function aliasesIn(json: Json): string[] {
  const { aliases } = json;
  if (aliases === undefined) return [];
  if (Array.isArray(aliases) && aliases.every((alias) => typeof alias === 'string')) return aliases;
  throw refused(`the aliases ${showValue(aliases)}`, 'a list of names');
}

function listIn(json: Json, key: string): unknown[] {
  const list = json[key];
  if (!Array.isArray(list)) throw refused(`${showValue(list)} for ${showValue(key)}`, 'a list');
  return list;
}

function refused(found: string, expected: string): RefusedInput {
  return new RefusedInput(`Found ${found}, expected ${expected}.`);
}
