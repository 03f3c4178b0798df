import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { designOf } from '../../testing/metamorphic/run-figures.ts';
import { retryProblems } from './retry-problems.ts';

function found(source: string, group: Record<string, Json>): { code: string; message: string }[] {
  const design = designOf({ p: ['producer'], s: [source], g: ['consumer-group', group] }, ['p > s', 's > g']);
  return retryProblems(design);
}

describe('a warning about retries', () => {
  it('is given for retry topics of a group that reads a queue', () => {
    expect(found('queue', { retryMode: 'topics' })).toMatchObject([
      { code: 'retry-topics-of-queue', node: 'g' },
    ]);
    expect(found('topic', { retryMode: 'topics' })).toEqual([]);
  });

  it('is given where a member holds its place for longer than it may go without a poll', () => {
    const slow = { failureProbability: 0.1, backoff: 100_000, backoffMax: 200_000, maxAttempts: 4 };
    const [problem] = found('topic', slow);
    expect(problem.code).toBe('retries-exceed-poll');
    expect(problem.message).toMatch(/^g may wait 500.s between the tries of one message/);
    expect(found('topic', { ...slow, maxAttempts: 2 })).toEqual([]);
    expect(found('topic', { ...slow, retryMode: 'topics' })).toEqual([]);
    expect(found('queue', slow)).toEqual([]);
  });

  it('is given where a full poll takes longer than a member may go without the next one', () => {
    const batch = { polling: 'batch', serviceTime: { shape: 'constant', mean: 1000 } };
    const [problem] = found('topic', batch);
    expect(problem.code).toBe('poll-too-large');
    expect(problem.message).toMatch(/^g takes about 500.s for a full poll of 500 records/);
    expect(found('topic', { ...batch, concurrency: 2 })).toEqual([]);
    expect(found('topic', { ...batch, polling: 'single' })).toEqual([]);
    expect(found('queue', batch)).toEqual([]);
  });
});
