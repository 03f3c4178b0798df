import { expect, it } from 'vitest';
import { designOf } from '../../testing/metamorphic/run-figures.ts';
import { compile } from '../compile.ts';

it('Of two faults on one thing the later counts, also when the earlier is over.', () => {
  const work = { members: 1, serviceTime: { shape: 'constant', mean: 1 } };
  const design = designOf({ p: ['producer', { rate: 2000 }], q: ['queue'], g: ['consumer-group', work] }, [
    'p > q',
    'q > g',
  ]);
  const slow = (id: string, atMs: number, forMs: number, factor: number) => {
    return { id, atMs, forMs, node: 'g', fault: 'slow-member', args: { member: 1, factor } };
  };
  design.scenario.faults = [slow('first', 0, 4000, 2), slow('later', 1000, 9000, 10)];
  const { run } = compile(design, { observe: false, untilMs: 20_000 });
  const doneBetween = (fromMs: number, toMs: number): number => {
    run!.advance(fromMs, Infinity);
    const before = run!.results().nodes.g.out;
    run!.advance(toMs, Infinity);
    return run!.results().nodes.g.out - before;
  };
  // 1000 messages a second, as long as nothing slows it.
  expect(doneBetween(100, 900)).toBeCloseTo(400, -1);
  expect(doneBetween(5000, 9000)).toBeCloseTo(400, -1);
  expect(doneBetween(11_000, 12_000)).toBeCloseTo(1000, -1);
});
