import { expect, it } from 'vitest';
import { applyEdit } from '../design/edits.ts';
import type { Design } from '../design/types.ts';
import { orders } from '../gallery/orders.ts';
import { compile } from '../simulation/compile.ts';
import { plannedFaults } from './chaos-faults.ts';

const taken = { id: 'chaos 1', atMs: 5000, forMs: 2000, node: 'billing', fault: 'slow', args: { factor: 2 } };
const random: Design = {
  ...orders,
  scenario: {
    ...orders.scenario,
    horizonMs: 60_000,
    faults: [taken],
    chaos: { perMinute: 20, healAfterMs: 3000 },
  },
};

it('Random faults that are made planned give the very same run.', () => {
  const edits = [
    { type: 'set-faults', faults: plannedFaults(random) } as const,
    { type: 'set-chaos' } as const,
  ];
  const planned = applyEdit(random, { type: 'batch', label: 'Make planned', edits });
  const hashes = [random, planned].map((design) => {
    const { run } = compile(design);
    run!.advance(60_000, Infinity);
    return run!.results().hash;
  });
  expect(planned.scenario.chaos).toBeUndefined();
  expect(planned.scenario.faults.length).toBeGreaterThan(10);
  expect(hashes[1]).toBe(hashes[0]);
});

it('A planned fault keeps its id, and no random one gets the same.', () => {
  const ids = plannedFaults(random).map(({ id }) => id);
  expect(ids[0]).toBe('chaos 1');
  expect(new Set(ids).size).toBe(ids.length);
});
