import { expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { designOf } from '../../testing/metamorphic/run-figures.ts';
import { validate } from './validate.ts';

const problemsOf = (fields: Record<string, Json>) =>
  validate(
    designOf({ p: ['producer', {}], q: ['queue', fields], g: ['consumer-group', {}] }, ['p > q', 'q > g']),
  ).map(({ severity, code, field }) => [severity, code, field]);

it('refuses priorities and reject-publish-dlx for a quorum queue, as the broker does', () => {
  expect(problemsOf({ queueType: 'quorum', maxPriority: 5 })).toEqual([
    ['error', 'quorum-queue-refused', 'maxPriority'],
  ]);
  expect(problemsOf({ queueType: 'quorum', overflow: 'dead-letter-newest' })).toEqual([
    ['error', 'quorum-queue-refused', 'overflow'],
  ]);
});

it('takes both for a classic queue', () => {
  expect(problemsOf({ maxPriority: 5, overflow: 'dead-letter-newest' })).toEqual([]);
});

it('warns of dead letters that have nowhere to go', () => {
  expect(problemsOf({ capacity: 5, overflow: 'dead-letter-newest' })).toContainEqual([
    'warning',
    'no-dead-letter-edge',
    'overflow',
  ]);
});

it('warns of a shortest delay of retries above the longest', () => {
  const delays = { delayedRetryType: 'all', delayedRetryMin: 5000, delayedRetryMax: 1000 };
  expect(problemsOf({ ...delays, queueType: 'quorum' })).toEqual([
    ['warning', 'retry-delay-constant', 'delayedRetryMin'],
  ]);
  expect(problemsOf({ ...delays, queueType: 'quorum', delayedRetryMax: 5000 })).toEqual([]);
  expect(problemsOf({ ...delays, queueType: 'quorum', delayedRetryType: 'disabled' })).toEqual([]);
  expect(problemsOf({ ...delays, queueType: 'classic' })).toEqual([]);
});

it('warns of dead-lettering at least once that the broker drops', () => {
  const safe = { queueType: 'quorum', deadLetterStrategy: 'at-least-once' };
  const withLetters = (fields: Record<string, Json>) =>
    validate(
      designOf(
        {
          p: ['producer', {}],
          q: ['queue', fields],
          dlq: ['dead-letter-queue', {}],
          g: ['consumer-group', {}],
        },
        ['p > q', 'q > g', 'q.dead > dlq'],
      ),
    ).map(({ code, field }) => [code, field]);
  expect(problemsOf(safe)).toEqual([['warning', 'no-dead-letter-edge', 'deadLetterStrategy']]);
  expect(withLetters({ ...safe, overflow: 'drop-oldest' })).toEqual([
    ['dead-letters-at-most-once', 'overflow'],
  ]);
  expect(withLetters({ ...safe, overflow: 'drop-newest' })).toEqual([]);
  expect(withLetters({ ...safe, queueType: 'classic', overflow: 'drop-oldest' })).toEqual([]);
});
