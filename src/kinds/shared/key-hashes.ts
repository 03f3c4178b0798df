import { murmur2 } from '../../lib/murmur2.ts';

const FIRST_SIZE = 1024;

/**
 * Hashes of 32 bits of the keys `key-0`, `key-1`, …, each computed when it is first asked for: murmur2, as Kafka has
 * it, unless another is given. Not part of the state of a run: a hash depends on the key alone.
 */
export class KeyHashes {
  private hashes = new Int32Array(FIRST_SIZE);
  private readonly hashOf: (key: string) => number;

  constructor(hashOf: (key: string) => number = (key) => murmur2(asciiBytes(key))) {
    this.hashOf = hashOf;
  }

  /** Signed, whatever the hash is. Keys are below 1,000,000, so the table is at most 4 MB. */
  of(key: number): number {
    if (key >= this.hashes.length) this.growTo(key + 1);
    // A hash that is 0 is computed anew each time: one key in four thousand million.
    if (this.hashes[key] === 0) this.hashes[key] = this.hashOf(`key-${key}`);
    return this.hashes[key];
  }

  private growTo(size: number): void {
    let length = this.hashes.length;
    while (length < size) length *= 2;
    const grown = new Int32Array(length);
    grown.set(this.hashes);
    this.hashes = grown;
  }
}

/** By hand, as `TextEncoder` belongs to browsers and Node, not to the language. */
function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
