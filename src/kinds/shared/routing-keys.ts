import { groupDigits, showText } from '../../design/wording.ts';

/** A routing or binding key is a short string of AMQP: its length in UTF-8 fits one byte. */
export const LONGEST_KEY_BYTES = 255;
const MOST_KEYS = 100;
const LARGEST_WEIGHT = 1_000_000;

/** A routing key that a producer uses, and how often in comparison with its others. */
export interface WeightedKey {
  key: string;
  weight: number;
}

/**
 * Reads the routing keys of a producer: `orders.created`, or several with weights, `app.info: 9, app.error: 1`. A key
 * without a weight counts once; only what stands behind the last colon and is a number is a weight. No text at all is
 * the one empty key. Gives the sentence that refuses the text, found and expected, if it makes no sense.
 */
export function readRoutingKeys(text: string): readonly WeightedKey[] | { found: string; expected: string } {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > MOST_KEYS) {
    return { found: `${groupDigits(parts.length)} routing keys`, expected: `at most ${MOST_KEYS}` };
  }
  const keys: WeightedKey[] = [];
  for (const part of parts) {
    const weighted = /^(.*?)\s*:\s*(-?\d+(?:\.\d+)?)$/s.exec(part);
    const key = weighted ? weighted[1] : part;
    const weight = weighted ? Number(weighted[2]) : 1;
    if (key === '' && parts.length > 1) {
      return { found: 'no text between two commas', expected: 'a routing key there' };
    }
    if (!(weight > 0 && weight <= LARGEST_WEIGHT)) {
      const expected = `a weight above 0 and at most ${groupDigits(LARGEST_WEIGHT)}`;
      return { found: `the weight ${weighted![2]} of ${showText(key)}`, expected };
    }
    const bytes = utf8Length(key);
    if (bytes > LONGEST_KEY_BYTES) {
      return { found: `a routing key of ${bytes} bytes`, expected: `at most ${LONGEST_KEY_BYTES}` };
    }
    keys.push({ key, weight });
  }
  return keys;
}

/** Bytes of a text in UTF-8; half of a surrogate pair counts as the three of its replacement. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
