import type { Json } from '../../../design/types.ts';
import type { KindDefinition } from '../../../kinds/kind.ts';
import { BADGE } from '../../../simulation/frame/frame-layout.ts';
import { badgeText } from '../../inspector/fault-text.ts';
import { plain } from '../../look/figures.ts';

/** The one badge of a card: a glyph of `BADGE_GLYPHS`, a word, and whose doing it is. */
export interface Badge {
  glyph: keyof typeof BADGE_GLYPHS;
  word: string;
  tone: 'pressure' | 'dead-letter' | 'accent';
}

/** State glyphs on a 14 grid: stroked path, and what is solid. */
export const BADGE_GLYPHS = {
  full: { stroke: 'M2 2.5v9.3h10V2.5', fill: 'M4.2 5h5.6v4.6H4.2z' },
  blocked: { stroke: 'M4.5 3v8M9.5 3v8', fill: '' },
  loop: { stroke: 'M11.8 7a4.8 4.8 0 1 1-1.6-3.6M10.7 1v2.8H7.9', fill: '' },
  cross: { stroke: 'M3 3l8 8M11 3l-8 8', fill: '' },
  hand: { stroke: 'M8 1.5 3.5 8H7l-1 4.5L10.5 6H7Z', fill: '' },
} as const;

const BY_CODE: ReadonlyMap<number, Badge> = new Map([
  [BADGE.full, { glyph: 'full', word: 'Full', tone: 'pressure' }],
  [BADGE.blocked, { glyph: 'blocked', word: 'Blocked', tone: 'pressure' }],
  [BADGE.rebalancing, { glyph: 'loop', word: 'Rebalancing', tone: 'pressure' }],
  [BADGE.failing, { glyph: 'cross', word: 'Failing', tone: 'dead-letter' }],
  [BADGE.down, { glyph: 'cross', word: 'Down', tone: 'dead-letter' }],
]);

interface FaultInForce {
  fault: string;
  args: Readonly<Record<string, Json>>;
}

/** The badge to show: what a person broke outranks the state it causes. Null for a healthy node. */
export function badgeOf(
  definition: KindDefinition,
  code: number,
  value: number,
  fault: FaultInForce | undefined,
): Badge | null {
  const injected = fault && definition.faults.find((one) => one.id === fault.fault);
  if (injected) return { glyph: 'hand', word: badgeText(injected, fault.args), tone: 'accent' };
  if (code >= BADGE.faultFirst) {
    const known = definition.faults[code - BADGE.faultFirst];
    if (!known) return null;
    return { glyph: 'hand', word: known.badge.replace(/\{\w+\}/g, plain(value)), tone: 'accent' };
  }
  const badge = BY_CODE.get(code) ?? null;
  return badge && code === BADGE.full ? { ...badge, word: definition.fullBadge ?? badge.word } : badge;
}
