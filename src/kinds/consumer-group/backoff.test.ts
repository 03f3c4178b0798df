import { expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { TRACE, TRACE_ROW } from '../../engine/trace.ts';
import { smallRun } from '../../testing/small-run.ts';

const WORK = { serviceTime: { shape: 'constant', mean: 1 } satisfies Json, failureProbability: 1 };

it('spreads the first wait of a message, too, that another group has tried and given back', () => {
  const givesBack = { ...WORK, members: 1, onFailure: 'requeue', maxAttempts: 100 };
  const waits = { ...WORK, members: 20, backoff: 100, backoffMax: 1000, jitter: 'decorrelated' };
  const run = smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 100, stopAfter: 10 } },
      { id: 'q', kind: 'queue' },
      { id: 'gives-back', kind: 'consumer-group', fields: givesBack },
      { id: 'waits', kind: 'consumer-group', fields: { ...waits, maxAttempts: 100 } },
    ],
    edges: ['p > q', 'q > gives-back', 'q > waits'],
  });
  run.sim.trace.messages = true;
  run.until(600);
  const { values } = run.sim.trace.rows.read(0);
  const triedBefore = new Set<number>();
  const startedAt = new Map<number, number>();
  const firstWaits: number[] = [];
  for (let at = 0; at < values.length; at += TRACE_ROW.size) {
    if (values[at + TRACE_ROW.code] !== TRACE.started) continue;
    const serial = values[at + TRACE_ROW.a];
    const before = startedAt.get(serial);
    if (values[at + TRACE_ROW.node] === run.node('gives-back')) triedBefore.add(serial);
    else if (before === undefined) startedAt.set(serial, values[at]);
    else if (triedBefore.delete(serial)) firstWaits.push((values[at] - before) / 1000 - 1);
  }
  expect(firstWaits.length).toBeGreaterThan(3);
  expect(new Set(firstWaits).size).toBe(firstWaits.length);
  expect(Math.min(...firstWaits)).toBeGreaterThanOrEqual(100);
  expect(Math.max(...firstWaits)).toBeLessThanOrEqual(300.001);
});
