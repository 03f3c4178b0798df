type Awaited = 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'next' | 'end';

const EXPECTED: Record<Awaited, string> = {
  value: 'a value',
  'first-value': 'a value or "]"',
  key: 'a name in double quotes',
  'first-key': 'a name in double quotes or "}"',
  colon: '":"',
  next: '"," or a closing bracket',
  end: 'nothing more after the end of the document',
};

/**
 * Where text stops being JSON and what should stand there. `JSON.parse` says so too, but in another way in each
 * JavaScript engine, and some give no position at all.
 */
export function findJsonError(text: string): { offset: number; expected: string } {
  const open: string[] = [];
  let awaited: Awaited = 'value';
  let at = 0;
  for (;;) {
    while (BLANKS.includes(text[at])) at += 1;
    const end = tokenEnd(text, at);
    const next: Awaited | null = end < 0 ? null : step(awaited, text[at], open);
    if (!next) return { offset: at, expected: EXPECTED[awaited] };
    awaited = next;
    at = end;
  }
}

const BLANKS = [' ', '\t', '\n', '\r'];

/** Where the token that starts here ends, or -1 if none starts here or it is broken. */
function tokenEnd(text: string, start: number): number {
  const first = text[start];
  if (first === undefined) return -1;
  if ('{}[],:'.includes(first)) return start + 1;
  if (first === '"') return textEnd(text, start + 1);
  const word = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)/y;
  word.lastIndex = start;
  return word.test(text) ? word.lastIndex : -1;
}

/** By hand, not by an expression: a text of millions of characters would overflow the stack of the matcher. */
function textEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return -1;
    if (code !== 0x5c) continue;
    at += 1;
    if (text[at] === 'u' && /^[\da-fA-F]{4}$/.test(text.slice(at + 1, at + 5))) at += 4;
    else if (!'"\\/bfnrt'.includes(text[at] ?? ' ')) return -1;
  }
  return -1;
}

/** What may follow a token, by its first character; null if the token may not stand here. */
function step(awaited: Awaited, mark: string, open: string[]): Awaited | null {
  const takesValue = awaited === 'value' || awaited === 'first-value';
  const takesKey = awaited === 'key' || awaited === 'first-key';
  const done = (): Awaited => (open.length === 0 ? 'end' : 'next');
  if (mark === '{' || mark === '[') {
    if (!takesValue) return null;
    open.push(mark);
    return mark === '{' ? 'first-key' : 'first-value';
  }
  if (mark === ':') return awaited === 'colon' ? 'value' : null;
  if (mark === ',') {
    if (awaited !== 'next') return null;
    return open.at(-1) === '{' ? 'key' : 'value';
  }
  if (mark === '}' || mark === ']') {
    const opened = mark === '}' ? '{' : '[';
    const first = mark === '}' ? 'first-key' : 'first-value';
    if (open.at(-1) !== opened || (awaited !== 'next' && awaited !== first)) return null;
    open.pop();
    return done();
  }
  if (takesKey) return mark === '"' ? 'colon' : null;
  return takesValue ? done() : null;
}
