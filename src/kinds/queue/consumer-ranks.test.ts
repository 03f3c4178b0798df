import { expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';

/** Ten messages a second to groups of one member that take 150 ms each, with these priorities. */
function served(priorities: readonly number[], more: Record<string, Json> = {}): number[] {
  const groups = priorities.map((_, at) => `g${at}`);
  const run: SmallRun = smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 10, stopAfter: 60 } },
      { id: 'q', kind: 'queue' },
      ...priorities.map((consumerPriority, at) => ({
        id: groups[at],
        kind: 'consumer-group',
        fields: {
          members: 1,
          serviceTime: { shape: 'constant', mean: 150 },
          consumerPriority,
          ...more,
        } as Record<string, Json>,
      })),
    ],
    edges: ['p > q', ...groups.map((id) => `q > ${id}` as const)],
  });
  run.until(10_000);
  return groups.map((id) => run.sim.metrics.of(run.node(id), METRIC.acknowledged));
}

it('a queue serves a group of lower priority only while the higher one has no room', () => {
  // Every other message comes while the first group is at work.
  expect(served([10, 0])).toEqual([30, 30]);
  expect(served([0, 10, 5])).toEqual([0, 30, 30]);
});

it('groups of one priority take turns', () => {
  expect(served([0, 0, 0])).toEqual([20, 20, 20]);
  expect(served([0, 7, 7, 7])).toEqual([0, 20, 20, 20]);
});

it('a higher group gets messages ahead of its work up to its prefetch', () => {
  expect(served([10, 0], { prefetchMode: 'count', prefetch: 100 })).toEqual([60, 0]);
});
