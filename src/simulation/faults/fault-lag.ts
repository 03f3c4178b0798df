import { clockSeconds, groupDigits } from '../../design/wording.ts';
import { writeDuration } from '../../kinds/quantities.ts';

/**
 * How far the consumers of a design were behind because of a fault, looked at whenever the load is. Of a fault of a
 * group, or of an edge to one, that group; of any other, all groups together.
 */
export interface FaultLag {
  /** When it struck, and the most while it was in force or was being worked off. */
  before: number;
  peak: number;
  /** When it was worked off after the fault was healed, in simulated ms; null if not yet, or if nothing rose. */
  drainedMs: number | null;
}

/** A rise below this is the usual coming and going. */
const RISE_MIN = 20;
/** It counts as worked off when no more than this share of the rise is left. */
const LEFT_SHARE = 0.05;

/** What is known after another look; the same object if nothing is new. */
export function lagSeen(known: FaultLag, behind: number, nowMs: number, isHealed: boolean): FaultLag {
  const peak = Math.max(known.peak, behind);
  const rise = peak - known.before;
  const isDrained = isHealed && rise >= RISE_MIN && behind <= known.before + rise * LEFT_SHARE;
  if (!isDrained) return peak === known.peak ? known : { ...known, peak };
  return { before: known.before, peak, drainedMs: nowMs };
}

/** Whether there is no need to look again: what rose is worked off, or nothing rose. */
export function isLagOver({ before, peak, drainedMs }: FaultLag, isHealed: boolean): boolean {
  return isHealed && (drainedMs !== null || peak - before < RISE_MIN);
}

/** The peak, if the fault made consumers fall behind; null if it did not. */
export function lagPeak({ before, peak }: FaultLag): number | null {
  return peak - before >= RISE_MIN ? peak : null;
}

/** "drained at 01:12, 40 s after it was healed". Before that nobody looks whether it was drained. */
export function drainedWords(drainedMs: number, healedMs: number): string {
  if (drainedMs <= healedMs) return 'drained by then';
  const after = groupDigits(writeDuration(drainedMs - healedMs));
  return `drained at ${clockSeconds(Math.floor(drainedMs / 1000))}, ${after} after it was healed`;
}
