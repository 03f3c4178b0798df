import { expect, it } from 'vitest';
import { newDesign } from '../design/new-design.ts';
import type { Json } from '../design/types.ts';
import { streamProblems } from './stream-problems.ts';

type Fields = Record<string, Json>;

/** What is refused of a producer and the stream that it writes to. */
function refused(stream: Fields, producer: Fields = {}, hasCluster = false) {
  const edge = (from: string, to: string, fromPort = 'out') => ({
    id: `${from}-${to}`,
    from,
    fromPort,
    to,
    toPort: 'in',
  });
  const found = streamProblems({
    ...newDesign('Streams'),
    nodes: [
      { id: 'p', kind: 'producer', name: 'p', fields: producer },
      { id: 's', kind: 'topic', name: 's', fields: stream },
      { id: 'c', kind: 'broker-cluster', name: 'c', fields: {} },
    ],
    edges: [edge('p', 's'), ...(hasCluster ? [edge('s', 'c', 'cluster')] : [])],
  });
  return found.map(({ code, node, field }) => [code, node, field]);
}

const KINESIS = { service: 'kinesis' };

it('a stream of Kinesis is fine with its defaults, and a topic of Kafka with anything', () => {
  expect(refused(KINESIS)).toEqual([]);
  expect(refused({ cleanup: 'compact' }, { client: 'kafka', keys: 'none' }, true)).toEqual([]);
});

it('each record has a partition key, and comes by the interface of Kinesis', () => {
  expect(refused(KINESIS, { keys: 'none' })).toEqual([['no-partition-key', 'p', 'keys']]);
  expect(refused(KINESIS, { client: 'kafka' })).toEqual([['kafka-client-to-kinesis', 'p', 'client']]);
});

it('a stream has no compaction and no Kafka cluster', () => {
  expect(refused({ ...KINESIS, cleanup: 'compact' })).toEqual([['kinesis-compacted', 's', 'cleanup']]);
  expect(refused(KINESIS, {}, true)).toEqual([['kinesis-in-cluster', 's', 'service']]);
});
