import { describe, expect, it } from 'vitest';
import { parseAvroSchema } from './avro-schema.ts';

const field = (type: unknown, more = {}) => ({
  type: 'record',
  name: 'R',
  fields: [{ name: 'f', type, ...more }],
});

// The Avro specification 1.12, and Schema.Parser of its Java implementation.
describe('a schema', () => {
  it.each([
    ['an unknown type', 'text', /"text"/],
    ['nothing', null, /null/],
    ['a union in a union', ['null', ['int']], /union directly in a union/],
    ['a branch twice', ['int', 'int'], /two branches "int"/],
    ['a type twice', field({ type: 'fixed', name: 'R', size: 1 }), /"R" twice/],
    [
      'a field twice',
      { type: 'record', name: 'R', fields: [1, 1].map(() => ({ name: 'f', type: 'int' })) },
      /"f"/,
    ],
    ['a bad name', { type: 'fixed', name: '1st', size: 1 }, /"1st"/],
    ['a symbol twice', { type: 'enum', name: 'E', symbols: ['A', 'A'] }, /symbol twice/],
    ['a default that is no symbol', { type: 'enum', name: 'E', symbols: ['A'], default: 'B' }, /"B"/],
    ['a negative size', { type: 'fixed', name: 'F', size: -1 }, /-1/],
    ['a record without fields', { type: 'record', name: 'R' }, /"fields"/],
    ['a default of another type', field('int', { default: 'x' }), /default "x" of "f"/],
    ['a default that no branch takes', field(['null', 'int'], { default: 'x' }), /default "x"/],
  ])('is refused for %s', (_, schema, message) => {
    expect(() => parseAvroSchema(schema)).toThrow(message);
  });

  it.each([
    ['a wrapped primitive', { type: 'string', logicalType: 'uuid' }],
    ['a default of the second branch', field(['null', 'int'], { default: 1 })],
    ['a default of a record', field({ ...field('int'), name: 'Inner' }, { default: { f: 1 } })],
    ['a type that names itself', field({ type: 'array', items: 'R' }, { default: [] })],
    ['an empty enum', { type: 'enum', name: 'E', symbols: [] }],
  ])('may have %s', (_, schema) => {
    expect(parseAvroSchema(schema)).toHaveProperty('type');
  });

  it('finds a type by its short name in its namespace, and by its full name from outside', () => {
    const types = [
      { type: 'fixed', name: 'a.b.F', size: 1 },
      { ...field('a.b.F'), namespace: 'c' },
    ];
    expect(() => parseAvroSchema(types)).not.toThrow();
    const inside = { ...field({ type: 'fixed', name: 'F', size: 1 }), namespace: 'a.b' };
    expect(() => parseAvroSchema([inside, 'a.b.F'])).not.toThrow();
    expect(() => parseAvroSchema([inside, 'F'])).toThrow(/"F"/);
  });

  it('is refused when it is far too deep', () => {
    let schema: unknown = 'int';
    for (let depth = 0; depth < 150; depth++) schema = { type: 'array', items: schema };
    expect(() => parseAvroSchema(schema)).toThrow(/deep/);
  });
});
