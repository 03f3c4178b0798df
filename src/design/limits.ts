/**
 * The most a design may hold. Checked before anything is built from a file, so that a huge or hostile one costs
 * a sentence and not the tab. Lengths are in UTF-16 units.
 */
export const LIMITS = {
  fileLength: 16_000_000,
  /** Values of any kind in one file, and how deep they may be nested. */
  values: 2_000_000,
  depth: 32,
  nodes: 10_000,
  edges: 50_000,
  groups: 1_000,
  messageTypes: 1_000,
  faults: 10_000,
  goals: 1_000,
  /** Random faults a minute. */
  chaosPerMinute: 600,
  idLength: 200,
  nameLength: 500,
  textLength: 100_000,
  /** Farthest place from the middle of the canvas, in canvas units. */
  place: 1_000_000,
  /** Thirty days. */
  horizonMs: 2_592_000_000,
} as const;
