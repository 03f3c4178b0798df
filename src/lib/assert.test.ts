import { expect, it } from 'vitest';
import { assert, InvariantError } from './assert.ts';

it('lets a true condition pass and throws an InvariantError otherwise', () => {
  assert(true, 'never shown');
  expect(() => assert(false, 'the water is wet')).toThrow(new InvariantError('the water is wet'));
});
