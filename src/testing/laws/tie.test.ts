import { expect, it } from 'vitest';
import { compile } from '../../simulation/compile.ts';
import { designOf } from '../metamorphic/run-figures.ts';
import { insideOf, watchRun } from './watch-run.ts';

const now = { shape: 'constant', mean: 0 };
it('I22: of two that entered in one microsecond, the one that a crash gives back is still the first', () => {
  const source = { arrivals: 'constant', rate: 10, stopAfter: 1 };
  const design = designOf(
    {
      early: ['producer', source],
      late: ['producer', source],
      before: ['queue'],
      relay: ['consumer-group', { members: 1, serviceTime: now }],
      line: ['queue'],
      station: ['consumer-group', { members: 1, serviceTime: { shape: 'constant', mean: 50 } }],
    },
    ['early > before', 'before > relay', 'relay > line', 'late > line', 'line > station'],
  );
  const { run } = compile(design, { untilMs: 1000, warmUpMs: 0 });
  const watch = watchRun(run!, []);
  const taken: number[] = [];
  const { sim } = insideOf(run!);
  const { take, deliver } = sim;
  const note = (edge: number, message: number) => {
    const isLine = sim.plan.nodeIds[sim.plan.edgeFrom[edge]] === 'line';
    if (message >= 0 && isLine) taken.push(sim.messages.serial[message]);
  };
  sim.deliver = (edge, message) => {
    const accepted = deliver.call(sim, edge, message);
    if (accepted) note(edge, message);
    return accepted;
  };
  sim.take = (edge, lane) => {
    const message = take.call(sim, edge, lane);
    note(edge, message);
    return message;
  };
  run!.advance(120, 100);
  run!.inject('crash', 'station', 'crash', { member: 1 }, 20);
  while (run!.advance(Infinity, 1) === 1) watch.check(true);
  expect(taken).toEqual([1, 1, 0]);
});
