import type { DesignNode } from '../design/types.ts';
import type { Simulation } from '../engine/simulation.ts';
import type { RunKinds } from '../kinds/run-kinds.ts';
import { reasonWords } from '../kinds/shared/letter-reasons.ts';
import type { Letter } from './run.ts';
import { toMs } from './time.ts';

/** The newest letters of a dead-letter queue, newest first; none for any other node. Reads only. */
export function newestLetters(
  { sim, kinds, nodes }: { sim: Simulation; kinds: RunKinds; nodes: readonly DesignNode[] },
  node: number,
  most: number,
): Letter[] {
  return kinds.deadLetters.newest(sim, node, most).map((row) => ({
    atMs: toMs(row.at),
    message: row.serial,
    tries: row.tries,
    reason: reasonWords(row.reason),
    from: nodes[row.from].id,
    source: nodes[row.source].id,
    redriven: row.wasRedriven,
    poison: row.isPoison,
    deaths: row.deaths.map(({ queue, reason, times }) => ({ queue: nodes[queue].id, reason, times })),
  }));
}
