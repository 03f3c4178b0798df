import type { Columns } from './columns.ts';
import { EXPONENTIAL, NORMAL } from './ziggurat-tables.ts';
import { exp, log } from './exact-math.ts';

const TWO_POW_MINUS_32 = 1 / 4294967296;
const TWO_POW_MINUS_53 = 1 / 9007199254740992;

/**
 * Independent streams of random numbers (sfc32 of Chris Doty-Humphrey, 128 bits of state each), all in one column.
 * A stream depends on its seed, owner and purpose alone, so adding a node leaves the draws of the others as they
 * were. Only integer and exact arithmetic: every engine draws the same.
 */
export class RandomStreams {
  /** Four words a stream. */
  private readonly state: Int32Array;

  constructor(columns: Columns, count: number) {
    this.state = columns.i32(this, 'state', count * 4);
    for (let stream = 0; stream < count; stream++) this.seed(stream, 0, '', String(stream));
  }

  /** Starts a stream from the three strings that name it; equal strings give equal draws. */
  seed(stream: number, seed: string | number, owner: string, purpose: string): void {
    const state = this.state;
    const at = stream * 4;
    const words = mixWords([String(seed), owner, purpose]);
    for (let i = 0; i < 4; i++) state[at + i] = words[i];
    for (let i = 0; i < 16; i++) this.u32(stream);
  }

  /** The next 32 random bits, unsigned. */
  u32(stream: number): number {
    return this.next(stream) >>> 0;
  }

  /** Uniform in [0, 1) on the grid of 2^-32: one draw, fine for any probability that a person types. */
  uniform(stream: number): number {
    return (this.next(stream) >>> 0) * TWO_POW_MINUS_32;
  }

  /** Uniform in [0, 1) on the grid of 2^-53: two draws, for tails and very large ranges. */
  uniform53(stream: number): number {
    const high = this.next(stream) >>> 5;
    const low = this.next(stream) >>> 6;
    return (high * 67108864 + low) * TWO_POW_MINUS_53;
  }

  /** Uniform integer in [0, n), 1 <= n <= 2^32, without bias: draws from the incomplete last round are repeated. */
  below(stream: number, n: number): number {
    const draw = this.next(stream) >>> 0;
    // The incomplete round is less than n long, so a draw further than n from the end needs no closer look. Both
    // sides of the remainder are told to be 32-bit: with remainders of doubles a draw took twice as long.
    if (draw < 4294967296 - n) return draw % (n >>> 0);
    return this.belowRest(stream, n, draw);
  }

  /**
   * Exponential with mean 1 by the ziggurat: 98.9 % of the draws take one look-up, one multiplication, one test. The
   * plus tells V8 that the rare draw is a number too; without it each draw was put into an object of its own on the
   * heap, 3 % of a kernel's time.
   */
  exponential(stream: number): number {
    const draw = this.next(stream) >>> 0;
    // The layer takes the low 8 bits, the place within it all 32: their overlap is below the grid of 24 bits.
    const layer = draw & 255;
    const x = draw * EXPONENTIAL.width[layer];
    return x < EXPONENTIAL.edge[layer] ? x : +this.exponentialRest(stream, layer, x);
  }

  /** Standard normal by the ziggurat. */
  normal(stream: number): number {
    const draw = this.next(stream);
    const layer = draw & 255;
    const x = draw * NORMAL.width[layer];
    return Math.abs(x) < NORMAL.edge[layer] ? x : +this.normalRest(stream, layer, x);
  }

  private belowRest(stream: number, n: number, first: number): number {
    const limit = 4294967296 - (4294967296 % n);
    let draw = first;
    while (draw >= limit) draw = this.next(stream) >>> 0;
    return draw % n;
  }

  private exponentialRest(stream: number, layer: number, x: number): number {
    const { edge, height, width, tail } = EXPONENTIAL;
    for (;;) {
      if (layer === 255) return tail - log(1 - this.uniform53(stream));
      const y = height[layer + 1] + (height[layer] - height[layer + 1]) * this.uniform53(stream);
      if (y < exp(-x)) return x;
      const draw = this.next(stream) >>> 0;
      layer = draw & 255;
      x = draw * width[layer];
      if (x < edge[layer]) return x;
    }
  }

  private normalRest(stream: number, layer: number, x: number): number {
    const { edge, height, width, tail } = NORMAL;
    for (;;) {
      if (layer === 255) {
        const far = this.normalTail(stream, tail);
        return x < 0 ? -far : far;
      }
      const y = height[layer + 1] + (height[layer] - height[layer + 1]) * this.uniform53(stream);
      if (y < exp(-0.5 * x * x)) return x;
      const draw = this.next(stream);
      layer = draw & 255;
      x = draw * width[layer];
      if (Math.abs(x) < edge[layer]) return x;
    }
  }

  /** A normal draw beyond `tail`, by Marsaglia's rejection from a shifted exponential. */
  private normalTail(stream: number, tail: number): number {
    for (;;) {
      const x = -log(1 - this.uniform53(stream)) / tail;
      const y = -log(1 - this.uniform53(stream));
      if (y + y > x * x) return tail + x;
    }
  }

  /** One step of sfc32: a sum, then shifts and a rotation of the other words, then the counter. */
  private next(stream: number): number {
    const state = this.state;
    const at = stream << 2;
    const b = state[at | 1];
    const c = state[at | 2];
    const counter = state[at | 3];
    const out = (state[at] + b + counter) | 0;
    state[at] = b ^ (b >>> 9);
    state[at | 1] = (c + (c << 3)) | 0;
    state[at | 2] = (((c << 21) | (c >>> 11)) + out) | 0;
    state[at | 3] = (counter + 1) | 0;
    return out;
  }
}

/**
 * 128 well-mixed bits of a list of strings. Every code unit and the end of every string goes through all four
 * lanes, so ("a", "bc") and ("ab", "c") differ, and so do the seeds 1 and 2 in about half of the bits.
 */
function mixWords(strings: readonly string[]): Int32Array {
  const lanes = Int32Array.of(0x243f6a88, 0x85a308d3 | 0, 0x13198a2e, 0x03707344);
  for (const text of strings) {
    for (let i = 0; i < text.length; i++) absorb(lanes, text.charCodeAt(i) + 1);
    absorb(lanes, 0);
  }
  for (let i = 0; i < 4; i++) absorb(lanes, i);
  return lanes.map(finish);
}

function absorb(lanes: Int32Array, word: number): void {
  let carry = word;
  for (let i = 0; i < 4; i++) {
    carry = Math.imul(lanes[i] ^ carry, 0x9e3779b1 | 0);
    carry ^= carry >>> 15;
    carry = Math.imul(carry + i, 0x85ebca77 | 0);
    carry ^= carry >>> 13;
    lanes[i] = carry;
  }
}

/** A bijection on 32 bits in which every input bit flips each output bit with a chance near one half. */
function finish(word: number): number {
  let x = word ^ (word >>> 16);
  x = Math.imul(x, 0x21f0aaad);
  x ^= x >>> 15;
  x = Math.imul(x, 0x735a2d97);
  return x ^ (x >>> 15);
}
