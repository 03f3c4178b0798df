import { plain } from './problem-lines.ts';

export interface TableColumn {
  title: string;
  /** Numbers stand right, names left. */
  align: 'left' | 'right';
}

/** A table as aligned lines of text. Columns in which every cell is empty are left out. */
export function textTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const shown = columns.map((_, at) => at).filter((at) => rows.some((row) => row[at] !== ''));
  const lines = [columns.map((column) => column.title), ...rows.map((row) => row.map(plain))];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => width(line[at]))));
  return lines
    .map((line) =>
      shown
        .map((at) => pad(line[at], widths[at], columns[at].align))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
    .concat('\n');
}

function pad(text: string, to: number, align: TableColumn['align']): string {
  const space = ' '.repeat(Math.max(0, to - width(text)));
  return align === 'left' ? text + space : space + text;
}

/** Characters as a reader counts them; wide ones of East Asian scripts take two places in a terminal. */
function width(text: string): number {
  let places = 0;
  for (const char of text) places += /\p{Mark}/u.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return places;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u;
