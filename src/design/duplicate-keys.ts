/** An object or a list that is still open, and the key or index that the scan is at in it. */
interface Level {
  /** Null for a list. */
  seen: Map<string, number> | null;
  at: string | number;
}

/**
 * Paths of the keys that stand more than once in one object, at most `most` of them. The text must be JSON that
 * `JSON.parse` has read already, which keeps the last value of such a key and says nothing.
 */
export function duplicateKeys(json: string, most: number): (string | number)[][] {
  const found: (string | number)[][] = [];
  const open: Level[] = [];
  let awaitsKey = false;
  for (let at = 0; at < json.length && found.length < most; at++) {
    const level = open.at(-1);
    switch (json[at]) {
      case '"': {
        const end = closingQuote(json, at + 1);
        if (awaitsKey && level && noteKey(level, json.slice(at, end + 1)))
          found.push(open.map((one) => one.at));
        awaitsKey = false;
        at = end;
        break;
      }
      case '{':
        open.push({ seen: new Map(), at: '' });
        awaitsKey = true;
        break;
      case '[':
        open.push({ seen: null, at: 0 });
        break;
      case '}':
      case ']':
        open.pop();
        awaitsKey = false;
        break;
      case ',':
        if (typeof level?.at === 'number') level.at += 1;
        else awaitsKey = true;
    }
  }
  return found;
}

function closingQuote(json: string, from: number): number {
  let at = from;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}

/** Steps to a key, given with its quotes; true when it stands there for the second time. */
function noteKey(level: Level, quoted: string): boolean {
  // The same key can be written with escapes and without.
  const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  const times = (level.seen?.get(key) ?? 0) + 1;
  level.seen?.set(key, times);
  level.at = key;
  return times === 2;
}
