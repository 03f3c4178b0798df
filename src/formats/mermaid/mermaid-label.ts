/**
 * Text as Mermaid reads it back inside `["..."]` or `|"..."|`: the same in node, edge and subgraph labels. Blanks at
 * the ends become no-break spaces and an empty label one space, since Mermaid trims; control characters, which no
 * picture can show, become U+FFFD. `compatible` also guards against versions that take quoted labels for Markdown.
 */
export function escapeLabel(text: string, compatible = false): string {
  const shown = printable(text);
  if (shown === '') return ' ';
  const escaped = shown
    .replace(/[&"<>#`\\$¶ﬂ\u2028\u2029]/gu, (char) => ENTITIES.get(char)!)
    .replace(/%{2,}/g, (run) => '#37;'.repeat(run.length))
    // The lexer takes these words for a statement wherever they stand in a line, even inside quotes.
    .replace(
      /(direction)(\s)(?=\s*(?:TB|BT|LR|RL|TD))/g,
      (_, word: string, blank: string) => word + code(blank),
    )
    // "fa:fa-user" would become an icon.
    .replace(/\b(fa[a-z]?):(?=fa)/g, '$1#58;');
  const guarded = compatible ? withoutMarkdown(escaped) : escaped;
  return guarded.replace(/^[^\S\n]+|[^\S\n]+$/g, keptBlanks).replaceAll('\n', '<br/>');
}

/**
 * A line made of labels, escaped once more if Mermaid would cut it: a line that looks like a style statement with a
 * `#` loses its last `;`, and the word `style` in an id is enough.
 */
export function labelledLine(
  line: (escape: (text: string) => string) => string,
  compatible: boolean,
): string {
  const plain = line((text) => escapeLabel(text, compatible));
  if (!/(style|classDef).*:\S*#.*;/.test(plain)) return plain;
  return line((text) => escapeLabel(text, compatible).replaceAll(':', '#58;'));
}

/** What a label shows of a text, before any escape: one kind of line break, no tab, no control character. */
export function printable(text: string): string {
  return text
    .replace(/\r\n?|\u0085|\v|\f/g, '\n')
    .replaceAll('\t', ' ')
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]|\p{Cs}/gu, '\ufffd');
}

const ENTITIES = new Map([
  ['&', '#amp;'],
  ['"', '#quot;'],
  ['<', '#lt;'],
  ['>', '#gt;'],
  ['#', '#35;'],
  ['`', '#96;'],
  ['\\', '#92;'],
  ['$', '#36;'],
  // Mermaid's own placeholders for entities are made of these two.
  ['¶', '#182;'],
  ['ﬂ', '#64258;'],
  ['\u2028', '#8232;'],
  ['\u2029', '#8233;'],
]);

/** A character as a numeric entity. */
function code(char: string): string {
  return `#${char.codePointAt(0)};`;
}

/** Blanks that Mermaid would trim; it knows more of them than the space bar does. */
function keptBlanks(blanks: string): string {
  return Array.from(blanks, (char) => code(char === ' ' ? '\u00a0' : char)).join('');
}

function withoutMarkdown(escaped: string): string {
  return escaped
    .replace(/[*_~@]/g, code)
    .replace(/:\/\//g, '#58;//')
    .replace(/^([ ]*\d+)\./gm, '$1#46;')
    .replace(/^([ ]*)([-+])/gm, (_, blanks: string, sign: string) => blanks + code(sign));
}
