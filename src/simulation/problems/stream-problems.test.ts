import { expect, it } from 'vitest';
import { newDesign } from '../../design/new-design.ts';
import type { Json } from '../../design/types.ts';
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

/** Sentences about a stream with a consumer for each of these readings. */
function saidOfReaders(readings: readonly Fields[], service = 'kinesis'): string[] {
  const node = (id: string, kind: string, fields: Fields = {}) => ({ id, kind, name: id, fields });
  return streamProblems({
    ...newDesign('Readers'),
    nodes: [node('s', 'topic', { service }), ...readings.map((_, at) => node(`g${at}`, 'consumer-group'))],
    edges: readings.map((fields, at) => ({
      id: `e${at}`,
      from: 's',
      fromPort: 'out',
      to: `g${at}`,
      toPort: 'in',
      fields,
    })),
  }).map(({ severity, code, edge, message }) => `${severity} ${code} ${edge}: ${message}`);
}

const many = (count: number, fields: Fields) => Array.from({ length: count }, () => fields);

it('a stream has room for twenty registered consumers', () => {
  expect(saidOfReaders(many(20, { reads: 'fan-out' }))).toEqual([]);
  const [said] = saidOfReaders(many(21, { reads: 'fan-out' }));
  expect(said).toMatch(/^error too-many-registered e20: s: found 21 .* LimitExceededException\.$/);
});

it('says when consumers will call more often than a shard answers', () => {
  expect(saidOfReaders(many(5, {}))).toEqual([]);
  const [six] = saidOfReaders(many(6, {}));
  expect(six).toMatch(/^warning calls-refused e0: s: its 6 consumers call each shard 6 times a second/);
  const [alone] = saidOfReaders([{ readInterval: 100 }, { reads: 'fan-out', readInterval: 1 }]);
  expect(alone).toMatch(/^warning calls-refused e0: s: its consumer calls each shard 10 times/);
  expect(saidOfReaders(many(6, {}), 'kafka')).toEqual([]);
});
