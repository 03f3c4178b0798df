import type { Json } from '../design/types.ts';
import { METRIC } from '../engine/metrics.ts';
import { TRACE, TRACE_ROW } from '../engine/trace.ts';
import { smallRun, type SmallRun } from './small-run.ts';

type Fields = Record<string, Json>;

/** Work that takes as long each time, in milliseconds. */
export const lasting = (mean: number) => ({ serviceTime: { shape: 'constant', mean } });
/** A member is sent so many messages ahead of its work. */
export const ahead = (prefetch: number) => ({ prefetchMode: 'count', prefetch });

/**
 * So many messages, one each millisecond from 1 ms on, and groups by name that compete for their queue `q`: of one
 * member that works for a second, unless told otherwise. Steps of messages are traced.
 */
export function competing(
  messages: number,
  groups: Record<string, Fields>,
  queue: Fields = {},
  kind = 'queue',
): SmallRun {
  const names = Object.keys(groups);
  const run = smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 1000, stopAfter: messages } },
      { id: 'q', kind, fields: queue },
      { id: 'dlq', kind: 'dead-letter-queue' },
      ...names.map((id) => ({
        id,
        kind: 'consumer-group',
        fields: { members: 1, ...lasting(1000), ...groups[id] },
      })),
    ],
    edges: ['p > q', 'q.dead > dlq', ...names.map((id) => `q > ${id}` as const)],
  });
  run.sim.trace.messages = true;
  return run;
}

/** With which messages a group began, counted from 1, and when in whole milliseconds. */
export function beginnings({ sim, node }: SmallRun, group: string): { message: number; ms: number }[] {
  const { values } = sim.trace.rows.read(0);
  const found = [];
  for (let row = 0; row < values.length; row += TRACE_ROW.size) {
    const [time, code, where, serial] = values.subarray(row, row + TRACE_ROW.size);
    const isIt = code === TRACE.started && where === node(group);
    if (isIt) found.push({ message: serial + 1, ms: Math.round(time / 1000) });
  }
  return found;
}

/** The same as text, "2 at 501". */
export function begunAt(run: SmallRun, group: string): string[] {
  return beginnings(run, group).map(({ message, ms }) => `${message} at ${ms}`);
}

/** Messages that a group has done, and those that were done before or will be done again. */
export function doneBy({ sim, node }: SmallRun, group: string): { done: number; again: number } {
  const { metrics } = sim;
  const done = metrics.of(node(group), METRIC.acknowledged);
  return { done, again: metrics.of(node(group), METRIC.duplicates) };
}
