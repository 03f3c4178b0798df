import { expect, it } from 'vitest';
import type { Json } from '../../../design/types.ts';
import { sketched } from '../../../gallery/sketch.ts';
import { compile } from '../../../simulation/compile.ts';
import type { LiveRun } from '../../../simulation/live-run.ts';
import { evidenceOf, frameOf } from '../../../testing/frame-of.ts';
import { explainNode, plainText } from './explain-node.ts';
import { readPartitions } from '../figures/replica-reading.ts';

const design = sketched({
  name: 'Replicas',
  nodes: {
    web: { kind: 'producer', at: [0, 0], fields: { client: 'kafka', rate: 10 } },
    orders: { kind: 'topic', at: [240, 0], fields: { partitions: 1, replicationFactor: 2, minInsync: 2 } },
    billing: { kind: 'consumer-group', at: [480, 0], fields: { members: 1 } },
    kafka: { kind: 'broker-cluster', at: [240, 240], fields: { brokers: 2 } },
  },
  edges: ['web > orders', 'orders > billing', 'orders.cluster > kafka'],
  horizonMs: 600_000,
});

function start(): LiveRun {
  return compile(design).run!;
}

function says(run: LiveRun, node: string): string | null {
  const evidence = evidenceOf(design, run);
  const found = explainNode(evidence, node);
  return found && `${found.question} ${plainText(found)}`;
}

function lose(run: LiveRun, broker: Json): void {
  expect(run.inject(`b${JSON.stringify(broker)}`, 'kafka', 'lose-broker', { broker })).toBeNull();
}

it('says nothing of a topic whose replicas are all in sync', () => {
  const run = start();
  run.advance(5000, Infinity);
  expect(readPartitions(frameOf(run), 'orders')).toMatchObject([
    { state: 'online', leader: 1, holders: [1, 2], inSync: [1, 2] },
  ]);
  expect(says(run, 'orders')).toBeNull();
});

it('says who waits for a partition without a leader, and then why writes are refused', () => {
  const run = start();
  run.advance(5000, Infinity);
  lose(run, 1);
  run.advance(8000, Infinity);
  expect(says(run, 'orders')).toBe(
    'Why does it stand still? p0 has no leader since 00:05: its broker is lost, and the cluster has not noticed yet.',
  );
  expect(says(run, 'billing')).toContain('p0 of orders has no leader since 00:05: nobody can read it.');
  expect(says(run, 'web')).toContain(
    'p0 of orders has no leader since 00:05: what goes there waits in the client.',
  );
  expect(says(run, 'kafka')).toContain('b1 lost since 00:05.');
  run.advance(20_000, Infinity);
  const refused =
    'p0 of orders refuses writes with acks=all since 00:14: only b2 in sync, fewer than min.insync.replicas.';
  expect(says(run, 'orders')).toContain(refused);
  expect(says(run, 'web')).toContain(refused);
});

it('says who must come back to a partition that is offline, and when the trace saw what', () => {
  const run = start();
  run.advance(5000, Infinity);
  lose(run, 2);
  run.advance(20_000, Infinity);
  lose(run, 1);
  run.advance(40_000, Infinity);
  const rows = run.drainTrace().filter(({ code }) => code === 'machine');
  expect(rows.filter(({ partition }) => partition === 0).map(({ atMs, text }) => `${atMs} ${text}`)).toEqual([
    '14000 orders p0, led by broker 1, 1 of 2 in sync: too few replicas are in sync: writes with acks=all are refused, reading goes on.',
    '20000 orders p0: its leader does not answer and no other is elected yet: nobody writes or reads.',
    '29000 orders p0: no replica in sync is there to lead it: nobody writes or reads.',
  ]);
  expect(says(run, 'orders')).toBe(
    'Why does it stand still? p0 is offline since 00:29: b1 alone was in sync, and must come back.',
  );
});
