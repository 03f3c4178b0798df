const SEED = 0x9747b28c | 0;
const MULTIPLIER = 0x5bd1e995;

function scramble(word: number): number {
  const product = Math.imul(word, MULTIPLIER);
  return Math.imul(product ^ (product >>> 24), MULTIPLIER);
}

/**
 * The 32-bit murmur2 hash with Kafka's seed, signed as in Java. It goes over the serialized key: UTF-8 for text.
 * An empty key is a key like any other.
 */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.length;
  const whole = length & ~3;
  let hash = SEED ^ length;
  for (let i = 0; i < whole; i += 4) {
    const word = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    hash = Math.imul(hash, MULTIPLIER) ^ scramble(word);
  }
  if (length > whole) {
    for (let i = length - 1; i >= whole; i--) hash ^= bytes[i] << ((i - whole) << 3);
    hash = Math.imul(hash, MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

/** Partition of a key by its hash, as Kafka's default partitioner does it: the sign bit is cleared, not negated. */
export function partitionForKey(hash: number, partitions: number): number {
  return (hash & 0x7fffffff) % partitions;
}
