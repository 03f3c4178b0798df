import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { THEORY_LOADS, THEORY_MODELS } from '../src/testing/theory-cases.ts';
import type { Finding } from '../src/testing/theory-check.ts';
import { howWeKnowPage } from './how-we-know-page.ts';
import { theoryPlots } from './theory-plots.ts';

const root = join(import.meta.dirname, '..');

/** As if every run had given the exact figure, with a standard error of one percent; z as asked for. */
function perfect(z = 0): Finding[] {
  return THEORY_MODELS.flatMap((model) =>
    THEORY_LOADS.flatMap((load) =>
      model.at(load).figures.map(({ what, exact, readWithin = 0 }, index) => ({
        model: model.name,
        load,
        what,
        exact,
        measured: {
          count: 30,
          mean: exact,
          standardError: exact / 100,
          low: exact * 0.98,
          high: exact * 1.02,
        },
        z,
        readWithin,
        isFirst: index === 0,
      })),
    ),
  );
}

const size = { replications: 30, messages: new Map(THEORY_LOADS.map((load) => [load, 1000])) };
const pageOf = (findings: Finding[]) =>
  howWeKnowPage({ findings, slow: perfect().slice(0, 6), gap: 0 }, size);

describe('the page that is in the docs', () => {
  const page = readFileSync(join(root, 'docs/how-we-know.md'), 'utf8');
  const rowsOf = (text: string) => text.split('\n').filter((line) => /^\| .* \|$/.test(line));
  const names = (row: string) =>
    row
      .split('|')
      .slice(1, 4)
      .map((cell) => cell.trim());

  it('has a row for every figure of every model at every load', () => {
    const there = new Set(rowsOf(page).map((row) => names(row).join(', ')));
    const missing = perfect().filter(({ model, what, load }) => !there.has([model, what, load].join(', ')));
    expect(missing).toEqual([]);
  });

  it('tells of the models as they are built now', () => {
    for (const { name, builtAs, says } of THEORY_MODELS) {
      expect(page).toContain(`| ${name} | ${builtAs} | ${says} |`);
    }
  });

  it('was written by a run that found nothing wrong', () => {
    expect(page).toContain('standard errors off; the farthest is');
    expect(page).not.toContain('standard errors or more**');
  });
});

describe('a page', () => {
  it('names what is far off', () => {
    const findings = perfect();
    findings[0].z = -4.5;
    expect(pageOf(findings)).toContain('standard errors or more**: M/M/1 at 0.3 (wait, z −4.50)');
  });

  it('shows every plot, and there is no other', () => {
    const shown = [...pageOf(perfect()).matchAll(/images\/([a-z-]+)\.svg/g)].map(([, name]) => name);
    expect(shown.toSorted()).toEqual(
      theoryPlots(perfect())
        .map(({ name }) => name)
        .toSorted(),
    );
  });
});

describe('a plot', () => {
  const plots = new Map(theoryPlots(perfect()).map(({ name, svg }) => [name, svg]));
  const points = (name: string) => plots.get(name)!.match(/<circle/g)?.length;

  it('has a point for each case, and says what it shows', () => {
    const cases = THEORY_MODELS.length * THEORY_LOADS.length;
    expect(points('theory-z')).toBe(cases);
    expect(points('theory-error')).toBe(cases);
    expect(points('theory-wait')).toBe(5 * THEORY_LOADS.length);
    for (const svg of plots.values()) expect(svg).toMatch(/^<svg [^>]*role="img">\n<title>\w.*<\/title>/);
  });

  it('has numbers everywhere', () => {
    for (const svg of plots.values()) expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });
});
