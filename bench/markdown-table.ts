/** A table that reads well as text and as Markdown; the first two columns stand left, numbers right. */
export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, ...rows];
  const widths = titles.map((_, at) => Math.max(...lines.map((line) => line[at].length)));
  const show = (line: readonly string[]) =>
    `| ${line.map((cell, at) => (at < 2 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join(' | ')} |\n`;
  const rule = widths.map((width, at) => (at < 2 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return show(titles) + show(rule) + rows.map(show).join('');
}
