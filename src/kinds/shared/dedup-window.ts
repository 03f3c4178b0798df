import type { Columns } from '../../lib/columns.ts';

const LEAST = 64;
/** Spreads consecutive numbers over the table. */
const SPREAD = 0x9e3779b1;

/**
 * The deduplication ids of the last while: an id counts from when it was first seen and is not renewed by a repetition.
 * A table that doubles when it is half full of ids that still count.
 */
export class DedupWindow {
  private ids = new Int32Array();
  /** When each was seen, in microseconds plus 1; 0 for a free place. */
  private times = new Float64Array();
  private used = 0;
  private readonly columns: Columns;
  private readonly window: number;

  constructor(columns: Columns, windowMicros: number) {
    this.columns = columns;
    this.window = windowMicros;
    columns.i32(this, 'ids', LEAST);
    columns.f64(this, 'times', LEAST);
    columns.scalars(this, ['used']);
  }

  /** Whether an id was seen within the window; if not, it is seen now. */
  repeats(id: number, now: number): boolean {
    const found = this.placeOf(id);
    if (this.times[found] > 0 && now - (this.times[found] - 1) < this.window) return true;
    if (this.times[found] === 0) this.used++;
    this.ids[found] = id;
    this.times[found] = now + 1;
    if (this.used * 2 > this.ids.length) this.rebuild(now);
    return false;
  }

  private placeOf(id: number): number {
    const mask = this.ids.length - 1;
    let at = (Math.imul(id, SPREAD) >>> 8) & mask;
    while (this.times[at] > 0 && this.ids[at] !== (id | 0)) at = (at + 1) & mask;
    return at;
  }

  /** Forgets what counts no more, in a table that is twice as large if that is not enough. */
  private rebuild(now: number): void {
    const ids = this.ids.slice();
    const times = this.times.slice();
    const isLive = (time: number) => time > 0 && now - (time - 1) < this.window;
    const live = times.reduce((count, time) => count + (isLive(time) ? 1 : 0), 0);
    if (live * 4 > ids.length) {
      this.columns.grow(this, 'ids', ids.length * 2);
      this.columns.grow(this, 'times', ids.length * 2);
    }
    this.times.fill(0);
    this.used = 0;
    times.forEach((time, at) => {
      if (!isLive(time)) return;
      const place = this.placeOf(ids[at]);
      this.ids[place] = ids[at];
      this.times[place] = time;
      this.used++;
    });
  }
}
