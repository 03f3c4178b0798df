/** Longest seed that every stream mixes in as it is. */
const LONGEST_SEED = 500;

/**
 * The seed as the streams take it. Each of them, eight a node, mixes in the whole text; so a text of a hundred
 * thousand characters, which would hold up a large design for minutes, is condensed once to its length and 128 bits.
 */
export function seedKey(seed: string | number): string | number {
  if (typeof seed === 'number' || seed.length <= LONGEST_SEED) return seed;
  const lanes = Int32Array.of(0x811c9dc5, 0x01000193, 0x2545f491, 0x9e3779b9);
  const factors = Int32Array.of(0x01000193, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f);
  for (let i = 0; i < seed.length; i++) {
    for (let lane = 0; lane < 4; lane++) {
      lanes[lane] = Math.imul(lanes[lane] ^ seed.charCodeAt(i), factors[lane]);
      lanes[lane] ^= lanes[lane] >>> 15;
    }
  }
  return `text of ${seed.length}: ${lanes.join(' ')}`;
}
