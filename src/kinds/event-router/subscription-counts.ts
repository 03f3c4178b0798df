import type { Columns } from '../../lib/columns.ts';

/** What is counted of each subscription of an event router, and its place in a row. */
export const SUBSCRIPTION_COUNT = {
  /** Events that its filter took. */
  matched: 0,
  delivered: 1,
  /** Attempts that failed, and how many of them for want of an answer. */
  failures: 2,
  timeouts: 3,
  retries: 4,
  /** Given up, with and without a dead-letter queue. */
  deadLettered: 5,
  dropped: 6,
  /** Answers that came when nobody waited for them any more. */
  late: 7,
} as const;
type SubscriptionCount = keyof typeof SUBSCRIPTION_COUNT;
const NAMES = Object.keys(SUBSCRIPTION_COUNT) as SubscriptionCount[];
const ROW_SHIFT = 3;
/** Of a router: events that no filter took, copies made for further subscriptions. */
const UNMATCHED = 0;
const FANNED = 1;

/** What became of the events of a subscription: matched = delivered + deadLettered + dropped + pending, exactly. */
export type SubscriptionResults = Record<SubscriptionCount, number> & { pending: number };

/** Counts of all subscriptions, a row each, and of their routers. */
export class SubscriptionCounts {
  private counts = new Float64Array();
  private ofNodes = new Float64Array();

  constructor(columns: Columns, edges: number, nodes: number) {
    columns.f64(this, 'counts', edges << ROW_SHIFT);
    columns.f64(this, 'ofNodes', nodes << 1);
  }

  add(edge: number, what: number): void {
    this.counts[(edge << ROW_SHIFT) | what]++;
  }

  unmatched(node: number): void {
    this.ofNodes[(node << 1) | UNMATCHED]++;
  }

  fanned(node: number): void {
    this.ofNodes[(node << 1) | FANNED]++;
  }

  unmatchedBy(node: number): number {
    return this.ofNodes[(node << 1) | UNMATCHED];
  }

  fannedBy(node: number): number {
    return this.ofNodes[(node << 1) | FANNED];
  }

  of(edge: number, what: SubscriptionCount): number {
    return this.counts[(edge << ROW_SHIFT) | SUBSCRIPTION_COUNT[what]];
  }

  /** All counts of an edge, by name. */
  all(edge: number): Record<SubscriptionCount, number> {
    const counts = NAMES.map((name) => [name, this.of(edge, name)] as const);
    return Object.fromEntries(counts) as Record<SubscriptionCount, number>;
  }
}
