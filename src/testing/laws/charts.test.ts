import { expect, it } from 'vitest';
import { compile } from '../../simulation/compile.ts';
import { SAMPLE_HEADER_SIZE, SAMPLE_NODE, SAMPLE_NODE_SIZE } from '../../simulation/frame/frame-layout.ts';
import { designOf } from '../metamorphic/run-figures.ts';

/** A run this long has a chart sample every second, and a rate is taken over the last second. */
const RUN_MS = 600_000;

it('I37: the rates of a chart add up to the totals of every node', () => {
  const design = designOf(
    {
      source: ['producer', { rate: 7, arrivals: 'burst' }],
      log: ['topic'],
      group: ['consumer-group', { failureProbability: 0.2 }],
      line: ['queue', { capacity: 3, overflow: 'drop-oldest' }],
      last: ['consumer-group', { members: 1, serviceTime: { shape: 'exponential', mean: 150 } }],
    },
    ['source > log', 'log > group', 'group > line', 'line > last'],
  );
  const { run } = compile(design, { untilMs: RUN_MS, warmUpMs: 0 });
  run!.advance(Infinity, Infinity);
  const { layout } = run!;
  const samples = Math.round(RUN_MS / 1000);
  const frame = new Float64Array(run!.frameSize());
  expect(frame.length).toBe(layout.size(samples));
  run!.writeFrame(frame);
  const results = run!.results();
  layout.shape.nodes.forEach(({ id }, node) => {
    const at = SAMPLE_HEADER_SIZE + node * SAMPLE_NODE_SIZE;
    const sum = (column: number) =>
      Array.from({ length: samples }, (_, sample) => frame[layout.size(sample) + at + column]).reduce(
        (a, b) => a + b,
      );
    expect(results.nodes[id].in).toBeGreaterThan(100);
    expect(sum(SAMPLE_NODE.inPerSecond)).toBeCloseTo(results.nodes[id].in, 6);
    expect(sum(SAMPLE_NODE.outPerSecond)).toBeCloseTo(results.nodes[id].out, 6);
  });
});
