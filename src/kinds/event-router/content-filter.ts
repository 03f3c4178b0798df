import type { Json } from '../../design/types.ts';
import type { Address } from '../shared/addresses.ts';

/** What a filter asks of an event. */
export type Filter = (address: Address) => boolean;
/** A filter that was read, or why it was not. */
type Reading = { filter: Filter } | { refused: string };
type Value = string | number | boolean | null;
type Test = (value: Value | undefined) => boolean;

/** Most keys of a filter policy. */
const MOST_POLICY_KEYS = 5;

/**
 * Reads what a subscription asks for, as JSON in the way of the service; no text takes everything. For SNS it is a
 * filter policy over attributes: the headers of a message, and its routing key as `type`. For EventBridge it is an
 * event pattern: the routing key is the `detail-type`, the header `source` the source, the headers are the `detail`.
 */
export function readFilter(text: string, profile: Json): Reading {
  if (text.trim() === '') return { filter: () => true };
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    return { refused: 'it is no JSON' };
  }
  if (!isObject(policy)) return { refused: 'it is no object' };
  const isPattern = profile === 'eventbridge';
  const tests = new Map<string, Test>();
  const refused = collect(policy, '', isPattern, tests);
  if (refused !== null) return { refused };
  if (!isPattern && tests.size > MOST_POLICY_KEYS) {
    return { refused: `it has ${tests.size} keys, and a filter policy has at most ${MOST_POLICY_KEYS}` };
  }
  const read = isPattern ? ofEvent : ofAttributes;
  const all = [...tests];
  return { filter: (address) => all.every(([path, test]) => test(read(address, path))) };
}

/** The field of an edge that says what its subscriber gets, which the service of its router decides. */
export function filterField(profile: Json): 'eventPattern' | 'filterPolicy' {
  return profile === 'eventbridge' ? 'eventPattern' : 'filterPolicy';
}

/** What a subscription takes: nothing, if its filter cannot be read, for which its design is refused. */
export function filterOf(profile: Json, fields: Readonly<Record<string, Json>>): Filter {
  const reading = readFilter(fields[filterField(profile)] as string, profile);
  return 'filter' in reading ? reading.filter : () => false;
}

/** Whether an edge that leaves a router takes every event that there could be. */
export function isUnfiltered(
  profile: Json,
  { fields = {} }: { fields?: Readonly<Record<string, Json>> },
): boolean {
  const text = fields[filterField(profile)] ?? '';
  return typeof text === 'string' && text.trim() === '';
}

/** Adds the tests of an object by their paths; the reason if it is refused, else null. */
function collect(
  object: Record<string, unknown>,
  prefix: string,
  isPattern: boolean,
  tests: Map<string, Test>,
): string | null {
  if (Object.keys(object).length === 0) return 'an object in it has no keys';
  for (const [name, wanted] of Object.entries(object)) {
    const path = prefix + name;
    if (isObject(wanted)) {
      if (!isPattern) return `${path} is an object, and attributes are not nested`;
      const refused = collect(wanted, `${path}.`, isPattern, tests);
      if (refused !== null) return refused;
      continue;
    }
    if (!Array.isArray(wanted) || wanted.length === 0) return `${path} is not a list of what it may be`;
    const any = wanted.map((one: unknown) => readTest(one, isPattern));
    const wrong = any.find((one) => typeof one === 'string');
    if (wrong !== undefined) return `${path}: ${wrong as string}`;
    tests.set(path, (value) => (any as Test[]).some((test) => test(value)));
  }
  return null;
}

function ofAttributes({ routingKey, headers }: Address, name: string): Value | undefined {
  const header = headers.get(name) as Value | undefined;
  return name === 'type' && header === undefined && routingKey !== '' ? routingKey : header;
}

function ofEvent({ routingKey, headers }: Address, path: string): Value | undefined {
  if (path === 'detail-type') return routingKey;
  if (path === 'source') return headers.get('source') as Value | undefined;
  return path.startsWith('detail.') ? (headers.get(path.slice(7)) as Value | undefined) : undefined;
}

/** One of the things that a value may be, as a test; a sentence for what nobody knows. */
function readTest(wanted: unknown, isPattern: boolean): Test | string {
  if (isPlain(wanted)) return (value) => value === wanted;
  if (!isObject(wanted) || Object.keys(wanted).length !== 1)
    return 'found neither a value nor one comparison';
  const [[name, operand]] = Object.entries(wanted);
  switch (name) {
    case 'prefix':
      return ofText(operand, (value, text) => value.startsWith(text));
    case 'suffix':
      return ofText(operand, (value, text) => value.endsWith(text));
    case 'equals-ignore-case':
      return ofText(operand, (value, text) => value.toLowerCase() === text.toLowerCase());
    case 'wildcard':
      return isPattern ? ofText(operand, matchesWildcard) : 'SNS knows no wildcard';
    case 'exists':
      if (typeof operand !== 'boolean') return 'exists is true or false';
      return (value) => (value !== undefined) === operand;
    case 'numeric':
      return readNumeric(operand);
    case 'anything-but':
      return readAnythingBut(operand, isPattern);
    default:
      return `found ${name}, expected prefix, suffix, equals-ignore-case, exists, numeric, anything-but or, in EventBridge, wildcard`;
  }
}

function ofText(operand: unknown, test: (value: string, text: string) => boolean): Test | string {
  if (typeof operand !== 'string') return 'found no text to compare with';
  return (value) => typeof value === 'string' && test(value, operand);
}

/** Some other value; a value there must be. */
function readAnythingBut(operand: unknown, isPattern: boolean): Test | string {
  const list: unknown[] = Array.isArray(operand) ? operand : [operand];
  const tests = list.map((one) => readTest(one, isPattern));
  const wrong = tests.find((test) => typeof test === 'string');
  if (wrong !== undefined || list.length === 0) return wrong ?? 'anything-but lists nothing';
  return (value) => value !== undefined && !(tests as Test[]).some((test) => test(value));
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** Pairs of a comparison and a bound, all of which must hold. */
function readNumeric(operand: unknown): Test | string {
  if (!Array.isArray(operand) || operand.length % 2 !== 0 || operand.length === 0) {
    return 'numeric is a list such as [">", 0, "<=", 150]';
  }
  const tests: ((value: number) => boolean)[] = [];
  for (let at = 0; at < operand.length; at += 2) {
    const compare = COMPARISONS[String(operand[at])];
    const bound: unknown = operand[at + 1];
    if (!compare || typeof bound !== 'number') return 'numeric is a list such as [">", 0, "<=", 150]';
    tests.push((value) => compare(value, bound));
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

/** A star stands for any number of characters. */
function matchesWildcard(value: string, pattern: string): boolean {
  const parts = pattern.split('*');
  const [first] = parts;
  const last = parts.at(-1)!;
  if (parts.length === 1) return value === pattern;
  if (value.length < first.length + last.length) return false;
  if (!value.startsWith(first) || !value.endsWith(last)) return false;
  let at = first.length;
  const end = value.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = value.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

function isPlain(value: unknown): value is Value {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
