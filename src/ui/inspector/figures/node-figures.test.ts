import { expect, it } from 'vitest';
import type { Design } from '../../../design/types.ts';
import { givenBack } from '../../../gallery/myths/given-back.ts';
import { heldBack } from '../../../gallery/myths/held-back.ts';
import { retryStorm } from '../../../gallery/retry-storm.ts';
import { compile } from '../../../simulation/compile.ts';
import { frameOf } from '../../../testing/frame-of.ts';
import { nodeFigures } from './node-figures.ts';
import { readMembers, readNode } from './node-reading.ts';

/** The figures that the panel shows of a node at a time of a run, as "label: value". */
function figuresAt(design: Design, atMs: number, node: string): string[] {
  const { run } = compile(design);
  run!.advance(atMs, Infinity);
  const kind = design.nodes.find(({ id }) => id === node)!.kind;
  const frame = frameOf(run!);
  return nodeFigures(kind, readNode(frame, node)!, readMembers(frame, node)).map(
    ({ label, value }) => `${label}: ${value}`,
  );
}

it('tells records that were aborted with their transaction from records that an election lost', () => {
  const figures = figuresAt(heldBack, 80_000, 'orders');
  expect(figures).toContain('Aborted with their transaction: 1');
  expect(figures.join(', ')).not.toMatch(/election/);
});

it('does not count as done what a group gives back to its queue, or dead-letters', () => {
  const figures = figuresAt(givenBack, 30_000, 'worker-1');
  expect(figures).toContain('Done: 0/s');
  expect(figures).toContain('Given back: 50/s');
  const failing = {
    ...retryStorm,
    nodes: retryStorm.nodes.map((node) =>
      node.kind === 'consumer-group'
        ? { ...node, fields: { ...node.fields, failureProbability: 1, maxAttempts: 1 } }
        : node,
    ),
  };
  for (const { id } of failing.nodes.filter(({ kind }) => kind === 'consumer-group')) {
    const rows = figuresAt(failing, 20_000, id);
    expect(rows).toContain('Done: 0/s');
    expect(rows.join(', ')).toMatch(/Dead-lettered: [1-9]/);
    expect(rows.join(', ')).not.toMatch(/Given back/);
  }
});
