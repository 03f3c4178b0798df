import { describe, expect, it } from 'vitest';
import { parseAvroSchema } from './avro-schema.ts';

const field = (type: unknown, more = {}) => ({
  type: 'record',
  name: 'R',
  fields: [{ name: 'f', type, ...more }],
});

const typeNamed = (name: string, more = {}) => ({ type: 'record', name, fields: [], ...more });
const enumE = { type: 'enum', name: 'E', symbols: ['A'] };
const early = {
  fields: [
    { name: 'a', type: 'E', default: 'A' },
    { name: 'b', type: enumE },
  ],
};
const inT = { name: 'a', type: ['null', 'R'] };
const fields = (...types: unknown[]) => ({
  type: 'record',
  name: 'R',
  fields: types.map((type, index) => ({ name: `f${index}`, type })),
});

// Schema.Parser of the main branch of Avro's Java, after which this was compared with random schemas.
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
    ['a size that no array has', { type: 'fixed', name: 'F', size: 2 ** 31 - 8 }, /2147483640|2,147,483,640/],
    ['a record without fields', { type: 'record', name: 'R' }, /"fields"/],
    ['a type in a type', { type: { type: 'string' } }, /"type"/],
    ['the name of a type of Avro', typeNamed('int'), /"int"/],
    ['a bad part of a namespace', typeNamed('R', { namespace: 'a.1' }), /"a.1.R"/],
    ['a bad alias', typeNamed('R', { aliases: ['1st'] }), /"1st"/],
    ['an unknown order', field('int', { order: 'up' }), /order "up"/],
    ['a text that is no number', field('float', { default: 'x' }), /default "x"/],
    ['a text in a union of numbers', field(['null', 'float'], { default: '1' }), /default "1"/],
    ['a default of the record itself', field('R', { default: {} }), /inside it/],
    ['a default of a symbol before its enum', { ...fields('E', enumE), ...early }, /default "A"/],
    ['a type that never comes', field('Other'), /"Other"/],
    ['a record named from another namespace', fields(typeNamed('x.T', { fields: [inT] })), /"x.R"/],
    ['a type twice with other symbols', fields(enumE, { ...enumE, symbols: [] }), /"E" twice/],
    ['a branch twice by its later name', fields(['T', 'T'], typeNamed('T')), /two branches "T"/],
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
    ['an enum with a default that is no text', { ...enumE, default: null }],
    ['any text as the default of an enum', field(enumE, { default: 'Z' })],
    ['a text for a number', field('double', { default: ' -1.5e3f' })],
    ['letters of any script', typeNamed('Größe')],
    ['a name that is full by its dot', typeNamed('.R', { namespace: 'a' })],
    ['a type before it is defined', fields('T', { type: 'map', values: 'T' }, typeNamed('T'))],
    [
      'the same type twice',
      fields(enumE, { ...enumE, default: 'A' }, typeNamed('T'), typeNamed('T', { doc: '' })),
    ],
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
