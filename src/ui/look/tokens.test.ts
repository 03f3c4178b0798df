import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DARK, LIGHT } from './tokens.ts';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');

/** Colour declarations of the first rule that has exactly this selector. */
function declared(selector: string): Map<string, string> {
  const start = css.indexOf(`\n${selector} {`);
  const block = css.slice(start, css.indexOf('}', start));
  return new Map(
    [...block.matchAll(/--([\w-]+): (#\w+);/g)].map((match) => [match[1], match[2].toUpperCase()]),
  );
}

describe('colour tokens', () => {
  it.each([
    [':root', LIGHT],
    [":root[data-theme='dark']", DARK],
  ])('are the same in tokens.css and tokens.ts for %s', (selector, table) => {
    expect(declared(selector)).toEqual(new Map(Object.entries(table)));
  });

  it.each([
    ['light', LIGHT],
    ['dark', DARK],
  ])('keep text at 4.5 to 1 on every ground of the %s theme', (_name, colors) => {
    for (const ground of ['canvas', 'surface', 'sunken'] as const) {
      for (const text of ['ink', 'ink-2', 'ink-3', 'accent', 'pressure', 'dead-letter', 'retry'] as const) {
        expect(contrast(colors[text], colors[ground]), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
});

/** WCAG 2 contrast ratio of two `#RRGGBB` colours. */
function contrast(first: string, second: string): number {
  const [high, low] = [luminance(first), luminance(second)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
