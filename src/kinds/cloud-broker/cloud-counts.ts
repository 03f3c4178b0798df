import type { Columns } from '../../lib/columns.ts';

/** What a broker counts beside the figures of every node, and its place in a row. */
export const CLOUD_COUNT = {
  /** Copies made for further subscriptions. */
  fanned: 0,
  /** Messages that are the broker's again: its consumer let go of them, or their time was over. */
  returned: 1,
  /** Of those: the time was over while a consumer still had a copy. */
  timedOut: 2,
  acknowledged: 3,
  /** Acknowledgements that count no more, as the consumer took too long. */
  tooLate: 4,
  /** Messages that were acknowledged late, when they waited for another delivery. */
  withdrawn: 5,
  deduplicated: 6,
  /** Messages that had been delivered as often as they may be. */
  exhausted: 7,
  /** Messages that were delivered again because an earlier one was, while a consumer still had a copy. */
  rewound: 8,
  /** Messages that are of no subject of a stream, or that no consumer of one with interest retention takes. */
  unwanted: 9,
} as const;
export type CloudCount = keyof typeof CLOUD_COUNT;
/**
 * All counts, what is in flight now (most of any consumer group where each has all messages for itself), and what a
 * stream keeps that no consumer takes.
 */
export type CloudResults = Record<CloudCount, number> & { inFlight: number; waitingForNobody: number };
const NAMES = Object.keys(CLOUD_COUNT) as CloudCount[];
const ROW_SHIFT = 4;
/** What the page shows of a broker, in the order of its columns in a frame. */
export const SHOWN: readonly CloudCount[] = ['timedOut', 'tooLate', 'deduplicated', 'exhausted'];

/** Counts of all brokers, a row each. */
export class CloudCounts {
  private counts = new Float64Array();

  constructor(columns: Columns, nodes: number) {
    columns.f64(this, 'counts', nodes << ROW_SHIFT);
  }

  add(node: number, what: number): void {
    this.counts[(node << ROW_SHIFT) | what]++;
  }

  of(node: number, what: CloudCount): number {
    return this.counts[(node << ROW_SHIFT) | CLOUD_COUNT[what]];
  }

  /** The count that the page has in this place. */
  shown(node: number, place: number): number {
    return this.of(node, SHOWN[place]);
  }

  /** All that a broker counts, by name. */
  all(node: number): Record<CloudCount, number> {
    const counts = NAMES.map((name) => [name, this.of(node, name)] as const);
    return Object.fromEntries(counts) as Record<CloudCount, number>;
  }
}
