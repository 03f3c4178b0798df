import { describe, expect, it } from 'vitest';
import { headersMatch, type HeaderValue } from './header-match.ts';

type Headers = Record<string, HeaderValue>;

const matches = (binding: Headers, headers: Headers) =>
  headersMatch(new Map(Object.entries(binding)), new Map(Object.entries(headers)));

// From a live RabbitMQ 3.10.8; void values and deep ones from its source, rabbit_exchange_type_headers.
describe('a headers exchange', () => {
  it('asks for all headers or any, all if it does not say', () => {
    expect(matches({ a: '1', b: '2' }, { a: '1' })).toBe(false);
    expect(matches({ 'x-match': 'any', a: '1', b: '2' }, { a: '1' })).toBe(true);
    expect(matches({ 'x-match': 'all', a: '1', b: '2' }, { a: '1', b: '2', c: '3' })).toBe(true);
  });

  it('matches everything with an empty all and nothing with an empty any', () => {
    expect(matches({ 'x-match': 'all' }, {})).toBe(true);
    expect(matches({ 'x-match': 'any' }, { a: '1' })).toBe(false);
  });

  it('skips headers that begin with x- unless told to look', () => {
    const headers = { a: '1' };
    expect(matches({ 'x-match': 'all', 'x-k': 'v', a: '1' }, headers)).toBe(true);
    expect(matches({ 'x-match': 'all-with-x', 'x-k': 'v', a: '1' }, headers)).toBe(false);
    expect(matches({ 'x-match': 'any', 'x-k': 'v' }, { 'x-k': 'v' })).toBe(false);
    expect(matches({ 'x-match': 'any-with-x', 'x-k': 'v' }, { 'x-k': 'v' })).toBe(true);
  });

  it('tells 1 from "1", and takes a void value as a question for presence', () => {
    expect(matches({ n: 1 }, { n: '1' })).toBe(false);
    expect(matches({ n: 1 }, { n: 1 })).toBe(true);
    expect(matches({ n: null }, { n: 'whatever' })).toBe(true);
    expect(matches({ n: 'v' }, { n: null })).toBe(false);
    expect(matches({ n: null }, {})).toBe(false);
  });

  it('compares lists and tables by what is in them', () => {
    expect(matches({ l: [1, { a: 'b' }] }, { l: [1, { a: 'b' }] })).toBe(true);
    expect(matches({ l: [1] }, { l: { 0: 1 } })).toBe(false);
    expect(matches({ l: [1] }, { l: [1, 2] })).toBe(false);
  });
});
