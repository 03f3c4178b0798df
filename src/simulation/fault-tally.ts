import { groupDigits } from '../design/wording.ts';
import { METRIC } from '../engine/metrics.ts';
import type { Simulation } from '../engine/simulation.ts';
import { writeDuration } from '../kinds/quantities.ts';
import type { RunKinds } from '../kinds/run-kinds.ts';
import { LINK_COUNT } from '../kinds/shared/links/troubles.ts';

/** What happened in the whole design while a fault was in force, and on its edge if it is one of an edge. */
export interface FaultTally {
  failures: number;
  retries: number;
  /** Messages done again, or written again. */
  duplicates: number;
  deadLettered: number;
  dropped: number;
  /** Of the edge: messages, requests and answers that were lost, and what came late. */
  lost: number;
  delayed: number;
}

/** The counts of now, of which two are subtracted. `edge` is -1 for a fault of a node. */
export function tallyNow({ metrics }: Simulation, { links }: RunKinds, edge: number): FaultTally {
  const ofEdge = (what: keyof typeof LINK_COUNT) =>
    edge < 0 ? 0 : links.troubles.counted(edge, LINK_COUNT[what]);
  return {
    failures: metrics.total(METRIC.failures),
    retries: metrics.total(METRIC.retries),
    duplicates: metrics.total(METRIC.duplicates),
    deadLettered: metrics.total(METRIC.deadLettered),
    dropped: metrics.total(METRIC.dropped),
    lost: ofEdge('lost'),
    delayed: ofEdge('delayed'),
  };
}

/** What came between two counts. A node may have taken back a duplicate that it counted, so none is below zero. */
export function tallyBetween(before: FaultTally, after: FaultTally): FaultTally {
  const names = Object.keys(before) as (keyof FaultTally)[];
  return Object.fromEntries(
    names.map((name) => [name, Math.max(0, after[name] - before[name])]),
  ) as unknown as FaultTally;
}

/** "after 20 s: 212 done again, 1,240 behind". */
export function healWords(
  lastedMs: number,
  tally: FaultTally & { lagPeak: number | null },
  lag: number | null,
): string {
  const parts = [
    [tally.lost, 'lost on the way'],
    [tally.delayed, 'late'],
    // A call that fails is counted where it was made, too.
    [tally.failures, tally.failures === 1 ? 'failed try or call' : 'failed tries and calls'],
    [tally.duplicates, 'done again'],
    [tally.deadLettered, 'dead-lettered'],
    [tally.dropped, 'dropped'],
    [lag ?? 0, 'behind'],
    // The peak says more only where it was higher.
    [(tally.lagPeak ?? 0) > (lag ?? 0) ? tally.lagPeak! : 0, 'behind at the peak'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${groupDigits(count)} ${word}`);
  const hit = said.length > 0 ? `: ${said.join(', ')}` : '';
  return `after ${groupDigits(writeDuration(lastedMs))}${hit}`;
}
