import { expect, it } from 'vitest';
import type { Json, ScheduledFault } from '../../../design/types.ts';
import { sketched } from '../../../gallery/sketch.ts';
import { compile } from '../../../simulation/compile.ts';
import { evidenceOf } from '../../../testing/frame-of.ts';
import { explainNode, plainText } from './explain-node.ts';

type Planned = Omit<ScheduledFault, 'id'>;

/** What the panel says of a group of three at a time of a run with these faults. */
function said(faults: Record<string, Planned>, atMs: number, fields: Record<string, Json> = {}): string {
  const design = sketched({
    name: 'Three readers',
    nodes: {
      web: { kind: 'producer', at: [0, 0], fields: { rate: 20 } },
      orders: { kind: 'topic', at: [240, 0], fields: { partitions: 6 } },
      billing: { kind: 'consumer-group', at: [480, 0], fields: { members: 3, ...fields } },
    },
    edges: ['web > orders', 'orders > billing'],
    horizonMs: 400_000,
    faults,
  });
  const { run } = compile(design);
  run!.advance(atMs, Infinity);
  const found = explainNode(evidenceOf(design, run!), 'billing');
  return found ? plainText(found) : '';
}

const crash = (member: number, atMs: number, forMs?: number): Planned => ({
  atMs,
  node: 'billing',
  fault: 'crash',
  args: { member },
  ...(forMs === undefined ? {} : { forMs }),
});

it('says that a group waits for the dead process of a member that came back', () => {
  const faults = { f1: crash(2, 20_000, 5000) };
  const text = said(faults, 40_000);
  expect(text).toMatch(/rebalances since 00:25, as m2 joined/);
  expect(text).toContain(
    'it waits for the dead process of m2 as well, until its session is over (session.timeout.ms, 45 s).',
  );
  expect(said(faults, 70_000)).toBe('');
});

it('says nothing of it where the member has its place again, or the group has missed it', () => {
  expect(said({ f1: crash(2, 20_000, 5000) }, 26_000, { identity: 'static' })).not.toMatch(/dead process/);
  expect(said({ f1: crash(2, 20_000, 60_000) }, 80_500)).not.toMatch(/dead process/);
});

it('names who is silent while others rebalance', () => {
  const text = said({ f1: crash(3, 20_000, 1000), f2: crash(1, 22_000) }, 40_000);
  expect(text).toContain('It waits for m1, which is silent, until its session is over');
});

it('names who hangs, and how long that may last', () => {
  const hang: Planned = { atMs: 22_000, node: 'billing', fault: 'hang', args: { member: 1 } };
  const text = said({ f1: crash(3, 20_000, 1000), f2: hang }, 100_000);
  expect(text).toContain(
    'It waits for m1, which hangs while its heartbeats go on, until that is too long between two polls (max.poll.interval.ms, 5 min).',
  );
});
