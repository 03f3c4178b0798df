/** One row of integers a queue, so that a message touches one line of the cache for them. */
export const ROW_SHIFT = 3;
export const INT = {
  capacity: 0,
  overflow: 1,
  /** Messages delivered and neither acknowledged nor given back. */
  unacknowledged: 2,
  /** Edges to consumers that may have a free worker; where the next round among them starts; the end of them. */
  hungryEdges: 3,
  turn: 4,
  end: 5,
  /** Number of the next arrival, for those at one instant. */
  arrivals: 6,
  /** Bits of `EXTRA`: 0 for a queue that is one line, first in, first out, and nothing else. */
  extras: 7,
} as const;

/** What a queue does beside keeping one line. */
export const EXTRA = {
  /** Its messages lie in `lines`. */
  lines: 1,
  /** Messages may expire. */
  expiry: 2,
  /** Dead letters may come back to where they died. */
  circles: 4,
  /** It counts how often a message comes back. */
  returns: 8,
  /** The bytes in it count, towards its limit or the memory of the broker. */
  weighed: 16,
  /** It was full, and is not open again: its machine has to hear of every message that leaves. */
  full: 32,
  /** It has a limit, in messages or in bytes. */
  limited: 64,
  /** What comes back may be held for a while before it is ready again. */
  delays: 128,
} as const;
