const SHOWN_LENGTH = 40;

/** A value as an error sentence shows it: short, quoted, on one line. */
export function showValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return showText(value);
  if (Array.isArray(value))
    return value.length === 0 ? 'an empty list' : `a list of ${groupDigits(value.length)}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'number') return groupDigits(value);
  return String(value as boolean | null);
}

/** Text in quotes with control characters escaped, cut after 40 characters but never inside one. */
export function showText(text: string): string {
  // Only the part that can be shown is looked at: the text may have millions of characters.
  const start = Array.from(text.slice(0, SHOWN_LENGTH * 2 + 2));
  const cut = start.length > SHOWN_LENGTH || text.length > SHOWN_LENGTH * 2 + 2;
  const shown = cut ? `${start.slice(0, SHOWN_LENGTH).join('')}…` : text;
  return JSON.stringify(shown).replace(
    INVISIBLE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Characters that would hide in a sentence or turn its direction round. */
const INVISIBLE = /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A place inside a document: `nodes[3].fields.rate`. */
export function showPath(path: readonly PropertyKey[]): string {
  let shown = '';
  for (const key of path) {
    if (typeof key === 'number') shown += `[${key}]`;
    else if (/^[A-Za-z_$][\w$]{0,79}$/.test(String(key)))
      shown += shown === '' ? String(key) : `.${String(key)}`;
    else shown += `[${showText(String(key))}]`;
  }
  return shown;
}

/** A number, or text that starts with one, with commas: 10,000, -1,234.5, 1,000,000/s. The same in every locale. */
export function groupDigits(value: number | string): string {
  return String(value).replace(/^-?\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ','));
}

/** `1 card`, `3 cards`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${groupDigits(count)} ${count === 1 ? one : many}`;
}

/** A point of simulated time, given in whole seconds, as clocks show it: `00:31`, `1:02:05`. */
export function clockSeconds(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
