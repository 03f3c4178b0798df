import type { Distribution } from '../design/fields.ts';
import { readBytes, readDuration, readNumber, writeBytes, writeDuration } from './quantities.ts';

/** A parameter: an amount in the field's unit, or a bare number. */
interface Parameter {
  name: string;
  amount: boolean;
}

const mean: Parameter = { name: 'mean', amount: true };
const min: Parameter = { name: 'min', amount: true };

/** The parameters of each shape in the order in which they are written. `empirical` is a list instead. */
export const DISTRIBUTION_PARAMETERS: ReadonlyMap<Distribution['shape'], readonly Parameter[]> = new Map<
  Distribution['shape'],
  readonly Parameter[]
>([
  ['constant', [mean]],
  ['exponential', [mean]],
  ['uniform', [min, { name: 'max', amount: true }]],
  ['normal', [mean, { name: 'sd', amount: true }]],
  ['log-normal', [mean, { name: 'cv', amount: false }]],
  ['erlang', [mean, { name: 'k', amount: false }]],
  ['pareto', [min, { name: 'alpha', amount: false }]],
  ['empirical', []],
]);

/** What to write instead, for an error sentence. */
export function distributionExample(unit: 'ms' | 'bytes'): string {
  return unit === 'ms'
    ? '"exponential(40 ms)", "log-normal(40 ms, cv 0.5)" or "40 ms"'
    : '"exponential(2 kB)", "log-normal(2 kB, cv 0.5)" or "2 kB"';
}

/**
 * Reads `exponential(40ms)`, `normal(40ms, sd 10ms)`, `constant 40ms`, or a bare amount, which is constant. Null if
 * it is none of these; whether the numbers make sense is for `validateFieldValue`.
 */
export function readDistribution(text: string, unit: 'ms' | 'bytes'): Distribution | null {
  const readAmount = unit === 'ms' ? readDuration : readBytes;
  const bare = readAmount(text);
  if (bare !== null) return { shape: 'constant', mean: bare };
  const match = /^\s*([a-z]+(?:[ -]?normal)?)\s*(?:\(([^()]*)\)|\s([^()]*))\s*$/i.exec(text);
  if (!match) return null;
  const shape = match[1].toLowerCase().replace(/^log ?normal$/, 'log-normal') as Distribution['shape'];
  const parameters = DISTRIBUTION_PARAMETERS.get(shape);
  if (!parameters) return null;
  const args = splitArguments(match[2] ?? match[3]);
  if (shape === 'empirical') {
    const values = args.map(readAmount);
    return values.includes(null) ? null : { shape, values: values as number[] };
  }
  if (args.length !== parameters.length) return null;
  const read: Record<string, number> = {};
  for (const [at, arg] of args.entries()) {
    const named = /^([a-z]+)\s*[\s=:]\s*(.*)$/i.exec(arg);
    const parameter = named ? parameters.find(({ name }) => name === named[1].toLowerCase()) : parameters[at];
    if (!parameter || parameter.name in read) return null;
    const value = (parameter.amount ? readAmount : readNumber)(named ? named[2] : arg);
    if (value === null) return null;
    read[parameter.name] = value;
  }
  return { shape, ...read } as Distribution;
}

/** `log-normal(40 ms, cv 0.5)`: reads back as the same distribution. */
export function writeDistribution(distribution: Distribution, unit: 'ms' | 'bytes'): string {
  const writeAmount = unit === 'ms' ? writeDuration : writeBytes;
  if (distribution.shape === 'empirical')
    return `empirical(${distribution.values.map(writeAmount).join(', ')})`;
  const values = distribution as unknown as Readonly<Record<string, number>>;
  const args = DISTRIBUTION_PARAMETERS.get(distribution.shape)!.map(({ name, amount }, at) => {
    const value = amount ? writeAmount(values[name]) : String(values[name]);
    return at === 0 || distribution.shape === 'uniform' ? value : `${name} ${value}`;
  });
  return `${distribution.shape}(${args.join(', ')})`;
}

/** At commas that stand between arguments, not inside `1,000`. */
function splitArguments(text: string): string[] {
  const parts = text.split(/,(?!\d{3}(?:\D|$))|,(?=\s)/).map((part) => part.trim());
  return parts.length === 1 && parts[0] === '' ? [] : parts;
}
