import { expect, it } from 'vitest';
import { md5Head } from './md5.ts';

it('is the beginning of the digests of RFC 1321', () => {
  const digests: Record<string, string> = {
    '': 'd41d8cd9',
    a: '0cc175b9',
    abc: '90015098',
    'message digest': 'f96b697d',
    abcdefghijklmnopqrstuvwxyz: 'c3fcd3d7',
  };
  const heads = Object.keys(digests).map((text) => md5Head(text).toString(16).padStart(8, '0'));
  expect(heads).toEqual(Object.values(digests));
});

it('is that of texts of up to 55 characters, which fill a block', () => {
  expect(md5Head('x'.repeat(55)).toString(16).padStart(8, '0')).toBe('04364420');
});
