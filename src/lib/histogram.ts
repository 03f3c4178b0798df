import { assert } from './assert.ts';
import type { Columns } from './columns.ts';
import { LimitError } from './limit-error.ts';

/** Sub-buckets an octave: 2^6. A bucket is at most 1/64 of its values wide, or 1/32 between 64 and 127. */
const SUB_SHIFT = 6;
const SUB_COUNT = 1 << SUB_SHIFT;
/** Octaves of value + 64, from 2^6 to the one that holds the greatest value. */
const OCTAVES = 47;
/** Exponent bits of a double at the first octave. */
const FIRST_EXPONENT = 1023 + SUB_SHIFT;
/** Greatest value that can be recorded: any duration or size that is a safe integer, less 64. */
const MAX_VALUE = 9007199254740991 - SUB_COUNT;

const COUNT = 0;
const SUM = 1;
const MIN = 2;
const MAX = 3;

/** Most records of one bucket: counters have 32 bits. */
const MAX_COUNT = 4294967295;
/** Records that wait to be counted: 2 KB, so that they stay in the nearest cache. */
const BUFFERED = 128;

/** One double seen as two words; the upper word has index 1. Scratch space, never state. */
const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/**
 * Many histograms of integers >= 0 (microseconds, bytes) with buckets that widen with the value: 0 to 63 exact,
 * quantiles within 0.8 %. A histogram has counters only for octaves that it has seen, in pages of 64 from a
 * shared pool, so thousands of narrow ones stay small. Adding 64 to the value makes the exact range an octave
 * like the others, so that recording needs no case distinction.
 *
 * Pages of 64 instead of 128 counters made `pipe` (a thousand histograms) 10 % faster: more of them fit in the
 * cache. Records are counted in batches, so that the processor can wait for several of them at once; that gained
 * about 2 %, no more than the noise. Whoever reads counts what waits first, so nobody can tell.
 */
export class Histograms {
  readonly length: number;
  private readonly columns: Columns;
  /** Count, sum, least, greatest of each histogram. */
  private readonly summaries!: Float64Array;
  /** Page of each octave of each histogram; 0 for none. */
  private readonly directory!: Int32Array;
  /** Page 0 stays empty. A free page holds the next free one in its first counter and zeros elsewhere. */
  private readonly counters!: Uint32Array;
  private pageCount = 1;
  private freePage = 0;
  /** Pairs of histogram and value that are not counted yet. */
  private readonly buffer!: Float64Array;
  private buffered = 0;

  constructor(columns: Columns, count: number) {
    this.length = count;
    this.columns = columns;
    columns.f64(this, 'summaries', count * 4);
    columns.i32(this, 'directory', count * OCTAVES);
    columns.u32(this, 'counters', SUB_COUNT * Math.max(16, Math.min(count + 1, 1024)));
    columns.f64(this, 'buffer', BUFFERED * 2);
    columns.scalars(this, ['pageCount', 'freePage', 'buffered']);
    for (let i = 0; i < count; i++) this.clearSummary(i);
  }

  /** Adds one value, an integer from 0 to 2^53 - 65. */
  record(index: number, value: number): void {
    if (!(value >= 0 && value <= MAX_VALUE)) refuse(value);
    const buffer = this.buffer;
    const at = this.buffered;
    buffer[at] = index;
    buffer[at + 1] = value;
    this.buffered = at + 2;
    if (at === BUFFERED * 2 - 2) this.flush();
  }

  /** Counts the records that wait. Reading does so by itself; a run does it where it can still report a limit. */
  flush(): void {
    const { buffer, buffered, summaries } = this;
    this.buffered = 0;
    for (let i = 0; i < buffered; i += 2) {
      const index = buffer[i] | 0;
      const value = buffer[i + 1];
      double[0] = value + SUB_COUNT;
      const high = words[1];
      const place = index * OCTAVES + (high >>> 20) - FIRST_EXPONENT;
      const page = this.directory[place] || this.addPage(place);
      const counter = (page << SUB_SHIFT) + ((high >>> (20 - SUB_SHIFT)) & (SUB_COUNT - 1));
      if (++this.counters[counter] === 0) refuseCount();
      const at = index << 2;
      summaries[at] += 1;
      summaries[at + SUM] += value;
      if (value < summaries[at + MIN]) summaries[at + MIN] = value;
      if (value > summaries[at + MAX]) summaries[at + MAX] = value;
    }
    // Left as new, so that two runs in the same state are equal in every column.
    buffer.fill(0, 0, buffered);
  }

  count(index: number): number {
    if (this.buffered > 0) this.flush();
    return this.summaries[index * 4 + COUNT];
  }

  sum(index: number): number {
    if (this.buffered > 0) this.flush();
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
   * The value below or at which a share q of the records lies: the middle of the bucket of that rank, kept between
   * least and greatest. Never falls as q grows. NaN if nothing was recorded.
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
        seen += this.counters[base + sub];
        if (seen >= rank) return Math.min(Math.max(middle(octave, sub), least), greatest);
      }
    }
    return greatest;
  }

  /** Empties one histogram and gives its pages back. */
  reset(index: number): void {
    if (this.buffered > 0) this.flush();
    for (let at = index * OCTAVES; at < (index + 1) * OCTAVES; at++) {
      const page = this.directory[at];
      if (page === 0) continue;
      this.directory[at] = 0;
      this.counters.fill(0, page << SUB_SHIFT, (page + 1) << SUB_SHIFT);
      this.counters[page << SUB_SHIFT] = this.freePage;
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
    if (this.buffered > 0) this.flush();
    for (let octave = 0; octave < OCTAVES; octave++) {
      const source = this.directory[from * OCTAVES + octave] << SUB_SHIFT;
      if (source === 0) continue;
      const at = into * OCTAVES + octave;
      const target = (this.directory[at] || this.addPage(at)) << SUB_SHIFT;
      for (let sub = 0; sub < SUB_COUNT; sub++) this.counters[target + sub] += this.counters[source + sub];
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

  /** Takes a page of zeros for an entry of the directory. */
  private addPage(at: number): number {
    let page = this.freePage;
    if (page === 0) {
      page = this.pageCount;
      const needed = (page + 1) << SUB_SHIFT;
      if (needed > this.counters.length) this.columns.grow(this, 'counters', this.counters.length * 2);
      this.pageCount = page + 1;
    } else {
      this.freePage = this.counters[page << SUB_SHIFT];
      this.counters[page << SUB_SHIFT] = 0;
    }
    this.directory[at] = page;
    return page;
  }
}

/** Middle of a bucket of integers: exact where it holds only one. */
function middle(octave: number, sub: number): number {
  words[0] = 0;
  words[1] = (octave + FIRST_EXPONENT) << 20;
  const width = double[0] / SUB_COUNT;
  return (SUB_COUNT + sub) * width - SUB_COUNT + (width - 1) / 2;
}

function refuseCount(): never {
  throw new LimitError('records in one bucket of a histogram', MAX_COUNT + 1, MAX_COUNT);
}

function refuse(value: number): never {
  throw new RangeError(`a histogram takes values from 0 to ${MAX_VALUE}, not ${value}`);
}
