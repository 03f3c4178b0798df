/**
 * Rows of eight numbers, one of integers and one of doubles a producer: a message touches two or three lines of the
 * cache for them, where a column for each number took a line each.
 */
export const ROW_SHIFT = 3;
export const INT = {
  /** Event of the next message, or NONE. */
  handle: 0,
  /** Of a message not through yet: the message, what stands in line (it, or a copy), and its place in `out`. */
  message: 1,
  offered: 2,
  place: 3,
  /** Calls to a database that are not answered yet. */
  calling: 4,
  sizeSampler: 5,
  messageType: 6,
  /** 1 if messages get keys. */
  keyed: 7,
} as const;
export const REAL = {
  /** The amount of the curve that the next message still needs, counted from the exact time `since`. */
  needed: 0,
  since: 1,
  dueAt: 2,
  /** Microseconds that one message takes while the rate does not change with time; NaN for other curves. */
  gap: 3,
  /** Messages made so far, copies not counted. */
  made: 4,
  stopAfter: 5,
  poisonShare: 6,
  /** Bytes of a message if all have the same size, else NaN. */
  sameSize: 7,
} as const;
