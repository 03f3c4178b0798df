import type { Distribution, FieldDefinition, FieldType, ScheduleStep } from '../design/fields.ts';
import { LIMITS } from '../design/limits.ts';
import type { Json } from '../design/types.ts';
import { groupDigits, showText, showValue } from '../design/wording.ts';
import {
  DISTRIBUTION_PARAMETERS,
  distributionExample,
  readDistribution,
  writeDistribution,
} from './distribution-text.ts';
import { readHeaders, writeHeaders } from './header-text.ts';
import {
  readAmount,
  readDuration,
  readRate,
  readShare,
  writeBytes,
  writeDuration,
  writeRate,
  writeShare,
} from './quantities.ts';
import { LONGEST_KEY_BYTES, readRoutingKeys, utf8Length } from './shared/routing-keys.ts';

/** A value read from text, or the sentence that refuses the text. */
export type FieldText = { value: Json } | { refused: string };

/** Longest amount of a random draw: a day, or a gigabyte. */
const LARGEST = { ms: 86_400_000, bytes: 1_000_000_000 } as const;
const MOST_STEPS = 1000;
const MOST_VALUES = 10_000;

/** Why a field may not hold this value ("Found -1/s, expected 0/s to 10,000,000/s."), or null if it may. */
export function validateFieldValue(field: FieldDefinition, value: Json): string | null {
  const type = field.value;
  switch (type.type) {
    case 'integer':
    case 'number':
    case 'duration':
    case 'rate':
    case 'probability':
      return numberRefusal(type, value);
    case 'choice':
      if (type.options.some((option) => option.value === value)) return null;
      return refusal(showValue(value), `one of ${type.options.map((option) => option.value).join(', ')}`);
    case 'distribution':
      return distributionRefusal(value, type.unit);
    case 'schedule':
      return scheduleRefusal(value);
    case 'message-type':
      return typeof value === 'string'
        ? null
        : refusal(showValue(value), 'the id of a message type, or no text for none');
    case 'text':
    case 'routing-keys':
    case 'headers':
      return textualRefusal(type, value);
  }
}

function textualRefusal(
  type: Extract<FieldType, { type: 'text' | 'routing-keys' | 'headers' }>,
  value: Json,
) {
  if (type.type === 'headers') return headersRefusal(value);
  if (typeof value !== 'string') return refusal(showValue(value), expectedText(type));
  if (type.type === 'text') {
    const bytes = utf8Length(value);
    return bytes <= type.mostBytes
      ? null
      : refusal(`${groupDigits(bytes)} bytes`, `text of at most ${groupDigits(type.mostBytes)} bytes`);
  }
  const keys = readRoutingKeys(value);
  return 'found' in keys ? refusal(keys.found, keys.expected) : null;
}

function headersRefusal(value: Json): string | null {
  if (!isObject(value)) return refusal(showValue(value), 'an object of header names and values');
  for (const [name, header] of Object.entries(value)) {
    if (utf8Length(name) > LONGEST_KEY_BYTES) {
      return refusal(`the header name ${showText(name)}`, `a name of at most ${LONGEST_KEY_BYTES} bytes`);
    }
    if (typeof header !== 'object' || header === null) continue;
    return refusal(`${showValue(header)} as header ${showText(name)}`, 'text, a number, true, false or null');
  }
  return null;
}

/**
 * Reads what a person typed into a field or wrote after `--set node.field=`: `40 ms`, `2.5s`, `200/s`, `1k/s`, `5 %`,
 * `1,000`, `exponential(40 ms)`, or the JSON of the value. Never takes text for another value than it says.
 */
export function parseFieldText(field: FieldDefinition, text: string): FieldText {
  const value = readText(field.value, text);
  if (value === null)
    return { refused: refusal(text.trim() === '' ? 'nothing' : showText(text), expectedText(field.value)) };
  const refused = validateFieldValue(field, value);
  return refused === null ? { value } : { refused };
}

/** A valid value as text that `parseFieldText` reads back as the same value. */
export function formatFieldValue(field: FieldDefinition, value: Json): string {
  const type = field.value;
  switch (type.type) {
    case 'duration':
      if (value === 0 && type.zeroMeans !== undefined) return type.zeroMeans;
      return typeof value === 'number' ? writeDuration(value) : JSON.stringify(value);
    case 'rate':
      return typeof value === 'number' ? writeRate(value) : JSON.stringify(value);
    case 'probability':
      return typeof value === 'number' ? writeShare(value) : JSON.stringify(value);
    case 'distribution':
      if (distributionRefusal(value, type.unit) !== null) return JSON.stringify(value);
      return writeDistribution(value as unknown as Distribution, type.unit);
    case 'schedule':
      if (scheduleRefusal(value) !== null) return JSON.stringify(value);
      return (value as unknown as ScheduleStep[])
        .map(({ atMs, ratePerSecond }) => `${writeDuration(atMs)}: ${writeRate(ratePerSecond)}`)
        .join(', ');
    case 'headers':
      return headersRefusal(value) === null ? writeHeaders(value as Values) : JSON.stringify(value);
    default:
      return typeof value === 'string' ? value : JSON.stringify(value);
  }
}

type Values = Readonly<Record<string, Json>>;

function readText(type: FieldType, text: string): Json | null {
  const trimmed = text.trim();
  switch (type.type) {
    case 'integer':
      if (type.zeroMeans !== undefined && trimmed.toLowerCase() === type.zeroMeans) return 0;
      return readAmount(withoutUnit(trimmed, type.unit));
    case 'number':
      return readAmount(withoutUnit(trimmed, type.unit));
    case 'duration':
      if (type.zeroMeans !== undefined && trimmed.toLowerCase() === type.zeroMeans) return 0;
      return readDuration(trimmed);
    case 'rate':
      return readRate(trimmed);
    case 'probability':
      return readShare(trimmed);
    case 'choice': {
      const same = (known: string) => known.toLowerCase() === trimmed.toLowerCase();
      return type.options.find(({ value, label }) => same(value) || same(label))?.value ?? null;
    }
    case 'distribution':
      return trimmed.startsWith('{')
        ? readJsonText(trimmed)
        : (readDistribution(trimmed, type.unit) as Json | null);
    case 'schedule':
      return trimmed.startsWith('[') ? readJsonText(trimmed) : readSchedule(trimmed);
    case 'headers':
      return readHeaders(text);
    case 'message-type':
    case 'text':
    case 'routing-keys':
      return text;
  }
}

function readSchedule(text: string): Json | null {
  const steps: Json[] = [];
  for (const part of text.split(/[,;\n]/)) {
    const [at, rate, ...rest] = part.split(':');
    const atMs = readDuration(at);
    const ratePerSecond = rate === undefined || rest.length > 0 ? null : readRate(rate);
    if (atMs === null || ratePerSecond === null) return null;
    steps.push({ atMs, ratePerSecond });
  }
  return steps;
}

function readJsonText(text: string): Json | null {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

function withoutUnit(text: string, unit: string): string {
  if (unit === '' || !text.endsWith(unit)) return text;
  const number = text.slice(0, -unit.length).trimEnd();
  return number === '' ? text : number;
}

type NumberType = Extract<FieldType, { type: 'integer' | 'number' | 'duration' | 'rate' | 'probability' }>;

function numberRefusal(type: NumberType, value: Json): string | null {
  const [min, max] = type.type === 'probability' ? [0, 1] : [type.min, type.max];
  const fits = typeof value === 'number' && value >= min && value <= max;
  if (fits && (type.type !== 'integer' || Number.isInteger(value))) return null;
  const isNumber = typeof value === 'number' && Number.isFinite(value);
  const found = isNumber ? groupDigits(writeFound(type, value)) : showValue(value);
  return refusal(found, expectedNumber(type));
}

function writeFound(type: NumberType, value: number): string {
  if (type.type === 'duration') return writeDuration(value);
  if (type.type === 'rate') return writeRate(value);
  return type.type === 'probability' ? writeShare(value) : String(value);
}

function expectedNumber(type: NumberType): string {
  switch (type.type) {
    case 'integer': {
      const unit = type.unit === '' ? '' : ` ${type.unit}`;
      const zero = type.zeroMeans === undefined ? '' : ` (0: ${type.zeroMeans})`;
      return `a whole number from ${groupDigits(type.min)} to ${groupDigits(type.max)}${unit}${zero}`;
    }
    case 'number':
      return `a number from ${groupDigits(type.min)} to ${groupDigits(type.max)}${type.unit === '' ? '' : ` ${type.unit}`}`;
    case 'duration':
      return `a time from ${writeDuration(type.min)} to ${writeDuration(type.max)}`;
    case 'rate':
      return `a rate from ${writeRate(type.min)} to ${groupDigits(type.max)}/s`;
    case 'probability':
      return 'a share from 0 to 1, or 0 % to 100 %';
  }
}

function expectedText(type: FieldType): string {
  switch (type.type) {
    case 'duration':
      return `${expectedNumber(type)}, such as "40 ms", "2.5 s" or "10 min"`;
    case 'rate':
      return `${expectedNumber(type)}, such as "200/s" or "1k/s"`;
    case 'integer':
    case 'number':
    case 'probability':
      return expectedNumber(type);
    case 'choice':
      return `one of ${type.options.map((option) => option.value).join(', ')}`;
    case 'distribution':
      return distributionExample(type.unit);
    case 'schedule':
      return 'times and rates such as "0 s: 100/s, 10 s: 200/s"';
    case 'message-type':
      return 'the id of a message type';
    case 'text':
      return 'text';
    case 'routing-keys':
      return 'a routing key, or several with weights such as "app.info: 9, app.error: 1"';
    case 'headers':
      return 'headers such as "format: pdf, pages: 3"';
  }
}

function distributionRefusal(value: Json, unit: 'ms' | 'bytes'): string | null {
  if (!isObject(value))
    return refusal(showValue(value), `a distribution such as ${distributionExample(unit)}`);
  const shape = value.shape as Distribution['shape'];
  const parameters = DISTRIBUTION_PARAMETERS.get(shape);
  if (!parameters) {
    return refusal(
      `the shape ${showValue(shape)}`,
      `one of ${[...DISTRIBUTION_PARAMETERS.keys()].join(', ')}`,
    );
  }
  if (shape === 'empirical') return empiricalRefusal(value.values, unit);
  for (const { name } of parameters) {
    const [low, high, written] = bounds(shape === 'uniform' && name === 'min' ? 'lower end' : name, unit);
    const found = Object.hasOwn(value, name) ? value[name] : undefined;
    if (
      typeof found === 'number' &&
      found >= low &&
      found <= high &&
      (name !== 'k' || Number.isInteger(found))
    )
      continue;
    return refusal(`${name} ${showValue(found)} in the ${shape} distribution`, written);
  }
  if (shape === 'uniform' && (value.min as number) > (value.max as number)) {
    return refusal(`min ${showValue(value.min)} above max ${showValue(value.max)}`, 'min to be at most max');
  }
  return null;
}

function empiricalRefusal(values: Json | undefined, unit: 'ms' | 'bytes'): string | null {
  if (!Array.isArray(values) || values.length === 0 || values.length > MOST_VALUES) {
    return refusal(`values ${showValue(values)}`, `a list of 1 to ${groupDigits(MOST_VALUES)} numbers`);
  }
  const [low, high, written] = bounds('mean', unit);
  const bad = values.find((item) => !(typeof item === 'number' && item >= low && item <= high));
  return bad === undefined ? null : refusal(`the value ${showValue(bad)}`, written);
}

function bounds(parameter: string, unit: 'ms' | 'bytes'): [low: number, high: number, written: string] {
  if (parameter === 'cv') return [0, 100, 'a number from 0 to 100'];
  if (parameter === 'k') return [1, 1000, 'a whole number from 1 to 1,000'];
  if (parameter === 'alpha') return [0.1, 100, 'a number from 0.1 to 100'];
  const most = LARGEST[unit];
  // The lower end of a range may lie below 0, as in data that was fitted: such draws become 0, which is said.
  const least = parameter === 'lower end' ? -most : 0;
  const written =
    unit === 'ms'
      ? `milliseconds from ${groupDigits(least)} to ${groupDigits(most)} (1 d)`
      : `${writeBytes(least)} to ${writeBytes(most)}`;
  return [least, most, written];
}

function scheduleRefusal(value: Json): string | null {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_STEPS) {
    return refusal(showValue(value), `a schedule of 1 to ${groupDigits(MOST_STEPS)} steps`);
  }
  let last = -1;
  for (const [at, step] of value.entries()) {
    if (!isObject(step))
      return refusal(`${showValue(step)} as step ${at + 1}`, 'an object with atMs and ratePerSecond');
    const { atMs, ratePerSecond } = step;
    if (!(typeof atMs === 'number' && atMs >= 0 && atMs <= LIMITS.horizonMs)) {
      return refusal(
        `atMs ${showValue(atMs)} in step ${at + 1}`,
        `a time from 0 ms to ${writeDuration(LIMITS.horizonMs)}`,
      );
    }
    if (!(typeof ratePerSecond === 'number' && ratePerSecond >= 0 && ratePerSecond <= 10_000_000)) {
      return refusal(
        `ratePerSecond ${showValue(ratePerSecond)} in step ${at + 1}`,
        'a rate from 0/s to 10,000,000/s',
      );
    }
    if (atMs <= last) {
      return refusal(
        `step ${at + 1} at ${writeDuration(atMs)}`,
        `a time after step ${at} at ${writeDuration(last)}`,
      );
    }
    last = atMs;
  }
  return null;
}

function refusal(found: string, expected: string): string {
  return `Found ${found}, expected ${expected}.`;
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
