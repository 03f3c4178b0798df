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

/** What each part of a case is drawn with; the whole number has no meaning but that no two are the same. */
export const SALTS = {
  services: 0x7f4a7c15,
  exchanges: 0x3c6ef35f,
  kafka: 0x2545f491,
  links: 0x3c6ef372,
  clouds: 0x0a72f0c3,
  routers: 0x3c2b1a09,
  guards: 0x1b873593,
  'crashes of callers': 0x5bd1e995,
  streams: 0x4cf5ad43,
  'readers of streams': 0x3ad8025f,
  'quotas of queues': 0x1f123bb5,
  subscriptions: 0x5851f42d,
  subjects: 0x2f9be6cc,
  'FIFO topics': 0x0d6e8feb,
  transactions: 0x71d67fff,
  clients: 0x64e6f3a7,
  clusters: 0x2c1b3c6d,
  'quotas of groups': 0x297a2d39,
  rabbit: 0x165667b1,
  ranks: 0x6c078965,
  'limits of queues': 0x2f0b4a27,
  disks: 0x369dea0f,
  members: 0x51ed270b,
  growth: 0x45d9f3b3,
  letters: 0x1c69b3f7,
  'lost logs': 0x6d2b79f1,
  'delays of retries': 0x4b1d9e37,
  'consumer timeouts': 0x2a65f1d9,
} as const;

/** Dice for one part of a case, so that what is drawn there moves nothing else and goes with nothing else. */
export function ownDice(seed: number, part: keyof typeof SALTS): Dice {
  return new Dice(seed ^ SALTS[part]);
}
