import { describe, expect, it } from 'vitest';
import { newDesign } from '../design/new-design.ts';
import { applyEdit } from '../design/edits.ts';
import { compile } from '../simulation/compile.ts';
import { RewindableRun } from './rewindable-run.ts';

/** A chain with a rebalance, failures and a full database: all that a snapshot has to hold. */
const DESIGN = applyEdit(newDesign('Chain'), {
  type: 'add-nodes',
  nodes: [
    { id: 'shop', kind: 'producer', name: 'Shop', fields: { rate: 120 } },
    { id: 'orders', kind: 'topic', name: 'Orders', fields: {} },
    {
      id: 'billing',
      kind: 'consumer-group',
      name: 'Billing',
      fields: { failureProbability: 0.1, sessionTimeout: 2000, heartbeat: 500 },
    },
    { id: 'dead', kind: 'dead-letter-queue', name: 'Dead', fields: {} },
    { id: 'ledger', kind: 'database', name: 'Ledger', fields: {} },
  ],
  places: ['shop', 'orders', 'billing', 'dead', 'ledger'].map((id, index) => ({ id, x: index * 240, y: 0 })),
  edges: [
    { id: 'a', from: 'shop', fromPort: 'out', to: 'orders', toPort: 'in' },
    { id: 'b', from: 'orders', fromPort: 'out', to: 'billing', toPort: 'in' },
    { id: 'c', from: 'billing', fromPort: 'out', to: 'ledger', toPort: 'in' },
    { id: 'd', from: 'billing', fromPort: 'failed', to: 'dead', toPort: 'in' },
  ],
});

function freshRun(count = 24): RewindableRun {
  const { run, problems } = compile(DESIGN);
  if (!run) throw new Error(problems.map(({ message }) => message).join('\n'));
  return new RewindableRun(run, { count, bytes: 1e8, spacing: 20_000 });
}

function intervened(rewindable: RewindableRun): RewindableRun {
  rewindable.advance(10_000, Infinity);
  expect(rewindable.intervene((run) => run.inject('f', 'billing', 'crash', { member: 2 }))).toBeNull();
  rewindable.advance(60_000, 1_234);
  expect(rewindable.intervene((run) => run.setField('shop', 'rate', 40))).toBeNull();
  rewindable.advance(30_000, Infinity);
  expect(rewindable.intervene((run) => run.heal('f'))).toBeNull();
  return rewindable;
}

function finish(rewindable: RewindableRun): string {
  while (!rewindable.done) rewindable.advance(60_000, 777);
  return rewindable.run.results().hash;
}

describe('a real run', () => {
  it('ends the same after going back and forth, interventions included', () => {
    const straight = finish(intervened(freshRun()));
    const wandering = intervened(freshRun(5));
    const traceRows = wandering.drainTrace().length;
    for (const toMs of [29_000, 500, 31_000, 10_000, 0, 12_000.5]) {
      wandering.goNear(toMs);
      wandering.advance(toMs, Infinity);
      wandering.step();
    }
    expect(finish(wandering)).toBe(straight);
    wandering.goNear(0);
    wandering.advance(30_000, Infinity);
    expect(wandering.drainTrace().length).toBeGreaterThanOrEqual(traceRows);
    expect(finish(wandering)).toBe(straight);
  });

  it('does not depend on being kept in keyframes at all', () => {
    const { run } = compile(DESIGN);
    run?.advance(60_000, Infinity);
    expect(run?.results().hash).toBe(finish(freshRun(3)));
  });
});
