import { expect, it } from 'vitest';
import { designOf } from '../metamorphic/run-figures.ts';
import { compile } from '../../simulation/compile.ts';
import { checkCase } from './check-case.ts';
import { Coverage } from './coverage.ts';
import { caseOf } from './fuzz-case.ts';
import cases from './regressions.json' with { type: 'json' };

// Cases that once broke a law, as the fuzzer printed them, and why. Add the token of every failure that is mended.
it.each(cases)('$reason, and does so no more', ({ token }) => {
  expect(checkCase(caseOf(token), new Coverage())).toBeNull();
});

it('ends where two full queues dead-letter into each other, which went round for ever', () => {
  const full = { capacity: 1, overflow: 'dead-letter' };
  const design = designOf({ source: ['producer'], a: ['queue', full], b: ['queue', full] }, [
    'source > a',
    'a.dead > b',
    'b.dead > a',
  ]);
  const { run } = compile(design, { untilMs: 10_000 });
  while (!run!.done) run!.advance(Infinity, 1000);
  // As in RabbitMQ, a message that would come to a queue again by overflow alone is dropped.
  expect(run!.stoppedBy).toBeNull();
  expect(run!.nowMs).toBe(10_000);
  expect(run!.results().totals.dropped).toBeGreaterThan(0);
});
