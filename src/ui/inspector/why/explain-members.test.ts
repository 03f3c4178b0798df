import { expect, it } from 'vitest';
import { galleryEntry } from '../../../gallery/gallery.ts';
import type { Design, Json } from '../../../design/types.ts';
import { compile } from '../../../simulation/compile.ts';
import { evidenceOf } from '../../../testing/frame-of.ts';
import { explainNode, plainText } from './explain-node.ts';

/** What the panel says of a node at a time of a run. */
function said(design: Design, node: string, atMs: number): string {
  const { run } = compile(design);
  run!.advance(atMs, Infinity);
  const found = explainNode(evidenceOf(design, run!), node);
  return found ? plainText(found) : '';
}

const growing = galleryEntry('myth-more-partitions')!.design;
const withBilling = (fields: Record<string, Json>): Design => ({
  ...growing,
  nodes: growing.nodes.map((node) =>
    node.id === 'billing' ? { ...node, fields: { ...node.fields, ...fields } } : node,
  ),
});

it('says when a topic got more partitions, and how many keys that moved', () => {
  expect(said(growing, 'orders', 61_000)).not.toMatch(/instead of/);
  expect(said(growing, 'orders', 70_000)).toMatch(
    /At 01:02: orders has 6 partitions instead of 3: 96 of 200 keys go to another one/,
  );
  // A minute later it is no news any more.
  const long = { ...growing, scenario: { ...growing.scenario, horizonMs: 300_000 } };
  expect(said(long, 'orders', 130_000)).not.toMatch(/instead of/);
});

it('says why members of a group end without an offset', () => {
  expect(said(withBilling({ offsetReset: 'none' }), 'billing', 100_000)).toMatch(
    /billing m\d ends: its offset in p\d of orders was never committed/,
  );
});

it('says that members have paused, and stay in the group', () => {
  const slow = withBilling({ serviceTime: { shape: 'constant', mean: 20_000 }, pileUp: 'pause' });
  expect(said(slow, 'billing', 10_000)).toMatch(/3 members have paused since 00:0\d/);
});
