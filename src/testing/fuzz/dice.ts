/**
 * The fuzzer's own source of chance (mulberry32 of Tommy Ettinger), so that a fault in the random streams under test
 * cannot hide behind the designs that it draws.
 */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed ^ 0x5bf03635, 0x9e3779b1);
    for (let i = 0; i < 4; i++) this.next();
  }

  /** A whole number from 0 to n - 1. */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** Each item with a chance of one half, but at least one. */
  some<T>(items: readonly T[]): T[] {
    const kept = items.filter(() => this.chance(0.5));
    return kept.length > 0 ? kept : [this.pick(items)];
  }

  shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, at: this.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  }

  private next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let x = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  }
}
