import { describe, expect, it } from 'vitest';
import { retryTopics, type RetryTopicOptions } from './retry-topics.ts';

const namesOf = (delays: number[], options?: RetryTopicOptions) =>
  retryTopics('orders', delays, options).retryTopics.map(({ topic }) => topic.slice('orders-retry'.length));

// The rule of DestinationTopicPropertiesFactory of spring-kafka.
describe('retry topics', () => {
  it('share one topic for equal delays', () => {
    expect(retryTopics('orders', [1000, 1000])).toEqual({
      main: 'orders',
      retryTopics: [{ topic: 'orders-retry', delayMs: 1000, reusedForAttempts: 2 }],
      dlt: 'orders-dlt',
    });
    expect(namesOf([1000])).toEqual(['']);
  });

  it('are named after their delays', () => {
    expect(namesOf([1000, 2000, 4000])).toEqual(['-1000', '-2000', '-4000']);
    expect(namesOf([1000, 2000, 3000, 3000])).toEqual(['-1000', '-2000', '-3000']);
  });

  it('keep their places but count as shared for equal delays that are not the last', () => {
    expect(retryTopics('orders', [1, 1, 5]).retryTopics).toEqual([
      { topic: 'orders-retry-1', delayMs: 1, reusedForAttempts: 2 },
      { topic: 'orders-retry-1', delayMs: 1, reusedForAttempts: 2 },
      { topic: 'orders-retry-5', delayMs: 5 },
    ]);
  });

  it('are numbered on request, and when a topic per attempt would give equal names', () => {
    expect(namesOf([1000, 2000, 4000], { numbered: true })).toEqual(['-0', '-1', '-2']);
    expect(namesOf([1000, 1000], { topicPerAttempt: true })).toEqual(['-0', '-1']);
    expect(namesOf([1000, 3000, 3000], { topicPerAttempt: true })).toEqual(['-1000', '-3000-0', '-3000-1']);
  });

  it('are none for a single attempt', () => {
    expect(retryTopics('orders', [])).toEqual({ main: 'orders', retryTopics: [], dlt: 'orders-dlt' });
  });

  it('take other suffixes, and do without dead letters', () => {
    const options = { retrySuffix: '.again', deadLetterSuffix: '.dead' };
    expect(retryTopics('a', [5], options)).toMatchObject({
      retryTopics: [{ topic: 'a.again' }],
      dlt: 'a.dead',
    });
    expect(retryTopics('a', [5], { withoutDeadLetterTopic: true }).dlt).toBe(null);
  });
});
