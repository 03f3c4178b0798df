/** A header as it comes in a message; null is the value without a type, which AMQP calls void. */
export type HeaderValue =
  string | number | boolean | null | readonly HeaderValue[] | { readonly [name: string]: HeaderValue };

export type HeaderTable = ReadonlyMap<string, HeaderValue>;

/** What `x-match` may say. */
export const HEADER_MATCHES = ['all', 'any', 'all-with-x', 'any-with-x'];

const MATCH_HEADER = 'x-match';

/**
 * Whether a binding of a headers exchange matches: `x-match` is `all` (also when it is missing) or `any`, and only with
 * `-with-x` do headers count that begin with `x-`. A void value asks for presence alone. Nothing to compare matches
 * with `all` and does not match with `any` (RabbitMQ, rabbit_exchange_type_headers).
 */
export function headersMatch(binding: HeaderTable, headers: HeaderTable): boolean {
  const match = binding.get(MATCH_HEADER);
  const withX = match === 'all-with-x' || match === 'any-with-x';
  const wanted = [...binding].filter(([name]) => name !== MATCH_HEADER && (withX || !name.startsWith('x-')));
  const isThere = ([name, value]: [string, HeaderValue]) => {
    const found = headers.get(name);
    return found !== undefined && (value === null || isSame(value, found));
  };
  const isAny = match === 'any' || match === 'any-with-x';
  return isAny ? wanted.some(isThere) : wanted.every(isThere);
}

/** A number never equals a text. */
function isSame(a: HeaderValue, b: HeaderValue): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [these, those] = [Object.entries(a), new Map<string, HeaderValue>(Object.entries(b))];
  return (
    these.length === those.size &&
    these.every(([name, value]) => {
      const other = those.get(name);
      return other !== undefined && isSame(value, other);
    })
  );
}
