import { test } from '../testing/property.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldDefinition, FieldType } from '../design/fields.ts';
import type { Json } from '../design/types.ts';
import { KINDS } from './registry.ts';
import { formatFieldValue, parseFieldText, validateFieldValue } from './validate-fields.ts';

function field(value: FieldType): FieldDefinition {
  return { name: 'f', label: 'F', help: '', value, default: 0, live: true };
}

const integer = field({
  type: 'integer',
  min: 0,
  max: 1_000_000_000,
  unit: 'messages',
  zeroMeans: 'no limit',
});
const number = field({ type: 'number', min: 1, max: 1000, unit: '×' });
const duration = field({ type: 'duration', min: 0, max: 31_536_000_000 });
const lasting = field({ type: 'duration', min: 0, max: 1000, zeroMeans: 'until you heal it' });
const rate = field({ type: 'rate', min: 0, max: 10_000_000 });
const share = field({ type: 'probability' });
const service = field({ type: 'distribution', unit: 'ms' });
const size = field({ type: 'distribution', unit: 'bytes' });
const schedule = field({ type: 'schedule' });
const choice = field({
  type: 'choice',
  options: [
    { value: 'drop-oldest', label: 'Drop the oldest', help: '' },
    { value: 'block', label: 'Block the sender', help: '' },
  ],
});

it('says in words what nothing means for a time', () => {
  expect(formatFieldValue(lasting, 0)).toBe('until you heal it');
  expect(formatFieldValue(lasting, 40)).toBe('40 ms');
  expect(formatFieldValue(duration, 0)).toBe('0 ms');
});

describe('parseFieldText', () => {
  it.for<[FieldDefinition, string, Json]>([
    [duration, '40 ms', 40],
    [duration, '40', 40],
    [duration, '2.5s', 2500],
    [duration, '10m', 600_000],
    [duration, '1m 30s', 90_000],
    [duration, '1h', 3_600_000],
    [duration, '500 µs', 0.5],
    [duration, '1,000 ms', 1000],
    [duration, '1e3', 1000],
    [duration, '-0', 0],
    [lasting, 'Until you heal it', 0],
    [lasting, '0', 0],
    [rate, '200/s', 200],
    [rate, '1k/s', 1000],
    [rate, '30/min', 0.5],
    [rate, '30 per minute', 0.5],
    [rate, '1e-300', 1e-300],
    [rate, '.5', 0.5],
    [share, '5 %', 0.05],
    [share, '0.05', 0.05],
    [share, '7%', 0.07],
    [integer, '1,000', 1000],
    [integer, '10k', 10_000],
    [integer, '3 messages', 3],
    [integer, 'no limit', 0],
    [number, '2.5', 2.5],
    [number, '8 ×', 8],
    [choice, 'drop-oldest', 'drop-oldest'],
    [choice, 'Block the sender', 'block'],
    [service, 'exponential(40ms)', { shape: 'exponential', mean: 40 }],
    [service, 'normal(40ms, 10ms)', { shape: 'normal', mean: 40, sd: 10 }],
    [service, 'log-normal(40ms, cv 0.5)', { shape: 'log-normal', mean: 40, cv: 0.5 }],
    [service, 'Lognormal(mean 1s, cv=0.5)', { shape: 'log-normal', mean: 1000, cv: 0.5 }],
    [service, 'erlang(40ms, 3)', { shape: 'erlang', mean: 40, k: 3 }],
    [service, 'pareto(1ms, 2.5)', { shape: 'pareto', min: 1, alpha: 2.5 }],
    [service, 'uniform(1ms, 5ms)', { shape: 'uniform', min: 1, max: 5 }],
    [service, 'uniform(max 5ms, min 1ms)', { shape: 'uniform', min: 1, max: 5 }],
    [service, 'uniform(-5ms, 15ms)', { shape: 'uniform', min: -5, max: 15 }],
    [service, 'constant 40ms', { shape: 'constant', mean: 40 }],
    [service, '40ms', { shape: 'constant', mean: 40 }],
    [service, 'empirical(1, 2, 1,000)', { shape: 'empirical', values: [1, 2, 1000] }],
    [service, '{"shape":"exponential","mean":40}', { shape: 'exponential', mean: 40 }],
    [size, 'exponential(2 kB)', { shape: 'exponential', mean: 2000 }],
    [size, '16 KiB', { shape: 'constant', mean: 16_384 }],
    [
      schedule,
      '0 s: 100/s, 10 s: 200/s',
      [
        { atMs: 0, ratePerSecond: 100 },
        { atMs: 10_000, ratePerSecond: 200 },
      ],
    ],
    [schedule, '[{"atMs":0,"ratePerSecond":5}]', [{ atMs: 0, ratePerSecond: 5 }]],
  ])('reads %#: $1', ([definition, text, value]) => {
    expect(parseFieldText(definition, text)).toEqual({ value });
  });

  it.for<[FieldDefinition, string]>([
    ...[
      '',
      ' ',
      'NaN',
      'Infinity',
      '-Infinity',
      '0x10',
      '1_000',
      '1,5',
      '1,00',
      '1 000',
      '१२',
      '1e999',
      '--1',
      'e5',
      '1.2.3',
      'no',
      '12:30',
      '9007199254740993',
    ].flatMap((text): [FieldDefinition, string][] =>
      [integer, number, duration, rate, share, service].map((each) => [each, text]),
    ),
    [integer, '2.5'],
    [integer, '-1'],
    [integer, '1e300'],
    [number, '0'],
    [rate, '1e300'],
    [rate, '-1'],
    [rate, '5/ms'],
    [rate, '5 s'],
    [duration, '5 parsecs'],
    [duration, '1m -30s'],
    [duration, '1e15'],
    [share, '101 %'],
    [share, '-0.1'],
    [service, 'exponential(-1ms)'],
    [service, 'exponential()'],
    [service, 'exponential(1ms, 2ms)'],
    [service, 'magic(1ms)'],
    [service, 'uniform(5ms, 1ms)'],
    [service, 'erlang(40ms, 2.5)'],
    [service, 'pareto(1ms, 0)'],
    [service, 'normal(sd 1ms, sd 1ms)'],
    [service, 'constructor(1ms)'],
    [service, '{"shape":"exponential","mean":"NaN"}'],
    [service, '{"shape":'],
    [size, '1e12'],
    [schedule, '10 s: 1/s, 5 s: 2/s'],
    [schedule, '0 s: -1/s'],
    [schedule, '0 s'],
    [choice, 'constructor'],
  ])('refuses with a sentence %#: $1', ([definition, text]) => {
    const read = parseFieldText(definition, text);
    expect(read).toMatchObject({ refused: expect.stringMatching(/^Found .+, expected .+\.$/) });
  });

  it('says what was found and what was expected, with the unit', () => {
    expect(parseFieldText(rate, '-1')).toEqual({
      refused: 'Found -1/s, expected a rate from 0/s to 10,000,000/s.',
    });
    expect(parseFieldText(integer, ' ')).toEqual({
      refused: 'Found nothing, expected a whole number from 0 to 1,000,000,000 messages (0: no limit).',
    });
    expect(parseFieldText(integer, '2.5')).toEqual({
      refused: 'Found 2.5, expected a whole number from 0 to 1,000,000,000 messages (0: no limit).',
    });
    expect(parseFieldText(duration, '1_000')).toEqual({
      refused: 'Found "1_000", expected a time from 0 ms to 365 d, such as "40 ms", "2.5 s" or "10 min".',
    });
    expect(validateFieldValue(service, { shape: 'exponential', mean: -1 })).toBe(
      'Found mean -1 in the exponential distribution, expected milliseconds from 0 to 86,400,000 (1 d).',
    );
    expect(validateFieldValue(rate, 12_345_678.5)).toBe(
      'Found 12,345,678.5/s, expected a rate from 0/s to 10,000,000/s.',
    );
    expect(validateFieldValue(duration, 9_007_199_254_740_994)).toBe(
      'Found 9,007,199,254,740,994 ms, expected a time from 0 ms to 365 d.',
    );
    expect(validateFieldValue(size, { shape: 'uniform', min: -2e9, max: 5 })).toBe(
      'Found min -2,000,000,000 in the uniform distribution, expected -1 GB to 1 GB.',
    );
    expect(validateFieldValue(field({ type: 'number', min: -1e9, max: 1e9, unit: 'bytes' }), 2e9)).toBe(
      'Found 2,000,000,000, expected a number from -1,000,000,000 to 1,000,000,000 bytes.',
    );
    expect(validateFieldValue(field({ type: 'text', mostBytes: 65_535 }), 'x'.repeat(70_000))).toBe(
      'Found 70,000 bytes, expected text of at most 65,535 bytes.',
    );
    expect(validateFieldValue(choice, 'burn')).toBe('Found "burn", expected one of drop-oldest, block.');
  });
});

describe('formatFieldValue', () => {
  it.for<[FieldDefinition, Json, string]>([
    [duration, 100, '100 ms'],
    [duration, 2500, '2.5 s'],
    [duration, 90_000, '1.5 min'],
    [duration, 604_800_000, '7 d'],
    [duration, 0, '0 ms'],
    [share, 0.07, '7 %'],
    [rate, 200, '200/s'],
    [size, { shape: 'constant', mean: 1000 }, 'constant(1 kB)'],
    [service, { shape: 'log-normal', mean: 40, cv: 0.5 }, 'log-normal(40 ms, cv 0.5)'],
    [
      schedule,
      [
        { atMs: 0, ratePerSecond: 1 },
        { atMs: 1500, ratePerSecond: 2 },
      ],
      '0 ms: 1/s, 1.5 s: 2/s',
    ],
    [integer, 1000, '1000'],
  ])('writes %#: $2', ([definition, value, text]) => {
    expect(formatFieldValue(definition, value)).toBe(text);
  });

  const upTo = (max: number, min = 0) =>
    fc.oneof(
      fc.double({ min, max, noNaN: true }).map((n) => n + 0),
      fc.integer({ min: Math.ceil(min), max }),
    );
  const ms = upTo(86_400_000);
  const values: fc.Arbitrary<[FieldDefinition, Json]> = fc.oneof(
    upTo(31_536_000_000).map((value): [FieldDefinition, Json] => [duration, value]),
    upTo(10_000_000).map((value): [FieldDefinition, Json] => [rate, value]),
    upTo(1).map((value): [FieldDefinition, Json] => [share, value]),
    upTo(1000, 1).map((value): [FieldDefinition, Json] => [number, value]),
    fc.nat({ max: 1_000_000_000 }).map((value): [FieldDefinition, Json] => [integer, value]),
    fc
      .tuple(fc.constantFrom('constant', 'exponential'), ms)
      .map(([shape, mean]): [FieldDefinition, Json] => [service, { shape, mean }]),
    fc.tuple(ms, ms).map(([mean, sd]): [FieldDefinition, Json] => [service, { shape: 'normal', mean, sd }]),
    fc
      .tuple(ms, ms)
      .map(([a, b]): [FieldDefinition, Json] => [
        service,
        { shape: 'uniform', min: Math.min(a, b), max: Math.max(a, b) },
      ]),
    fc
      .tuple(ms, upTo(100))
      .map(([mean, cv]): [FieldDefinition, Json] => [service, { shape: 'log-normal', mean, cv }]),
    fc
      .tuple(ms, fc.integer({ min: 1, max: 1000 }))
      .map(([mean, k]): [FieldDefinition, Json] => [service, { shape: 'erlang', mean, k }]),
    fc
      .tuple(upTo(1e9), upTo(100, 0.1))
      .map(([min, alpha]): [FieldDefinition, Json] => [size, { shape: 'pareto', min, alpha }]),
    fc
      .array(ms, { minLength: 1, maxLength: 5 })
      .map((list): [FieldDefinition, Json] => [service, { shape: 'empirical', values: list }]),
    fc
      .tuple(fc.uniqueArray(fc.nat({ max: 1e9 }), { minLength: 1, maxLength: 4 }), upTo(1e7))
      .map(([times, ratePerSecond]): [FieldDefinition, Json] => [
        schedule,
        times.sort((a, b) => a - b).map((atMs) => ({ atMs, ratePerSecond })),
      ]),
  );

  test.prop([values], { seed: 5, numRuns: 2000 })(
    'writes what parseFieldText reads back',
    ([definition, value]) => {
      expect(parseFieldText(definition, formatFieldValue(definition, value))).toEqual({ value });
      expect(parseFieldText(definition, formatFieldValue(definition, value))).toEqual({ value });
    },
  );

  test.prop(
    [fc.string(), fc.constantFrom(integer, number, duration, rate, share, service, size, schedule, choice)],
    { seed: 6, numRuns: 2000 },
  )('is never given a value that the field refuses, whatever was typed', (text, definition) => {
    const read = parseFieldText(definition, text);
    if ('value' in read) expect(validateFieldValue(definition, read.value)).toBeNull();
  });

  it('covers every default of every kind', () => {
    for (const kind of KINDS) {
      for (const definition of [...kind.fields, ...kind.faults.flatMap((fault) => fault.fields)]) {
        expect([kind.kind, definition.name, validateFieldValue(definition, definition.default)]).toEqual([
          kind.kind,
          definition.name,
          null,
        ]);
        expect(parseFieldText(definition, formatFieldValue(definition, definition.default))).toEqual({
          value: definition.default,
        });
      }
    }
  });
});
