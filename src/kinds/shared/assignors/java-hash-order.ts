const SMALLEST_TABLE = 16;

/** `String.hashCode` of Java: 31 h + c over the UTF-16 code units, in 32 bits. */
export function javaStringHash(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
}

/**
 * Places of keys in the order in which `java.util.HashMap` walks them, from their hash codes in the order of insertion
 * (java.util.HashMap: a table of a power of two, grown when three quarters full; the upper half of a hash folded into
 * the lower). Kafka's sticky assignors walk such a map, so who keeps one partition more depends on this order. The
 * table never shrinks again: `most` is how many keys the map held at its fullest.
 */
export function javaHashOrder(hashes: readonly number[], most = hashes.length): number[] {
  let table = SMALLEST_TABLE;
  while (most > table * 0.75) table *= 2;
  const bucket = (hash: number) => (hash ^ (hash >>> 16)) & (table - 1);
  return hashes.map((_, place) => place).sort((a, b) => bucket(hashes[a]) - bucket(hashes[b]) || a - b);
}
