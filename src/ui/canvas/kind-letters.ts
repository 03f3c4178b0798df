import type { KindDefinition } from '../../kinds/kind.ts';

/** Letters with another meaning: B breaks, C connects, I is the inspector, T the table of figures. */
const RESERVED = ['b', 'c', 'i', 't'];

/**
 * A letter for each kind, lower case: the first free initial of the words of its name, else its first free letter.
 * Follows from the order of the registry, so a new kind at the end changes no letter that people know.
 */
export function kindLetters(kinds: readonly KindDefinition[]): Map<string, string> {
  const taken = new Set<string>(RESERVED);
  const letters = new Map<string, string>();
  for (const { kind, name } of kinds) {
    const words = name.toLowerCase().split(/[^a-z]+/);
    const candidates = [...words.map((word) => word[0] ?? ''), ...words.join('').split('')];
    const letter = candidates.find((one) => one !== '' && !taken.has(one));
    if (!letter) continue;
    taken.add(letter);
    letters.set(letter, kind);
  }
  return letters;
}
