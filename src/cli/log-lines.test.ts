import { expect, it } from 'vitest';
import { galleryEntry } from '../gallery/gallery.ts';
import { compile } from '../simulation/compile.ts';
import { logLines } from './log-lines.ts';

function linesOf(name: string, atMs: number): string[] {
  const { run } = compile(galleryEntry(name)!.design);
  run!.advance(atMs, Infinity);
  return logLines(run!.results());
}

it('says what became of transactions, and who waits for an open one', () => {
  const lines = linesOf('myth-held-back', 60_000);
  expect(lines).toContain('ledger: 0 transactions committed, 1 left open\n');
  expect(lines.find((line) => line.startsWith('billing'))).toMatch(
    /^billing: \d[\d,]* records behind an open/,
  );
});

it('says how much a poll returns', () => {
  expect(linesOf('myth-commits-in-poll', 30_000)).toEqual(['billing: 3 polls of 166.7 records\n']);
});

it('says how many keys another number of partitions moved', () => {
  const lines = linesOf('myth-more-partitions', 70_000);
  expect(lines).toContain('orders: 6 partitions instead of 3, 96 of 200 keys (48 %) moved to another one\n');
});
