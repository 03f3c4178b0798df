import { parseArgs } from 'node:util';
import { readDuration, readNumber } from '../kinds/quantities.ts';
import { showText } from '../design/wording.ts';
import { CliError, EXIT } from './cli-io.ts';

/** A setting as it was written: `billing.members=4`. */
export interface SettingText {
  node: string;
  field: string;
  text: string;
}

export type Command =
  | { command: 'help'; topic?: string }
  | { command: 'version' }
  | {
      command: 'run';
      design: string;
      seed?: number | string;
      untilMs?: number;
      warmUpMs?: number;
      settings: SettingText[];
      json: boolean;
      stopOnViolation: boolean;
      trace?: string;
    }
  | { command: 'export'; design: string; to: string; output?: string }
  | { command: 'validate'; design: string; json: boolean }
  | { command: 'gallery'; show?: string }
  | { command: 'schema' }
  | { command: 'rules' };

const FLAG = { type: 'boolean' } as const;
const TEXT = { type: 'string' } as const;
const OPTIONS = {
  run: {
    seed: TEXT,
    until: TEXT,
    'warm-up': TEXT,
    set: { type: 'string', multiple: true },
    json: FLAG,
    'stop-on-violation': FLAG,
    trace: TEXT,
  },
  export: { to: TEXT, output: { type: 'string', short: 'o' } },
  validate: { json: FLAG },
  gallery: {},
  schema: {},
  rules: {},
} as const;
const COMMANDS = Object.keys(OPTIONS);

/** Reads the words after `spillway`. Throws a `CliError` with a sentence for what it does not understand. */
export function readArguments(words: readonly string[]): Command {
  const [name, ...rest] = words;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    return { command: 'help', topic: rest[0] };
  }
  if (name === '--version' || name === '-V') return { command: 'version' };
  if (!COMMANDS.includes(name)) {
    throw usage(`Found the command ${showText(name)}, expected one of ${COMMANDS.join(', ')}.`);
  }
  if (rest.includes('--help') || rest.includes('-h')) return { command: 'help', topic: name };
  switch (name as keyof typeof OPTIONS) {
    case 'run':
      return readRun(rest);
    case 'export': {
      const { values, positionals } = parse(rest, OPTIONS.export);
      if (values.to === undefined) throw usage('export needs --to FORMAT, such as --to mermaid.');
      return { command: 'export', design: only(positionals, 'design'), to: values.to, output: values.output };
    }
    case 'validate': {
      const { values, positionals } = parse(rest, OPTIONS.validate);
      return { command: 'validate', design: only(positionals, 'design'), json: values.json ?? false };
    }
    case 'gallery':
      return readGallery(rest);
    case 'schema':
      none(parse(rest, OPTIONS.schema).positionals);
      return { command: 'schema' };
    case 'rules':
      none(parse(rest, OPTIONS.rules).positionals);
      return { command: 'rules' };
  }
}

function readRun(words: string[]): Command {
  const { values, positionals } = parse(words, OPTIONS.run);
  return {
    command: 'run',
    design: only(positionals, 'design'),
    seed: values.seed === undefined ? undefined : readSeed(values.seed),
    untilMs: values.until === undefined ? undefined : readTime('--until', values.until),
    warmUpMs: values['warm-up'] === undefined ? undefined : readTime('--warm-up', values['warm-up']),
    settings: (values.set ?? []).map(readSetting),
    json: values.json ?? false,
    stopOnViolation: values['stop-on-violation'] ?? false,
    trace: values.trace,
  };
}

function readGallery(words: string[]): Command {
  const { positionals } = parse(words, OPTIONS.gallery);
  const [action = 'list', ...rest] = positionals;
  if (action === 'show') return { command: 'gallery', show: only(rest, 'name') };
  if (action !== 'list') throw usage(`Found gallery ${showText(action)}, expected list or show NAME.`);
  none(rest);
  return { command: 'gallery' };
}

/** A whole number stays a number, as in a design file; anything else is text, which is as good a seed. */
function readSeed(text: string): number | string {
  const number = Number(text);
  return /^-?\d+$/.test(text) && Number.isSafeInteger(number) ? number : text;
}

function readTime(option: string, text: string): number {
  const ms = readDuration(text);
  // A bare number would be milliseconds in a file; on a command line most people mean seconds.
  if (ms === null || readNumber(text) !== null) {
    throw usage(
      `${option}: found ${showText(text)}, expected a time with its unit, such as 10m, 90s or 500ms.`,
    );
  }
  return ms;
}

/** The value may hold dots and equal signs, and so may the node: the field is what stands before the first `=`. */
function readSetting(text: string): SettingText {
  const equals = text.indexOf('=');
  const dot = text.lastIndexOf('.', equals < 0 ? undefined : equals);
  if (equals < 0 || dot <= 0 || dot + 1 === equals) {
    throw usage(`--set: found ${showText(text)}, expected NODE.FIELD=VALUE, such as billing.members=4.`);
  }
  return { node: text.slice(0, dot), field: text.slice(dot + 1, equals), text: text.slice(equals + 1) };
}

type Options = Record<string, { type: 'boolean' | 'string'; multiple?: boolean; short?: string }>;

function parse<const O extends Options>(words: string[], options: O) {
  try {
    return parseArgs({ args: words, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw usage((error as Error).message);
  }
}

function only(words: readonly string[], what: string): string {
  if (words.length === 1) return words[0];
  throw usage(
    words.length === 0 ? `A ${what} is missing.` : `Found ${words.length} words, expected one ${what}.`,
  );
}

function none(words: readonly string[]): void {
  if (words.length > 0) throw usage(`Found ${showText(words[0])}, expected nothing more.`);
}

function usage(message: string): CliError {
  return new CliError(EXIT.usage, `${message} See spillway help.`);
}
