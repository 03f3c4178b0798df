import type { TraceRow } from '../simulation/run.ts';

/** Rows kept; beyond it the oldest go. */
const MOST_ROWS = 20_000;

/**
 * The trace of a run that goes to and fro. Rows are numbered from the start of the run, and those of a stretch that
 * was left by going back are kept, so that they can be handed out again without being made again. A reader counts
 * what it was given.
 */
export class TraceLog {
  /** Rows before this number are of the past of the run, the others of the future that was noted. */
  position = 0;
  private rows: TraceRow[] = [];
  /** Number of the first row kept. */
  private first = 0;
  /** Number of the next row for the reader, and of the row that it counts as its first. */
  private next = 0;
  private counted = 0;
  /** Before this number the reader's count has a hole: rows went before it came. */
  private holeEnd = 0;

  /** Rows of the stretch that was run last; where they were known they are the same. */
  add(rows: readonly TraceRow[]): void {
    for (const row of rows) this.rows[this.position++ - this.first] = row;
    const over = this.rows.length - MOST_ROWS;
    // By halves, so that a row costs the same however many there are; never what is still to come.
    if (over > MOST_ROWS / 2 && this.position - this.first >= over) {
      this.rows = this.rows.slice(over);
      this.first += over;
    }
  }

  /** The noted future will not come. */
  forgetFuture(): void {
    this.rows.length = Math.max(0, this.position - this.first);
  }

  /** Rows up to the present that the reader does not have. */
  take(): TraceRow[] {
    if (this.next < this.first) {
      this.counted += this.first - this.next;
      this.next = this.holeEnd = this.first;
    }
    const rows = this.rows.slice(this.next - this.first, this.position - this.first);
    this.next += rows.length;
    return rows;
  }

  /** The run stands somewhere else; returns how many of the rows that the reader has are of its past. */
  goTo(position: number): number {
    this.position = position;
    if (position < this.first || position > this.first + this.rows.length) {
      this.rows = [];
      this.first = position;
    }
    if (position < this.holeEnd) this.next = this.counted = this.holeEnd = this.first;
    this.next = Math.min(this.next, position);
    return this.next - this.counted;
  }
}
