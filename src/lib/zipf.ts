import { assert } from './assert.ts';
import { exp, log } from './exact-math.ts';
import type { RandomStreams } from './random.ts';

/**
 * Zipf's law over the ranks 0 to n - 1: rank k is drawn with a weight of (k + 1)^-s. Exact, in constant memory and
 * time, by rejection-inversion (W. Hoermann and G. Derflinger, 1996): a point under the curve x^-s is drawn by
 * inverting its integral and rounded to the next integer, and kept if it lies in that integer's bar.
 */
export class Zipf {
  readonly n: number;
  readonly s: number;
  private readonly lowest: number;
  private readonly highest: number;
  /** Points this close below their integer always lie in the bar, which spares the test. */
  private readonly sure: number;

  /** 1 <= n <= 2^40 and 0 <= s <= 5; s = 0 is uniform. */
  constructor(n: number, s: number) {
    assert(Number.isInteger(n) && n >= 1 && n <= 1099511627776, 'n must be an integer from 1 to 2^40');
    assert(s >= 0 && s <= 5, 's must lie between 0 and 5');
    this.n = n;
    this.s = s;
    this.lowest = this.integral(1.5) - 1;
    this.highest = this.integral(n + 0.5);
    this.sure = 2 - this.inverse(this.integral(2.5) - this.weight(2));
  }

  /** One rank, 0 for the most frequent. */
  sample(streams: RandomStreams, stream: number): number {
    for (;;) {
      const area = this.highest + streams.uniform53(stream) * (this.lowest - this.highest);
      const x = this.inverse(area);
      const rank = Math.min(Math.max(Math.floor(x + 0.5), 1), this.n);
      if (rank - x <= this.sure || area >= this.integral(rank + 0.5) - this.weight(rank)) return rank - 1;
    }
  }

  private weight(x: number): number {
    return exp(-this.s * log(x));
  }

  /** Integral of t^-s from 1 to x: (x^(1-s) - 1) / (1 - s), and log x for s = 1, without a jump between the two. */
  private integral(x: number): number {
    const logarithm = log(x);
    return logarithm * expMinusOneRatio((1 - this.s) * logarithm);
  }

  private inverse(area: number): number {
    // Rounding can push the argument of the logarithm to -1 and below; there x is at its lower end anyway.
    return exp(area * logPlusOneRatio(Math.max(area * (1 - this.s), -1)));
  }
}

/** (e^x - 1) / x, by its series near 0. */
function expMinusOneRatio(x: number): number {
  if (Math.abs(x) > 1e-3) return (exp(x) - 1) / x;
  return 1 + (x / 2) * (1 + (x / 3) * (1 + (x / 4) * (1 + x / 5)));
}

/** log(1 + x) / x, by its series near 0. */
function logPlusOneRatio(x: number): number {
  if (Math.abs(x) > 1e-3) return log(1 + x) / x;
  return 1 - x * (1 / 2 - x * (1 / 3 - x * (1 / 4 - x * (1 / 5 - x / 6))));
}
