import type { Columns } from './columns.ts';

const TWO_32 = 4294967296;

/**
 * A rolling 64-bit fingerprint of what a run did, in two 32-bit lanes that see the same words with different
 * multipliers. Equal runs have equal hashes on every engine, because only 32-bit integer arithmetic is used. Not
 * cryptographic.
 */
export class RollingHash {
  private readonly lanes: Int32Array;

  constructor(columns: Columns) {
    this.lanes = columns.i32(this, 'lanes', 2);
    this.lanes[0] = 0x6a09e667;
    this.lanes[1] = 0x3c6ef372;
  }

  /** Adds one event: an integer time from 0 to 2^53 and two 32-bit integers. */
  mix(time: number, a: number, b: number): void {
    const lanes = this.lanes;
    const timeHigh = (time * (1 / TWO_32)) | 0;
    const timeLow = time | 0;
    // What is mixed from the input alone overlaps with the chain of the previous event; that chain is two
    // multiplications side by side. Each step can be undone, so a difference in the state never dies out.
    const first = Math.imul(timeLow ^ Math.imul(a, 0x2c1b3c6d), 0x297a2d39);
    const second = Math.imul(b ^ (first >>> 16), 0x27d4eb2f) + Math.imul(timeHigh ^ a, 0x165667b1);
    const h = Math.imul(lanes[0] ^ first, 0x7feb352d);
    const l = Math.imul(lanes[1] ^ second, 0x846ca68b);
    const high = h ^ (l >>> 15);
    lanes[0] = high;
    lanes[1] = (l + ((high << 13) | (high >>> 19))) | 0;
  }

  /** Upper 32 bits, unsigned. */
  get high(): number {
    return this.lanes[0] >>> 0;
  }

  /** Lower 32 bits, unsigned. */
  get low(): number {
    return this.lanes[1] >>> 0;
  }

  /** The hash as 16 hexadecimal digits. */
  hex(): string {
    return this.high.toString(16).padStart(8, '0') + this.low.toString(16).padStart(8, '0');
  }
}
