import { expect, it } from 'vitest';
import type { Design } from '../../design/types.ts';
import { heldBack } from '../../gallery/myths/held-back.ts';
import { compile } from '../../simulation/compile.ts';
import { nodeFigures } from './node-figures.ts';
import { readNode } from './node-reading.ts';

/** The figures that the panel shows of a node at a time of a run, as "label: value". */
function figuresAt(design: Design, atMs: number, node: string): string[] {
  const { run } = compile(design);
  run!.advance(atMs, Infinity);
  const data = new Float64Array(run!.frameSize());
  run!.writeFrame(data);
  const kind = design.nodes.find(({ id }) => id === node)!.kind;
  const reading = readNode({ layout: run!.layout, data }, node)!;
  return nodeFigures(kind, reading).map(({ label, value }) => `${label}: ${value}`);
}

it('tells records that were aborted with their transaction from records that an election lost', () => {
  const figures = figuresAt(heldBack, 80_000, 'orders');
  expect(figures).toContain('Aborted with their transaction: 1');
  expect(figures.join(', ')).not.toMatch(/election/);
});
