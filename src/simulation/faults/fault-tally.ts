import { groupDigits } from '../../design/wording.ts';
import { METRIC } from '../../engine/metrics.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { writeDuration } from '../../kinds/quantities.ts';
import { KINDS } from '../../kinds/registry.ts';
import type { RunKinds } from '../../kinds/run-kinds.ts';
import { LINK_COUNT } from '../../kinds/shared/links/troubles.ts';

/** What happened in the whole design while a fault was in force, and on its edge if it is one of an edge. */
export interface FaultTally {
  /** Tries at messages, sends and deliveries that failed where they were made. */
  failures: number;
  /** Calls that failed at the databases and services that were called: most make a try fail, some are made again. */
  failedCalls: number;
  retries: number;
  /** Messages done again, or written again. */
  duplicates: number;
  deadLettered: number;
  dropped: number;
  /** Of the edge: messages, requests and answers that were lost, and what came late. */
  lost: number;
  delayed: number;
}

/** Kinds that answer calls: what fails there is a call, and fails where it was made as well. */
const ANSWERS: readonly string[] = ['database', 'service'];

/** The counts of now, of which two are subtracted. `edge` is -1 for a fault of a node. */
export function tallyNow({ metrics, plan }: Simulation, { links }: RunKinds, edge: number): FaultTally {
  const ofEdge = (what: keyof typeof LINK_COUNT) =>
    edge < 0 ? 0 : links.troubles.counted(edge, LINK_COUNT[what]);
  let failedCalls = 0;
  for (let node = 0; node < plan.nodeCount; node++) {
    if (ANSWERS.includes(KINDS[plan.kindOf[node]].kind)) failedCalls += metrics.of(node, METRIC.failures);
  }
  return {
    failures: metrics.total(METRIC.failures) - failedCalls,
    failedCalls,
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
    [tally.failures, tally.failures === 1 ? 'failed try' : 'failed tries'],
    [tally.failedCalls, tally.failedCalls === 1 ? 'failed call' : 'failed calls'],
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
