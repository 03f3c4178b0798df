/** A unit and how many of the base unit it is; the first name is the one that is written. */
interface Unit {
  names: readonly string[];
  size: number;
}

/** Milliseconds are the base; largest first. */
const TIMES: readonly Unit[] = [
  { names: ['d', 'day', 'days'], size: 86_400_000 },
  { names: ['h', 'hour', 'hours'], size: 3_600_000 },
  { names: ['min', 'm', 'minute', 'minutes'], size: 60_000 },
  { names: ['s', 'sec', 'second', 'seconds'], size: 1000 },
  { names: ['ms', 'millisecond', 'milliseconds'], size: 1 },
];

/** Smaller than a millisecond: divided, since 0.001 has no exact binary form. */
const MICROSECONDS = ['µs', 'μs', 'us'];

const BYTES: readonly Unit[] = [
  { names: ['GiB'], size: 1_073_741_824 },
  { names: ['GB'], size: 1_000_000_000 },
  { names: ['MiB'], size: 1_048_576 },
  { names: ['MB'], size: 1_000_000 },
  { names: ['KiB'], size: 1024 },
  { names: ['kB', 'KB'], size: 1000 },
  { names: ['bytes', 'byte', 'B', ''], size: 1 },
];

const MULTIPLES = new Map([
  ['', 1],
  ['k', 1000],
  ['K', 1000],
  ['M', 1_000_000],
  ['G', 1_000_000_000],
]);

/** Digits, in groups of three if there are commas; a point; a power of ten. Not hex, not `1_000`, not `1,5`. */
const NUMBER = '[+-]?(?:\\d{1,3}(?:,\\d{3})+|\\d+)?(?:\\.\\d+)?(?:[eE][+-]?\\d+)?';

/** A plain number such as `1,000`, `-2.5` or `1e3`; null for anything else, also for one too large to keep. */
export function readNumber(text: string): number | null {
  const trimmed = text.trim();
  if (!/\d/.test(trimmed) || !new RegExp(`^${NUMBER}$`).test(trimmed)) return null;
  const plain = trimmed.replaceAll(',', '');
  // A second opinion on forms such as "e5", which the pattern lets through.
  if (!/^[+-]?\.?\d/.test(plain)) return null;
  const value = Number(plain);
  // Minus zero is zero to everybody but the computer. Digits that a number cannot keep would be another value.
  if (
    !Number.isFinite(value) ||
    (Number.isInteger(value) && !Number.isSafeInteger(value) && !/[eE]/.test(plain))
  ) {
    return null;
  }
  return value === 0 ? 0 : value;
}

/** A number with an optional multiple, such as `10k` or `2 M`. */
export function readAmount(text: string): number | null {
  const [number, multiple] = splitUnit(text);
  const factor = MULTIPLES.get(multiple);
  const value = readNumber(number);
  return value === null || factor === undefined ? null : value * factor;
}

/** Milliseconds from `40 ms`, `2.5s`, `1m 30s` or a bare number, which is milliseconds. */
export function readDuration(text: string): number | null {
  const single = readNumber(text) ?? readTime(text);
  if (single !== null) return single;
  const parts = text.trim().match(/[^A-Za-zµμ]+[A-Za-zµμ]+/gu) ?? [];
  if (parts.length < 2 || parts.join('') !== text.trim()) return null;
  let sum = 0;
  for (const part of parts) {
    const value = readTime(part);
    // "1m -30s" would be half a minute in a form that nobody means.
    if (value === null || value < 0) return null;
    sum += value;
  }
  return sum;
}

function readTime(text: string): number | null {
  const [number, unit] = splitUnit(text);
  const value = readNumber(number);
  if (value === null) return null;
  if (MICROSECONDS.includes(unit)) return value / 1000;
  const found = TIMES.find(({ names }) => names.includes(unit));
  return found ? value * found.size : null;
}

/** The shortest of `7 d`, `1.5 min`, `40 ms` that reads back as the same number. */
export function writeDuration(milliseconds: number): string {
  return writeIn(TIMES, milliseconds, readDuration) ?? `${milliseconds} ms`;
}

/** Messages a second from `200/s`, `1k/s`, `30/min`, `5 per hour` or a bare number, which is per second. */
export function readRate(text: string): number | null {
  const match = /^(.*?)\s*(?:\/|\bper\b)\s*([A-Za-z]+)$/s.exec(text.trim());
  if (!match) return readAmount(text);
  const amount = readAmount(match[1]);
  const unit = TIMES.find(({ names }) => names.includes(match[2]));
  return amount === null || !unit || unit.size < 1000 ? null : amount / (unit.size / 1000);
}

/** `200/s`. */
export function writeRate(perSecond: number): string {
  return `${perSecond}/s`;
}

/** A share from 0 to 1, from `5 %` or `0.05`. */
export function readShare(text: string): number | null {
  const trimmed = text.trim();
  if (!trimmed.endsWith('%')) return readNumber(trimmed);
  const percent = readNumber(trimmed.slice(0, -1));
  return percent === null ? null : percent / 100;
}

/** `5 %`, or the bare share where no percentage reads back as the same number. */
export function writeShare(share: number): string {
  const percent = Number((share * 100).toPrecision(15));
  return percent / 100 === share ? `${percent} %` : String(share);
}

/** Bytes from `1000`, `1000 bytes`, `2 kB` or `16 KiB`. */
export function readBytes(text: string): number | null {
  const [number, unit] = splitUnit(text);
  const value = readNumber(number);
  const found = BYTES.find(({ names }) => names.includes(unit));
  return value === null || !found ? null : value * found.size;
}

/** `16 KiB`, `1 kB`, `900 bytes`. */
export function writeBytes(bytes: number): string {
  return writeIn(BYTES, bytes, readBytes) ?? `${bytes} bytes`;
}

function writeIn(
  units: readonly Unit[],
  value: number,
  read: (text: string) => number | null,
): string | null {
  for (const { names, size } of units) {
    const amount = String(value / size);
    if (Math.abs(value) < size || amount.length > 6) continue;
    const text = `${amount} ${names[0]}`;
    if (read(text) === value) return text;
  }
  return null;
}

/** `2.5 kB` as its number and its unit; an exponent belongs to the number. */
function splitUnit(text: string): [number: string, unit: string] {
  const match = new RegExp(`^\\s*(${NUMBER})\\s*([A-Za-zµμ]*)\\s*$`, 'u').exec(text);
  return match ? [match[1], match[2]] : ['', text];
}
