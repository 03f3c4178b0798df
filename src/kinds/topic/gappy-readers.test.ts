import { expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { smallRun } from '../../testing/small-run.ts';
import type { Topics } from './behavior.ts';

/** Topics that are kept in a cluster hear from it what an unclean election cuts off. */
interface Cuttable {
  cutOff(sim: Simulation, topic: number, lane: number, from: number, end: number): void;
}

const constant = (mean: number): Json => ({ shape: 'constant', mean });

it('forgets an open transaction whose records are cut off with the end of their log', () => {
  const transactions = { client: 'kafka', acks: 'all', transactions: 'on', transactionTime: 5000 };
  const run = smallRun({
    nodes: [
      { id: 'web', kind: 'producer', fields: { rate: 10, ...transactions, requestLatency: constant(1) } },
      { id: 'log', kind: 'topic', fields: { partitions: 1, replicationFactor: 2 } },
      { id: 'sees', kind: 'consumer-group', fields: { members: 1, isolation: 'read-committed' } },
      { id: 'cluster', kind: 'broker-cluster', fields: { brokers: 2 } },
    ],
    edges: ['web > log', 'log > sees', 'log.cluster > cluster'],
  });
  run.until(2000);
  const { topics } = run.kinds;
  const log = run.node('log');
  const first = topics.gaps!.lastStableOf(0);
  const end = topics.logEnd(log, 0);
  expect(first).toBeLessThan(end);
  (topics as Topics & Cuttable).cutOff(run.sim, log, 0, first, end);
  expect(topics.gaps!.lastStableOf(0)).toBe(Infinity);
});
