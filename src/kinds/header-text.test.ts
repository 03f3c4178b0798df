import { fc, test } from '../testing/property.ts';
import { describe, expect, it } from 'vitest';
import type { Json } from '../design/types.ts';
import { readHeaders, writeHeaders } from './header-text.ts';

const value = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom<Json>(null, true, false, 'true', '3', 'a, b', ' a', '{', '"', '', 'urn:x'),
  fc.integer(),
);
const headers = fc.dictionary(fc.string({ maxLength: 8 }), value, { maxKeys: 4, noNullPrototype: true });

describe('headers as text', () => {
  test.prop([headers], { seed: 11, numRuns: 1000 })('are read back as they were written', (given) => {
    expect(readHeaders(writeHeaders(given))).toEqual(given);
  });

  it('keep numbers, truth and nothing apart from text', () => {
    const text = 'format: pdf, pages: 3, urgent: true, version: "3", signature';
    const read = readHeaders(text);
    expect(read).toEqual({ format: 'pdf', pages: 3, urgent: true, version: '3', signature: null });
    expect(writeHeaders(read as Record<string, Json>)).toBe(
      '{"format":"pdf","pages":3,"urgent":true,"version":"3","signature":null}',
    );
    expect(writeHeaders({ format: 'pdf', signature: null })).toBe('format: pdf, signature');
  });

  it.each(['a:', ': 3', 'a, , b', 'a: 1, a: 2', '{"a": 1'])('refuse %s', (text) => {
    expect(readHeaders(text)).toBeNull();
  });
});
