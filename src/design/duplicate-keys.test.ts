import { fc, test } from '../testing/property.ts';
import { expect, it } from 'vitest';
import { duplicateKeys } from './duplicate-keys.ts';

it.for<[string, (string | number)[][]]>([
  ['{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}', []],
  ['{"a":1,"a":2}', [['a']]],
  ['{"a":1,"a":2,"a":3}', [['a']]],
  ['{"nodes":[{"id":"x"},{"id":"y","fields":{"rate":1,\n"rate":2}}]}', [['nodes', 1, 'fields', 'rate']]],
  ['{"a":"\\"a\\":","\\u0061":{"x":[1,2,{"b":[],"b":{}}]}}', [['a'], ['a', 'x', 2, 'b']]],
  ['{"k":"a","l":"a","m":["a","a"]}', []],
  ['{"a":[],"b":{},"a":"}{,"}', [['a']]],
  ['"a,a"', []],
])('finds in %s the keys %j', ([json, paths]) => {
  expect(duplicateKeys(json, 20)).toEqual(paths);
});

it('stops at the number asked for', () => {
  expect(duplicateKeys('{"a":1,"a":1,"b":1,"b":1}', 1)).toEqual([['a']]);
});

test.prop([fc.jsonValue()])('finds none in what JSON.stringify writes', (value) => {
  expect(duplicateKeys(JSON.stringify(value, null, 1), 20)).toEqual([]);
});
