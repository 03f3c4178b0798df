import { expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { sketched } from '../../gallery/sketch.ts';
import { compile } from '../compile.ts';
import { validate } from './validate.ts';

type Fields = Record<string, Json>;

function design(
  topic: Fields,
  { cluster = {}, producer = {} }: { cluster?: Fields; producer?: Fields } = {},
) {
  return sketched({
    name: 'Cluster',
    nodes: {
      p: { kind: 'producer', at: [0, 0], fields: { client: 'kafka', ...producer } },
      t: { kind: 'topic', at: [240, 0], fields: topic },
      g: { kind: 'consumer-group', at: [480, 0] },
      k: { kind: 'broker-cluster', at: [240, 240], fields: cluster },
    },
    edges: ['p > t', 't > g', 't.cluster > k'],
    horizonMs: 1000,
  });
}

function problemsOf(topic: Fields, others?: Parameters<typeof design>[1]): string[] {
  return validate(design(topic, others)).map(({ severity, code, field }) => `${severity} ${code} ${field}`);
}

it('finds nothing wrong with three replicas of which two must be in sync', () => {
  expect(problemsOf({ replicationFactor: 3, minInsync: 2 })).toEqual([]);
});

it('refuses more replicas than brokers, and more in sync than replicas', () => {
  expect(problemsOf({ replicationFactor: 4 })).toEqual(['error too-few-brokers replicationFactor']);
  expect(problemsOf({ replicationFactor: 3, minInsync: 4 })).toEqual(['error too-few-replicas minInsync']);
});

it('warns where one lost broker stops writes with acks=all, and only there', () => {
  const all = { replicationFactor: 3, minInsync: 3 };
  expect(problemsOf(all)).toEqual(['warning no-broker-to-lose minInsync']);
  const leader = { producer: { acks: 'leader', idempotence: 'off' } };
  expect(problemsOf(all, leader)).toEqual([]);
});

it('says that replicas need a cluster', () => {
  const { edges, ...rest } = design({ replicationFactor: 3 });
  const without = { ...rest, edges: edges.filter(({ fromPort }) => fromPort !== 'cluster') };
  expect(validate(without).map(({ code }) => code)).toContain('replicas-without-cluster');
});

it('refuses to lose a broker that is not there', () => {
  const { run } = compile(design({ replicationFactor: 3 }));
  expect(run!.inject('f', 'k', 'lose-broker', { broker: 4 })).toMatchObject({ code: 'missing-broker' });
  expect(run!.inject('f', 'k', 'lose-broker', { broker: 3 })).toBeNull();
});
