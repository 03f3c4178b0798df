import { expect, it } from 'vitest';
import { readBytes, readDuration, readNumber, readRate, writeBytes, writeDuration } from './quantities.ts';

it.for<[string, number | null]>([
  ['1,000', 1000],
  ['+5', 5],
  ['-0', 0],
  ['1e3', 1000],
  ['.5', 0.5],
  ['9007199254740991', 9_007_199_254_740_991],
  ['9007199254740993', null],
  ['1e999', null],
  ['1,00', null],
  ['1_000', null],
  ['0x10', null],
  ['e5', null],
  ['', null],
])('readNumber takes a number for what it says or not at all: "%s"', ([text, value]) => {
  expect(readNumber(text)).toBe(value);
});

it('reads units by their exact names: m is a minute, M a million', () => {
  expect([readDuration('1 m'), readDuration('1 M'), readRate('1M/s'), readRate('1m/s')]).toEqual([
    60_000,
    null,
    1e6,
    null,
  ]);
  expect([readBytes('1 kB'), readBytes('1 KiB'), readBytes('1 kb')]).toEqual([1000, 1024, null]);
});

it('writes the shortest form that reads back exactly', () => {
  expect([90_000, 61_000, 1234.5, 0.25, 1 / 3].map(writeDuration)).toEqual([
    '1.5 min',
    '61 s',
    '1.2345 s',
    '0.25 ms',
    '0.3333333333333333 ms',
  ]);
  expect([16_384, 1500, 999].map(writeBytes)).toEqual(['16 KiB', '1.5 kB', '999 bytes']);
});
