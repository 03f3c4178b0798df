import { distance } from 'fastest-levenshtein';

/** Another name is meant if no more than one in so many of its letters is wrong. */
const LETTERS_A_SLIP = 3;

/** Which of some names is meant by one that is none of them, such as "serviceTime" by "servicetime"; null for none. */
export function meantName(written: string, names: readonly string[]): string | null {
  const slips = (name: string) => distance(written.toLowerCase(), name.toLowerCase());
  const near = names.toSorted((a, b) => slips(a) - slips(b)).at(0);
  return near && slips(near) * LETTERS_A_SLIP <= near.length ? near : null;
}
