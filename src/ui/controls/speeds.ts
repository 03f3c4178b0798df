import { groupDigits } from '../../design/wording.ts';
import type { Speed } from '../../worker/protocol.ts';

/** Speeds offered in the menu, slowest first. */
export const SPEEDS: readonly Speed[] = [0.1, 0.5, 1, 2, 5, 10, 100, 1000, 'max'];

/** "0.5×", "1,000×" or "Max". */
export function speedText(speed: Speed): string {
  return speed === 'max' ? 'Max' : `${groupDigits(speed)}×`;
}

/**
 * What to say when the machine cannot keep up with the asked speed: "0.4× real time". Null while it does: a tenth
 * below is noise, and the fastest speed promises nothing.
 */
export function shortfallText(asked: Speed, reached: number): string | null {
  if (asked === 'max' || !Number.isFinite(reached) || reached <= 0) return null;
  if (reached >= asked * 0.85) return null;
  return realTime(reached);
}

/** What the short text does not say, for whoever wonders whether to trust such a run. */
export function shortfallTitle(asked: Speed, reached: number): string {
  return `The design asks for more than this machine gives: it was to run at ${speedText(asked)} and reaches ${realTime(reached)}. It takes longer; the results are the same.`;
}

/** "Max" runs say how fast they go, too: "350× real time". */
export function maxSpeedText(reached: number): string | null {
  if (!Number.isFinite(reached) || reached <= 0) return null;
  return realTime(reached);
}

/** With one digit that counts below 10, so that it can be read while it changes. */
function realTime(reached: number): string {
  if (reached < 0.001) return 'less than 0.001× real time';
  if (reached < 0.95) return `${Number(reached.toPrecision(1))}× real time`;
  return `${reached < 10 ? reached.toFixed(1) : groupDigits(Math.round(reached))}× real time`;
}
