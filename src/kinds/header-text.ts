import type { Json } from '../design/types.ts';

type Headers = Readonly<Record<string, Json>>;

/**
 * Headers as a person writes them: `format: pdf, pages: 3, urgent: true, signature`. What reads as a number, true or
 * false is one, a name alone has no value (null, which AMQP calls void), and everything else is text. Headers that
 * cannot be written so are written as JSON.
 */
export function writeHeaders(headers: Headers): string {
  const entries = Object.entries(headers);
  const isPlain = entries.every(([name, value]) => isPlainName(name) && isPlainValue(value));
  if (!isPlain) return JSON.stringify(headers);
  return entries.map(([name, value]) => (value === null ? name : `${name}: ${valueText(value)}`)).join(', ');
}

/** Reads what `writeHeaders` writes, and the JSON of an object; null if it is neither. */
export function readHeaders(text: string): Json | null {
  const trimmed = text.trim();
  if (trimmed.startsWith('{')) return literal(trimmed) ?? null;
  if (trimmed === '') return {};
  const entries: [string, Json][] = [];
  for (const part of trimmed.split(',')) {
    const colon = part.indexOf(':');
    const name = (colon < 0 ? part : part.slice(0, colon)).trim();
    if (!isPlainName(name)) return null;
    const value = colon < 0 ? null : part.slice(colon + 1).trim();
    if (value === '' || entries.some(([known]) => known === name)) return null;
    const read = value === null ? null : literal(value);
    entries.push([name, read === undefined ? value : read]);
  }
  return Object.fromEntries(entries);
}

function isPlainName(name: string): boolean {
  return name !== '' && name.trim() === name && !/[:,"{}]/.test(name);
}

function isPlainValue(value: Json): boolean {
  if (typeof value !== 'string') return true;
  return value !== '' && value.trim() === value && !value.includes(',') && literal(value) === undefined;
}

function valueText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The value that a text is in JSON, or undefined. */
function literal(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
