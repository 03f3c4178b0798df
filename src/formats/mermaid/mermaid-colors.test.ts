import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DARK_COLORS, LIGHT_COLORS, type MermaidColors } from './mermaid-colors.ts';

/** Values of a custom property of the interface in the order of the style sheet: light, then dark. */
function tokenValues(name: string): string[] {
  const css = readFileSync(join(import.meta.dirname, '../../ui/look/tokens.css'), 'utf8');
  return [...css.matchAll(new RegExp(`--${name}:\\s*(#[0-9a-fA-F]{6})`, 'g'))].map((match) =>
    match[1].toUpperCase(),
  );
}

it.for<[string, MermaidColors]>([
  ['light', LIGHT_COLORS],
  ['dark', DARK_COLORS],
])('the %s colours of an export are tokens of the interface', ([, colors]) => {
  const { families, deadLetter, ...others } = colors;
  const used = { ...others, 'dead-letter': deadLetter };
  for (const [family, color] of Object.entries(families))
    expect(tokenValues(`fam-${family}`)).toContain(color);
  for (const [name, color] of Object.entries(used)) expect(tokenValues(name)).toContain(color);
});
