import { duplicateKeys } from './duplicate-keys.ts';
import { findJsonError } from './json-error.ts';
import { LIMITS } from './limits.ts';
import type { Json, Problem } from './types.ts';
import { groupDigits, showPath, showText } from './wording.ts';

/** What `readJson` gives: the value and what was odd about it, or the problem that refuses it. */
export type JsonReading = { ok: true; value: Json; problems: Problem[] } | { ok: false; problem: Problem };

/**
 * Reads JSON from anywhere: refuses text that is too long, no text at all, broken (with line and column), nested
 * too deep, or that holds an own `__proto__` or a number too large to keep. Minus zero becomes zero, and a key that
 * stands twice in one object is warned of.
 */
export function readJson(text: string): JsonReading {
  const badText = textProblem(text);
  if (badText) return { ok: false, problem: badText };
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (opensTooMuch(body)) {
    const message = `The file: values are nested deeper than ${LIMITS.depth} levels.`;
    return { ok: false, problem: refusal('nested-too-deep', message) };
  }
  let value: Json;
  try {
    value = JSON.parse(body) as Json;
  } catch {
    return { ok: false, problem: brokenJsonProblem(body) };
  }
  const reading = inspect(value);
  return reading.ok ? { ...reading, problems: [...reading.problems, ...duplicateProblems(body)] } : reading;
}

/** More of these warnings than this help nobody. */
const LISTED_DUPLICATES = 20;

function duplicateProblems(json: string): Problem[] {
  return duplicateKeys(json, LISTED_DUPLICATES).map((keys): Problem => {
    const path = showPath(keys);
    const key = showText(String(keys.at(-1)));
    return {
      severity: 'warning',
      code: 'duplicate-key',
      message: `${path}: the key ${key} stands more than once in one object; the last value counts.`,
      path,
    };
  });
}

function refusal(code: string, message: string, path?: string): Problem {
  return { severity: 'error', code, message, ...(path ? { path } : {}) };
}

function textProblem(text: string): Problem | null {
  if (text.length > LIMITS.fileLength) {
    const found = groupDigits(text.length);
    return refusal(
      'file-too-long',
      `The file has ${found} characters; at most ${groupDigits(LIMITS.fileLength)} are read.`,
    );
  }
  if (text.trim() === '') return refusal('file-empty', 'The file is empty; a design in JSON was expected.');
  if (
    text.startsWith('\u001f\u008b') ||
    text.startsWith('\u001f\ufffd') ||
    text.startsWith('PK\u0003\u0004')
  ) {
    return refusal('file-compressed', 'The file is compressed (gzip or zip); unpack it first.');
  }
  if (text.startsWith('\ufffd\ufffd') || /^(?:.\0|\0.)/s.test(text)) {
    return refusal('file-encoding', 'The file is UTF-16 or not text at all; save it as UTF-8.');
  }
  return null;
}

/**
 * True if far more brackets are open at once than any design has. `JSON.parse` takes seconds for millions of them.
 * Brackets inside text count too, which the generous bound forgives.
 */
function opensTooMuch(text: string): boolean {
  const bound = LIMITS.textLength;
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at) | 0x20;
    if (code === 0x7b) open += 1;
    else if (code === 0x7d) open -= 1;
    if (open > bound) return true;
  }
  return false;
}

/** Looks at every value once, without recursion, before anything else touches it. */
function inspect(root: Json): JsonReading {
  const problems: Problem[] = [];
  const pending: Visit[] = [{ value: root, path: null, depth: 0 }];
  let seen = 0;
  for (let visit = pending.pop(); visit; visit = pending.pop()) {
    seen += 1;
    const { value, depth } = visit;
    const at = visit;
    const refuse = (code: string, message: string): JsonReading => ({
      ok: false,
      problem: refusal(code, `${whereOf(at)}: ${message}`, showPath(pathOf(at))),
    });
    if (typeof value === 'string' && value.length > LIMITS.textLength) {
      return refuse(
        'text-too-long',
        `found a text of ${groupDigits(value.length)} characters, expected at most ${groupDigits(LIMITS.textLength)}.`,
      );
    }
    if (typeof value === 'number' && !Number.isFinite(value)) {
      return refuse('number-too-large', 'found a number too large to keep, expected one below 1.8e308.');
    }
    if (typeof value === 'number' && Number.isInteger(value) && isRounded(value)) {
      problems.push({
        severity: 'warning',
        code: 'number-rounded',
        message: `${whereOf(at)}: a whole number beyond 9,007,199,254,740,991 was read as ${value}; write it as text to keep every digit.`,
        path: showPath(pathOf(at)),
      });
    }
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= LIMITS.depth) {
      return refuse('nested-too-deep', `values are nested deeper than ${LIMITS.depth} levels.`);
    }
    if (Object.hasOwn(value, '__proto__')) {
      return refuse('forbidden-key', 'found the key "__proto__", which no design may have.');
    }
    const size = Array.isArray(value) ? value.length : Object.keys(value).length;
    if (seen + pending.length + size > LIMITS.values) {
      return refuse('too-many-values', `the file holds more than ${groupDigits(LIMITS.values)} values.`);
    }
    queueChildren(value, at, pending);
  }
  return { ok: true, value: root, problems };
}

/** A value still to look at; its path is a chain of parents so that a million values share one. */
interface Visit {
  value: Json;
  path: { key: string | number; parent: Visit } | null;
  depth: number;
}

function queueChildren(value: Json[] | { [key: string]: Json }, parent: Visit, pending: Visit[]): void {
  const depth = parent.depth + 1;
  if (Array.isArray(value)) {
    for (let index = value.length - 1; index >= 0; index--) {
      if (Object.is(value[index], -0)) value[index] = 0;
      pending.push({ value: value[index], path: { key: index, parent }, depth });
    }
    return;
  }
  for (const key of Object.keys(value).reverse()) {
    if (Object.is(value[key], -0)) value[key] = 0;
    pending.push({ value: value[key], path: { key, parent }, depth });
  }
}

function pathOf(visit: Visit): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let step = visit.path; step; step = step.parent.path) keys.push(step.key);
  return keys.reverse();
}

function whereOf(visit: Visit): string {
  return showPath(pathOf(visit)) || 'The file';
}

/** From 1e21 on JavaScript itself writes a power of ten, so nobody expects every digit to be kept. */
function isRounded(value: number): boolean {
  return !Number.isSafeInteger(value) && Math.abs(value) < 1e21;
}

function brokenJsonProblem(text: string): Problem {
  const { offset, expected } = findJsonError(text);
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  const path = `line ${line}, column ${column}`;
  const found =
    offset >= text.length ? 'the end of the file' : showText(Array.from(text.slice(offset, offset + 2))[0]);
  return refusal('json-broken', `This is not JSON: ${path}: found ${found}, expected ${expected}.`, path);
}
