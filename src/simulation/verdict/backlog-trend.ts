import type { Columns } from '../../lib/columns.ts';
import { RateWindow, SLOTS, ratePerSecond, type RateBase } from '../rate-window.ts';

/** Readings of the watch to one of the long window, which so reaches back over a third of a run. */
const EVERY = 8;
/** Growth goes on where each half of a window has at least this share of what the whole of it has. */
const SHARE_OF_HALF = 0.25;

/** A window as a whole, and its newer half. */
export interface Halves {
  whole: RateBase;
  newer: RateBase;
}

/** The window of a counter, or so many microseconds of it, and the half of that which is nearer to now. */
export function halvesOf(window: RateWindow, now: number, micros?: number): Halves {
  const whole = window.base(now, micros);
  return { whole, newer: window.base(now, (whole.seconds * 1e6) / 2) };
}

/**
 * How fast a backlog changes over a window. Growth counts where it goes on: a burst that was handed over at once is over,
 * and what came after it says how the backlog moves now.
 */
export function steadyGrowth({ whole, newer }: Halves, index: number, backlog: number): number {
  const growth = ratePerSecond(whole, index, backlog);
  if (growth <= 0 || newer.seconds === 0 || newer.seconds >= whole.seconds) return growth;
  const late = ratePerSecond(newer, index, backlog);
  const early = (newer.counts[index] - whole.counts[index]) / (whole.seconds - newer.seconds);
  return Math.min(early, late) >= growth * SHARE_OF_HALF ? growth : Math.min(0, late);
}

/**
 * Backlogs over a longer time than the watch looks back: what grows or shrinks too slowly to stand out from chance in
 * a short window, as behind a hot key, still does so over a third of the run.
 */
export class BacklogTrend {
  private readonly window: RateWindow;
  private readings = 0;

  constructor(columns: Columns, nodes: number, spacingMicros: number) {
    this.window = new RateWindow(columns, nodes, spacingMicros * EVERY * (SLOTS - 2));
    columns.scalars(this, ['readings']);
  }

  /** Whenever the watch takes a reading. */
  read(now: number, nodes: number, backlog: (node: number) => number): void {
    if (this.readings++ % EVERY !== 0) return;
    const into = this.window.open();
    for (let node = 0; node < nodes; node++) into[node] = backlog(node);
    this.window.close(now);
  }

  halves(now: number): Halves {
    return halvesOf(this.window, now);
  }
}
