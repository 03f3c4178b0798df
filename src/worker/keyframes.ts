import type { RunSnapshot } from '../simulation/run.ts';

/** State of a run on the way, to go back to. */
export interface Keyframe {
  atMs: number;
  /** Events processed, and what it costs to come here from the start: see `Keyframes`. */
  events: number;
  cost: number;
  /** Interventions that are part of the state, and rows of the trace handed out before it. */
  interventions: number;
  traceRows: number;
  snapshot: RunSnapshot;
}

/** How much the keyframes of a run may take. */
export interface KeyframeLimits {
  /** Memory of all of them together. */
  bytes: number;
  count: number;
  /** Cost between two of them while there is room, in events. */
  spacing: number;
}

/**
 * A sixth of what a run itself may hold, or some 250 keyframes of a usual design. 150,000 events take 40 to 200 ms, less than anybody waits for; a copy takes 0.3 ms.
 */
export const KEYFRAME_LIMITS: KeyframeLimits = { bytes: 256 * 1024 * 1024, count: 400, spacing: 150_000 };

/** A large state is kept less often, so that copying takes 2 to 4 % of the time of a run (`bench/seek-table.ts`). */
const BYTES_PER_EVENT = 16;
/** A stretch this share of the whole away counts twice as near as the present when one has to go. */
const NEAR_SHARE = 1 / 8;

/**
 * Keyframes spaced by the cost of coming from one to the next, which is all that a seek takes. When the memory that
 * they may have is full, the one goes that is missed least: the stretch it leaves behind is short, or far from the
 * present. So stretches grow with their distance, and a seek close by is quick however long the run is, while one to
 * anywhere runs a few hundredths of the whole.
 */
export class Keyframes {
  /** In order of place; the first is the start of the run and stays. */
  list: Keyframe[] = [];
  bytes = 0;
  private readonly limits: KeyframeLimits;
  /** Where one was due and found no room. */
  private skippedAt = -Infinity;

  constructor(limits: KeyframeLimits) {
    this.limits = limits;
  }

  /** The cost at which a keyframe of so many bytes is due next, at least `cost`; those ahead are counted. */
  due(cost: number, bytes: number): number {
    const spacing = Math.max(this.limits.spacing, bytes / BYTES_PER_EVENT);
    const before = this.list.findLastIndex((keyframe) => keyframe.cost <= cost);
    let last = before < 0 ? -Infinity : this.list[before].cost;
    if (this.skippedAt <= cost) last = Math.max(last, this.skippedAt);
    for (let at = before + 1; at < this.list.length; at++) {
      if (this.list[at].cost > last + spacing * 1.5) break;
      last = this.list[at].cost;
    }
    return Math.max(cost, last + spacing);
  }

  /** Makes room for a keyframe; false, and none is to be added, if it is too large. The first always has room. */
  makeRoom(cost: number, bytes: number): boolean {
    const { limits, list } = this;
    if (list.length === 0) return true;
    if (limits.count < 2 || list[0].snapshot.bytes + bytes > limits.bytes) {
      this.skippedAt = cost;
      return false;
    }
    while (this.bytes + bytes > limits.bytes || list.length >= limits.count) this.dropOne(cost);
    return true;
  }

  /** Adds one at its place. */
  add(keyframe: Keyframe): void {
    const before = this.list.findLastIndex((candidate) => candidate.cost <= keyframe.cost);
    this.list.splice(before + 1, 0, keyframe);
    this.bytes += keyframe.snapshot.bytes;
  }

  /** The latest at or before a time; the first if there is none. */
  before(atMs: number): Keyframe {
    return this.list.findLast((keyframe) => keyframe.atMs <= atMs) ?? this.list[0];
  }

  /** Forgets those after a place, or with more interventions: another future begins there. */
  dropAfter(cost: number, interventions: number): void {
    const isPast = (keyframe: Keyframe) => keyframe.cost <= cost && keyframe.interventions <= interventions;
    const keep = this.list.findLastIndex(isPast) + 1;
    for (const { snapshot } of this.list.splice(Math.max(1, keep))) this.bytes -= snapshot.bytes;
    if (this.skippedAt > cost) this.skippedAt = -Infinity;
  }

  /** Drops any but the first. */
  private dropOne(presentCost: number): void {
    const { list } = this;
    const end = Math.max(presentCost, list[list.length - 1].cost);
    let missedLeast = 1;
    let least = Infinity;
    for (let at = 1; at < list.length; at++) {
      const stretch = (list[at + 1]?.cost ?? end) - list[at - 1].cost;
      const distance = Math.abs(presentCost - list[at].cost);
      const missed = stretch / (end * NEAR_SHARE + distance);
      if (missed >= least) continue;
      least = missed;
      missedLeast = at;
    }
    const [dropped] = list.splice(missedLeast, 1);
    this.bytes -= dropped.snapshot.bytes;
  }
}
