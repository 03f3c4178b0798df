import type { Problem } from '../design/types.ts';
import { groupDigits } from '../design/wording.ts';
import { LimitError } from '../lib/limit-error.ts';
import type { NodeConfig } from '../kinds/shared/node-config.ts';
import type { PlanShape } from './frame/frame-layout.ts';

/** The most that a run may hold before its first event, all nodes together, and the most events of a whole run. */
export const RUN_LIMITS = {
  partitions: 200_000,
  workers: 1_000_000,
  /** Positions of groups in partitions. */
  positions: 1_000_000,
  /** Hours of work for any machine, and far from where a count would lose its last digit. */
  events: 100_000_000_000,
} as const;

/** Events that a run may still have; throws a `LimitError` when it has had them all. */
export function eventsLeft(events: number): number {
  const left = RUN_LIMITS.events - events;
  if (left <= 0) throw new LimitError('events in one run', events + 1, RUN_LIMITS.events);
  return left;
}

/** Why a run of this size is not even built, checked before anything is allocated; empty if it may be. */
export function sizeProblems(
  shape: PlanShape,
  configs: readonly NodeConfig[],
  names: readonly string[],
): Problem[] {
  const partitions = shape.topics.map(({ node, partitions: count }) => ({ node, count }));
  const workers = shape.groups.map(({ node, members }) => ({
    node,
    count: members * Number(configs[node].fields.concurrency ?? 1),
  }));
  const partitionsOf = new Map(partitions.map(({ node, count }) => [node, count]));
  const positions = shape.edges.map(({ from, to }) => ({ node: to, count: partitionsOf.get(from) ?? 0 }));
  const over = (parts: readonly Part[], limit: number, what: string): Problem[] => {
    const sum = parts.reduce((total, part) => total + part.count, 0);
    if (sum <= limit) return [];
    const most = parts.reduce((a, b) => (b.count > a.count ? b : a));
    const message =
      `Found ${groupDigits(sum)} ${what} in all, expected at most ${groupDigits(limit)}. ` +
      `Most are in ${names[most.node]}: ${groupDigits(most.count)}.`;
    return [{ severity: 'error', code: 'too-large', message, node: shape.nodes[most.node].id }];
  };
  return [
    ...over(partitions, RUN_LIMITS.partitions, 'partitions'),
    ...over(workers, RUN_LIMITS.workers, 'workers (members times what each does at once)'),
    ...over(positions, RUN_LIMITS.positions, 'positions of groups in partitions'),
  ];
}

interface Part {
  node: number;
  count: number;
}
