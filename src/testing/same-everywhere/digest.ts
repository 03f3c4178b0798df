/** A 32-bit fingerprint (FNV-1a) of texts and doubles, in integer arithmetic that every engine agrees on. */
export class Digest {
  private hash = 0x811c9dc5;
  private readonly double = new Float64Array(1);
  private readonly words = new Int32Array(this.double.buffer);

  text(text: string): this {
    for (let i = 0; i < text.length; i++) this.word(text.charCodeAt(i));
    return this;
  }

  /** Every bit of each value counts, the sign of a zero too; only the bits of a NaN are the engine's own affair. */
  doubles(values: Iterable<number>): this {
    for (const value of values) {
      this.double[0] = value;
      const isNaN = value !== value;
      this.word(isNaN ? 0x7ff80000 : this.words[0]);
      this.word(isNaN ? 0 : this.words[1]);
    }
    return this;
  }

  /** 8 hexadecimal digits. */
  hex(): string {
    return (this.hash >>> 0).toString(16).padStart(8, '0');
  }

  private word(word: number): void {
    this.hash = Math.imul(this.hash ^ word, 0x01000193);
    this.hash ^= this.hash >>> 15;
  }
}
