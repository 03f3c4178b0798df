import { describe, expect, it } from 'vitest';
import type { TraceRow } from '../simulation/run.ts';
import { TraceLog } from './trace-log.ts';

/** Rows of a run that writes one a millisecond. */
function rows(from: number, to: number): TraceRow[] {
  return Array.from({ length: to - from }, (_, at) => {
    const atMs = from + at;
    return { atMs, node: 'a', code: 'blocked', text: `${atMs}` };
  });
}

/** A page: keeps what it is given and cuts where it is told to. */
function readInto(page: TraceRow[], log: TraceLog): void {
  page.push(...log.take());
}

describe('the trace of a run that goes to and fro', () => {
  it('gives each row once, and those of a known stretch again without their being made again', () => {
    const log = new TraceLog();
    const page: TraceRow[] = [];
    log.add(rows(0, 100));
    readInto(page, log);
    page.length = log.goTo(30);
    expect(page).toHaveLength(30);
    log.add(rows(30, 40));
    readInto(page, log);
    expect(log.goTo(90)).toBe(40);
    readInto(page, log);
    expect(page).toEqual(rows(0, 90));
  });

  it('forgets a future that was replaced', () => {
    const log = new TraceLog();
    log.add(rows(0, 100));
    log.goTo(50);
    log.forgetFuture();
    log.add(rows(500, 510));
    expect(log.take()).toEqual([...rows(0, 50), ...rows(500, 510)]);
  });

  it('drops the oldest rows when there are too many, and never counts wrong for it', () => {
    const log = new TraceLog();
    const page: TraceRow[] = [];
    log.add(rows(0, 1000));
    readInto(page, log);
    for (let at = 1000; at < 100_000; at += 1000) log.add(rows(at, at + 1000));
    readInto(page, log);
    expect(page.length).toBeLessThan(32_000);
    // Within what is kept the page has it all; before the hole it starts over.
    page.length = log.goTo(95_000);
    expect(page.at(-1)?.atMs).toBe(94_999);
    page.length = log.goTo(500);
    expect(page).toEqual([]);
    log.add(rows(500, 700));
    readInto(page, log);
    expect(page).toEqual(rows(500, 700));
  });
});
