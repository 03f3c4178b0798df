import type { Speed } from '../../worker/protocol.ts';

/** Speeds offered in the menu, slowest first. */
export const SPEEDS: readonly Speed[] = [0.1, 0.5, 1, 2, 5, 10, 100, 1000, 'max'];

/** "0.5×", "1,000×" or "Max". */
export function speedText(speed: Speed): string {
  return speed === 'max' ? 'Max' : `${speed === 1000 ? '1,000' : speed}×`;
}

/**
 * What to say when the machine cannot keep up with the asked speed: "0.4× real time". Null while it does: a tenth
 * below is noise, and the fastest speed promises nothing.
 */
export function shortfallText(asked: Speed, reached: number): string | null {
  if (asked === 'max' || !Number.isFinite(reached) || reached <= 0) return null;
  if (reached >= asked * 0.85) return null;
  const shown = reached >= 10 ? Math.round(reached).toString() : reached.toFixed(reached >= 1 ? 1 : 2);
  return `${shown}× real time`;
}

/** "Max" runs say how fast they go, too: "350× real time". */
export function maxSpeedText(reached: number): string | null {
  if (!Number.isFinite(reached) || reached <= 0) return null;
  return `${reached >= 10 ? Math.round(reached) : reached.toFixed(1)}× real time`;
}
