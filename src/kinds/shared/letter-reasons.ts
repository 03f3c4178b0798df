import { DEATH } from './deaths.ts';

/** Why a message became a dead letter, as `messages.reason` numbers it: what a queue says, and what a group says. */
export const LETTER_REASON = {
  ...DEATH,
  /** Its last try failed. */
  exhausted: 4,
  /** It failed in a way that no further try can mend. */
  fatal: 5,
  /** Nobody can read it. */
  unreadable: 6,
} as const;

const WORDS: Readonly<Record<keyof typeof LETTER_REASON, string>> = {
  rejected: 'rejected',
  expired: 'expired',
  maxlen: 'queue was full',
  delivery_limit: 'delivery limit',
  exhausted: 'tries used up',
  fatal: 'fatal error',
  unreadable: 'cannot be read',
};

/** A reason as people read it: "tries used up". */
export function reasonWords(reason: number): string {
  const found = Object.entries(LETTER_REASON).find(([, number]) => number === reason);
  return found ? WORDS[found[0] as keyof typeof LETTER_REASON] : '';
}
