import { expect, it } from 'vitest';
import { sketched } from '../../../gallery/sketch.ts';
import { compile } from '../../../simulation/compile.ts';
import { evidenceOf } from '../../../testing/frame-of.ts';
import { explainEdge } from './explain-edge.ts';
import { explainNode, plainText } from './explain-node.ts';

const design = sketched({
  name: 'Cut',
  nodes: {
    web: { kind: 'producer', at: [0, 0], fields: { arrivals: 'constant', rate: 10 } },
    orders: { kind: 'queue', at: [240, 0] },
    billing: {
      kind: 'consumer-group',
      at: [480, 0],
      fields: { serviceTime: { shape: 'constant', mean: 1 } },
    },
  },
  edges: ['web > orders', 'orders > billing'],
  horizonMs: 600_000,
});

function evidenceAt(ms: number, fault?: string) {
  const run = compile(design).run!;
  run.advance(5000, Infinity);
  if (fault) expect(run.inject('f', { edge: 'orders-to-billing' }, fault, {})).toBeNull();
  run.advance(ms, Infinity);
  return { ...evidenceOf(design, run), trace: [] };
}

it('says nothing of an edge in order', () => {
  expect(explainEdge(evidenceAt(9000), 'orders-to-billing')).toBeNull();
});

it('says since when an edge is cut, and the nodes at its ends say so too', () => {
  const evidence = evidenceAt(9000, 'partition');
  const found = explainEdge(evidence, 'orders-to-billing')!;
  expect(found.question).toBe('Why does nothing pass?');
  expect(plainText(found)).toContain('The network from orders to billing is cut since 00:05.');
  expect(found.sinceMs).toBe(5000);
  expect(plainText(explainNode(evidence, 'billing')!)).toContain(
    'Network orders → billing: Cut since 00:05.',
  );
  expect(explainEdge(evidence, 'web-to-orders')).toBeNull();
});

it('says how much came late', () => {
  const found = explainEdge(evidenceAt(9000, 'delay'), 'orders-to-billing')!;
  expect(found.question).toBe('What is broken?');
  expect(plainText(found)).toMatch(/^Slow network since 00:05\./);
});
