import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { designOf } from '../../testing/metamorphic/run-figures.ts';
import { validate } from './validate.ts';

type Fields = Record<string, Json>;

function found(source: string, group: Fields, queue: Fields = {}): string[] {
  const edges = source === 'both' ? ['p > t', 't > g', 'p > q', 'q > g'] : ['p > s', 's > g'];
  const read: Record<string, readonly [string, Fields]> =
    source === 'both'
      ? { t: ['topic', {}], q: ['queue', queue] }
      : { s: [source, source === 'queue' ? queue : {}] };
  const design = designOf({ p: ['producer', { rate: 1 }], ...read, g: ['consumer-group', group] }, edges);
  return validate(design)
    .filter(({ severity }) => severity !== 'info')
    .map(({ severity, code, node, field }) => `${severity} ${code} ${node}.${field}`);
}

describe('a group that reads a topic', () => {
  it('may not have a prefetch, nor give anything back', () => {
    expect(found('topic', { prefetchMode: 'count' })).toEqual(['error prefetch-on-topic g.prefetchMode']);
    expect(found('topic', { onFailure: 'nack' })).toEqual(['error requeue-on-topic g.onFailure']);
    expect(found('queue', { prefetchMode: 'count', onFailure: 'nack' })).toEqual([]);
  });

  it('may give back what it read from a queue, but not be its only consumer', () => {
    expect(found('both', { onFailure: 'reject' })).toEqual([]);
    expect(found('both', {}, { consumers: 'one' })).toEqual(['error single-consumer-on-topic q.consumers']);
  });
});

describe('a group that works for longer than a quorum queue waits', () => {
  const quorum = { queueType: 'quorum', consumerTimeout: 1000 };
  const lasting = (mean: number) => ({ serviceTime: { shape: 'constant', mean } });

  it('is told that messages are taken back from it', () => {
    expect(found('queue', lasting(1001), quorum)).toEqual(['warning consumer-timeout s.consumerTimeout']);
    expect(found('queue', lasting(1000), quorum)).toEqual([]);
    expect(found('queue', lasting(1001), { ...quorum, consumerTimeout: 0 })).toEqual([]);
    expect(found('queue', lasting(1001), { ...quorum, queueType: 'classic' })).toEqual([]);
    expect(found('queue', { ...lasting(1001), guarantee: 'at-most-once' }, quorum)).toEqual([]);
  });

  it('is told the same of the last messages of a prefetch', () => {
    const ahead = { prefetchMode: 'count', prefetch: 11, concurrency: 2 };
    expect(found('queue', { ...lasting(182), ...ahead }, quorum)).toEqual([
      'warning consumer-timeout s.consumerTimeout',
    ]);
    expect(found('queue', { ...lasting(181), ...ahead }, quorum)).toEqual([]);
  });
});

describe('a group that reads a queue', () => {
  it('is told that acknowledging first leaves nothing to say', () => {
    const group = { guarantee: 'at-most-once', prefetchMode: 'count', onFailure: 'requeue' };
    expect(found('queue', group)).toEqual([
      'warning acknowledged-before g.prefetchMode',
      'warning acknowledged-before g.onFailure',
    ]);
  });

  it('is told that what always fails comes back for ever, unless a delivery limit counts it', () => {
    const endless = ['warning endless-redelivery g.onFailure'];
    expect(found('queue', { failureProbability: 1, onFailure: 'requeue' })).toEqual(endless);
    const quorum = { queueType: 'quorum' };
    expect(found('queue', { failureProbability: 1, onFailure: 'requeue' }, quorum)).toEqual([]);
    expect(found('queue', { failureProbability: 1, onFailure: 'nack' }, quorum)).toEqual(endless);
  });
});
