import { describe, expect, it } from 'vitest';
import { parseAvroSchema } from './avro-schema.ts';
import { canRead, schemaCompatibility } from './schema-compatibility.ts';

const record = (fields: unknown[], more = {}) => ({ type: 'record', name: 'Order', fields, ...more });
const id = { name: 'id', type: 'string' };
const withField = (type: unknown, more = {}) => record([id, { name: 'f', type, ...more }]);
const enumOf = (symbols: string[], more = {}) => ({ type: 'enum', name: 'S', symbols, ...more });
const fixed = (size: number) => ({ type: 'fixed', name: 'H', size });
const reads = (reader: unknown, writer: unknown) => canRead(parseAvroSchema(reader), parseAvroSchema(writer));

// SchemaCompatibility of Apache Avro, and the resolver of npm avsc, run.
describe('a new schema', () => {
  it.each([
    ['adds a field with a default', record([id]), withField('string', { default: '' }), true, true],
    ['adds a field without one', record([id]), withField('string'), false, true],
    ['removes a field with a default', withField('string', { default: '' }), record([id]), true, true],
    ['removes a field without one', withField('string'), record([id]), true, false],
    [
      'renames with an alias',
      withField('int'),
      record([id, { name: 'g', type: 'int', aliases: ['f'] }]),
      true,
      false,
    ],
    ['renames without', withField('int'), record([id, { name: 'g', type: 'int' }]), false, false],
    ['widens a number', withField('int'), withField('long'), true, false],
    ['makes text of bytes', withField('bytes'), withField('string'), true, true],
    ['makes text of a number', withField('int'), withField('string'), false, false],
    ['widens to a union', withField('string'), withField(['null', 'string']), true, false],
    ['adds a branch', withField(['null', 'int']), withField(['null', 'int', 'string']), true, false],
    ['adds a symbol', withField(enumOf(['A'])), withField(enumOf(['A', 'B'])), true, false],
    [
      'adds a symbol where both have a default',
      withField(enumOf(['A'], { default: 'A' })),
      withField(enumOf(['A', 'B'], { default: 'A' })),
      true,
      true,
    ],
    ['changes a size', withField(fixed(4)), withField(fixed(8)), false, false],
    ['renames the record', record([id]), record([id], { name: 'Sale' }), false, false],
    ['moves to another namespace', record([id]), record([id], { namespace: 'shop' }), true, true],
    [
      'changes nothing that counts',
      withField('int'),
      record([{ name: 'f', type: 'int' }, id], { doc: '!' }),
      true,
      true,
    ],
  ])('%s', (_, older, newer, backward, forward) => {
    expect(schemaCompatibility(parseAvroSchema(older), parseAvroSchema(newer))).toEqual({
      BACKWARD: backward,
      FORWARD: forward,
      FULL: backward && forward,
      NONE: true,
    });
  });
});

describe('a reader', () => {
  it('looks into lists, maps and records', () => {
    expect(reads({ type: 'array', items: 'double' }, { type: 'array', items: 'float' })).toBe(true);
    expect(reads({ type: 'map', values: 'int' }, { type: 'map', values: 'long' })).toBe(false);
    expect(reads({ type: 'map', values: 'int' }, { type: 'array', items: 'int' })).toBe(false);
    const inner = (fields: unknown[]) => withField({ type: 'record', name: 'Inner', fields });
    expect(reads(inner([id]), inner([]))).toBe(false);
  });

  it('needs every branch of what was written', () => {
    expect(reads('long', ['int', 'long'])).toBe(true);
    expect(reads('long', ['int', 'string'])).toBe(false);
    expect(reads(['null', 'double'], ['int', 'float'])).toBe(true);
    expect(reads(['null', 'int'], [])).toBe(true);
  });

  it('finds a renamed type by the full name of its alias', () => {
    const sale = (aliases: string[]) => record([id], { name: 'Sale', namespace: 'shop', aliases });
    const order = record([id], { namespace: 'shop' });
    expect(reads(sale(['Order']), order)).toBe(true);
    expect(reads(sale(['other.Order']), order)).toBe(false);
  });

  it('follows recursive types round', () => {
    const node = (value: string) => ({
      type: 'record',
      name: 'Node',
      fields: [
        { name: 'value', type: value },
        { name: 'next', type: ['null', 'Node'] },
      ],
    });
    expect(reads(node('long'), node('int'))).toBe(true);
    expect(reads(node('int'), node('long'))).toBe(false);
  });

  it('is refused where an alias makes two fields one, or the field itself twice', () => {
    const both = record([id, { name: 'f', type: 'int' }]);
    expect(() => reads(record([{ ...id, aliases: ['id'] }]), both)).toThrow(/at most one/);
    expect(reads(record([{ ...id, aliases: ['key', 'key'] }]), both)).toBe(true);
    expect(() => reads(record([{ name: 'id', type: 'string', aliases: ['f'] }]), both)).toThrow(
      /at most one/,
    );
  });
});
