/**
 * Numbers as text, the same in every browser and language: no `Intl`, no locale. A figure that does not exist (NaN)
 * is an en dash, never 0.
 */
import { clockSeconds } from '../../design/wording.ts';

const NONE = '–';

/** A count: 0, 14, 1,204, 12.4 k, 3.1 M. From 10,000 on it is shortened to three digits. */
export function count(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  if (size < 9_999.5) return sign + thousands(Math.round(size));
  return sign + shortened(size);
}

/** A rate without its unit: 0.4, 7.5, 46, 1,204, 12.4 k. Small rates keep one decimal. */
export function rate(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  if (size < 0.05) return '0';
  if (size < 9.95) return (value < 0 ? '−' : '') + oneDecimal(size);
  return count(value);
}

/** A rate with its unit: `200/s`. */
export function perSecond(value: number): string {
  return `${rate(value)}/s`;
}

/** A change per second, always with a sign: `+154/s`, `−3/s`, `±0/s`. */
export function trend(value: number): string {
  const text = rate(Math.abs(value));
  if (text === '0') return '±0/s';
  return `${value < 0 ? '−' : '+'}${text}/s`;
}

/** A length of time in ms, in the unit that fits: 0.4 ms, 40 ms, 4.6 s, 12 s, 3 min, 2.5 h. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return NONE;
  const size = Math.abs(ms);
  if (size === 0) return '0 s';
  if (size < 9.95) return `${oneDecimal(ms)} ms`;
  if (size < 999.5) return `${Math.round(ms)} ms`;
  if (size < 9_950) return `${oneDecimal(ms / 1000)} s`;
  if (size < 119_500) return `${Math.round(ms / 1000)} s`;
  if (size < 7_170_000) return `${oneDecimal(ms / 60_000)} min`;
  if (size < 172_800_000) return `${oneDecimal(ms / 3_600_000)} h`;
  return `${count(ms / 86_400_000)} days`;
}

/** A point of simulated time for a running clock, with tenths: 00:47.3, 1:02:05.0. */
export function clock(ms: number): string {
  const tenths = Math.max(0, Math.floor(ms / 100 + 1e-6));
  return `${clockSeconds(Math.floor(tenths / 10))}.${tenths % 10}`;
}

/** A point of simulated time to the second: 00:31, 1:02:05. */
export function clockTime(ms: number): string {
  return clockSeconds(Math.max(0, Math.floor(ms / 1000 + 1e-6)));
}

/** A share of a whole: `41 %`, `0.4 %`. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return NONE;
  const value = share * 100;
  return `${Math.abs(value) < 9.95 && value !== 0 ? oneDecimal(value) : Math.round(value)} %`;
}

/** A plain number as it was entered, with thousands: 8, 2.5, 20,000. */
export function plain(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  const [whole, decimals] = String(Math.abs(value)).split('.');
  if (whole.includes('e')) return String(value);
  const text = thousandsOf(whole) + (decimals ? `.${decimals}` : '');
  return (value < 0 ? '−' : '') + text;
}

function shortened(size: number): string {
  const units = ['k', 'M', 'G', 'T'];
  let value = size / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = value < 99.95 ? oneDecimal(value) : thousands(Math.round(value));
  return `${digits} ${units[unit]}`;
}

function oneDecimal(value: number): string {
  const text = value.toFixed(1);
  return text.endsWith('.0') ? text.slice(0, -2) : text;
}

function thousands(whole: number): string {
  return thousandsOf(String(whole));
}

function thousandsOf(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}
