import { assert } from './assert.ts';
import type { Columns } from './columns.ts';
import { LimitError } from './limit-error.ts';

/** Sub-buckets an octave: 2^5. A bucket is at most 1/32 of its values wide, or 1/16 between 32 and 63. */
const SUB_SHIFT = 5;
const SUB_COUNT = 1 << SUB_SHIFT;
/** Octaves of value + 32, from 2^5 to the one that holds the greatest value. */
const OCTAVES = 48;
/** Exponent bits of a double at the first octave. */
const FIRST_EXPONENT = 1023 + SUB_SHIFT;
/** Greatest value that can be recorded: any duration or size that is a safe integer, less 32. */
const MAX_VALUE = 9007199254740991 - SUB_COUNT;

const COUNT = 0;
const SUM = 1;
const MIN = 2;
const MAX = 3;

/** Records of one bucket until its low counter runs over, how often that may be, and most of all. */
const LOW = 256;
const MAX_CARRIES = 4294967295;
const MAX_COUNT = LOW * MAX_CARRIES + LOW - 1;

/** One double seen as two words; the upper word has index 1. Scratch space, never state. */
const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/**
 * Many histograms of integers >= 0 (microseconds, bytes) with buckets that widen with the value: 0 to 31 exact,
 * quantiles within 1.6 %, and much closer where a bucket holds many records, as they are taken to lie evenly in it. A
 * histogram has counters only for octaves that it has seen, in pages of 32 from a shared pool, so thousands of narrow
 * ones stay small. Adding 32 to the value makes the exact range an octave like the others, so that recording needs no
 * case distinction.
 *
 * Small pages matter where there are many histograms: for `pipe`, with a thousand, pages of 32 instead of 64 counters
 * gained 10 %, and low counters of one byte, so that a page is half a cache line, another 13 %. Counting in batches,
 * so that the processor waits for the memory of several at once, gained nothing.
 */
export class Histograms {
  readonly length: number;
  private readonly columns: Columns;
  /** Count, sum, least, greatest of each histogram. */
  private readonly summaries = new Float64Array();
  /** Page of each octave of each histogram; 0 for none. */
  private readonly directory = new Int32Array();
  /**
   * How often each bucket was met: the lowest eight bits, and what ran over. Page 0 stays empty. A free page holds the
   * next free one in its first high counter and zeros elsewhere.
   */
  private readonly lows = new Uint8Array();
  private readonly highs = new Uint32Array();
  private pageCount = 1;
  private freePage = 0;

  constructor(columns: Columns, count: number) {
    this.length = count;
    this.columns = columns;
    columns.f64(this, 'summaries', count * 4);
    columns.i32(this, 'directory', count * OCTAVES);
    const room = SUB_COUNT * Math.max(16, Math.min(count + 1, 1024));
    columns.u8(this, 'lows', room);
    columns.u32(this, 'highs', room);
    columns.scalars(this, ['pageCount', 'freePage']);
    for (let i = 0; i < count; i++) this.clearSummary(i);
  }

  /** Adds one value, an integer from 0 to 2^53 - 33. */
  record(index: number, value: number): void {
    if (!(value >= 0 && value <= MAX_VALUE)) refuse(value);
    double[0] = value + SUB_COUNT;
    const high = words[1];
    const place = (Math.imul(index, OCTAVES) + (high >>> 20) - FIRST_EXPONENT) | 0;
    const page = this.directory[place] || this.addPage(place);
    const { lows, summaries } = this;
    const counter = (page << SUB_SHIFT) | ((high >>> (20 - SUB_SHIFT)) & (SUB_COUNT - 1));
    const count = lows[counter] + 1;
    lows[counter] = count;
    if (count === LOW) this.carry(counter);
    const at = index << 2;
    summaries[at] += 1;
    summaries[at | SUM] += value;
    if (value < summaries[at | MIN]) summaries[at | MIN] = value;
    if (value > summaries[at | MAX]) summaries[at | MAX] = value;
  }

  count(index: number): number {
    return this.summaries[index * 4 + COUNT];
  }

  sum(index: number): number {
    return this.summaries[index * 4 + SUM];
  }

  /** Least value recorded, exact; NaN if there is none. */
  min(index: number): number {
    return this.count(index) === 0 ? NaN : this.summaries[index * 4 + MIN];
  }

  /** Greatest value recorded, exact; NaN if there is none. */
  max(index: number): number {
    return this.count(index) === 0 ? NaN : this.summaries[index * 4 + MAX];
  }

  /** Exact mean; NaN if there is none. */
  mean(index: number): number {
    return this.sum(index) / this.count(index);
  }

  /**
   * The value below or at which a share q of the records lies, as if those of one bucket lay evenly in it, kept
   * between least and greatest. Never falls as q grows. NaN if nothing was recorded.
   */
  quantile(index: number, q: number): number {
    assert(q >= 0 && q <= 1, 'a quantile lies between 0 and 1');
    const count = this.count(index);
    if (count === 0) return NaN;
    const least = this.min(index);
    const greatest = this.max(index);
    // A share such as 0.07 of 100 is a hair above 7; it means rank 7.
    const rank = Math.ceil(q * count * (1 - 1e-15));
    if (rank <= 1) return least;
    if (rank >= count) return greatest;
    let seen = 0;
    for (let octave = 0; octave < OCTAVES; octave++) {
      const page = this.directory[index * OCTAVES + octave];
      if (page === 0) continue;
      const base = page << SUB_SHIFT;
      for (let sub = 0; sub < SUB_COUNT; sub++) {
        const inBucket = this.counted(base + sub);
        if (seen + inBucket >= rank) {
          const value = within(octave, sub, (rank - seen - 0.5) / inBucket);
          return Math.min(Math.max(value, least), greatest);
        }
        seen += inBucket;
      }
    }
    return greatest;
  }

  /** Empties one histogram and gives its pages back. */
  reset(index: number): void {
    for (let at = index * OCTAVES; at < (index + 1) * OCTAVES; at++) {
      const page = this.directory[at];
      if (page === 0) continue;
      this.directory[at] = 0;
      this.lows.fill(0, page << SUB_SHIFT, (page + 1) << SUB_SHIFT);
      this.highs.fill(0, page << SUB_SHIFT, (page + 1) << SUB_SHIFT);
      this.highs[page << SUB_SHIFT] = this.freePage;
      this.freePage = page;
    }
    this.clearSummary(index);
  }

  /** Empties all histograms. */
  clear(): void {
    for (let i = 0; i < this.length; i++) if (this.count(i) > 0) this.reset(i);
  }

  /** Adds all records of `from` to `into`; `from` stays as it is. */
  merge(into: number, from: number): void {
    assert(into !== from, 'a histogram cannot be merged into itself');
    for (let octave = 0; octave < OCTAVES; octave++) {
      const source = this.directory[from * OCTAVES + octave] << SUB_SHIFT;
      if (source === 0) continue;
      const at = into * OCTAVES + octave;
      const target = (this.directory[at] || this.addPage(at)) << SUB_SHIFT;
      for (let sub = 0; sub < SUB_COUNT; sub++) {
        const sum = this.counted(target + sub) + this.counted(source + sub);
        if (sum > MAX_COUNT) refuseCount();
        this.lows[target + sub] = sum;
        this.highs[target + sub] = Math.floor(sum / LOW);
      }
    }
    const summaries = this.summaries;
    summaries[into * 4 + COUNT] += summaries[from * 4 + COUNT];
    summaries[into * 4 + SUM] += summaries[from * 4 + SUM];
    summaries[into * 4 + MIN] = Math.min(summaries[into * 4 + MIN], summaries[from * 4 + MIN]);
    summaries[into * 4 + MAX] = Math.max(summaries[into * 4 + MAX], summaries[from * 4 + MAX]);
  }

  private clearSummary(index: number): void {
    this.summaries[index * 4 + COUNT] = 0;
    this.summaries[index * 4 + SUM] = 0;
    this.summaries[index * 4 + MIN] = Infinity;
    this.summaries[index * 4 + MAX] = -Infinity;
  }

  /** Records of one bucket. */
  private counted(counter: number): number {
    return this.highs[counter] * LOW + this.lows[counter];
  }

  /** The low counter of a bucket has run over. */
  private carry(counter: number): void {
    if (this.highs[counter] === MAX_CARRIES) refuseCount();
    this.highs[counter]++;
  }

  /** Takes a page of zeros for an entry of the directory. */
  private addPage(at: number): number {
    let page = this.freePage;
    if (page === 0) {
      page = this.pageCount;
      const needed = (page + 1) << SUB_SHIFT;
      if (needed > this.lows.length) {
        this.columns.grow(this, 'lows', this.lows.length * 2);
        this.columns.grow(this, 'highs', this.highs.length * 2);
      }
      this.pageCount = page + 1;
    } else {
      this.freePage = this.highs[page << SUB_SHIFT];
      this.highs[page << SUB_SHIFT] = 0;
    }
    this.directory[at] = page;
    return page;
  }
}

/** The place at a share, 0 to 1, of a bucket of integers: exact where it holds only one. */
function within(octave: number, sub: number, share: number): number {
  words[0] = 0;
  words[1] = (octave + FIRST_EXPONENT) << 20;
  const width = double[0] / SUB_COUNT;
  const first = (SUB_COUNT + sub) * width - SUB_COUNT;
  return Math.min(Math.max(first, first - 0.5 + share * width), first + width - 1);
}

function refuseCount(): never {
  throw new LimitError('records in one bucket of a histogram', MAX_COUNT + 1, MAX_COUNT);
}

function refuse(value: number): never {
  throw new RangeError(`a histogram takes values from 0 to ${MAX_VALUE}, not ${value}`);
}
