import { describe, expect, it } from 'vitest';
import { newDesign } from '../../design/new-design.ts';
import type { Json, Problem } from '../../design/types.ts';
import { cloudProblems } from './cloud-problems.ts';

function problems(
  broker: Record<string, Json>,
  { producer = {}, group = {}, dead = false }: Record<string, Json> = {},
): Problem[] {
  const edge = (from: string, to: string, fromPort = 'out') => ({
    id: `${from}-${to}`,
    from,
    fromPort,
    to,
    toPort: 'in',
  });
  return cloudProblems({
    ...newDesign('Cloud'),
    nodes: [
      { id: 'p', kind: 'producer', name: 'p', fields: producer as Record<string, Json> },
      { id: 'b', kind: 'cloud-broker', name: 'b', fields: broker },
      { id: 'g', kind: 'consumer-group', name: 'g', fields: group as Record<string, Json> },
      { id: 'd', kind: 'dead-letter-queue', name: 'd', fields: {} },
    ],
    edges: [edge('p', 'b'), edge('b', 'g'), ...(dead === true ? [edge('b', 'd', 'dead')] : [])],
  });
}

const codes = (found: readonly Problem[]) => found.map(({ code, node, field }) => [code, node, field]);

describe('a managed broker', () => {
  it('of each profile is fine with its defaults', () => {
    for (const profile of ['sqs', 'sqs-fifo', 'jetstream', 'pulsar'])
      expect(problems({ profile })).toEqual([]);
  });

  it('refuses a back-off longer than MaxDeliver, and one that is no list', () => {
    const fields = { profile: 'jetstream', backOff: '1, 5, 10' };
    expect(codes(problems({ ...fields, maxDeliver: 2 }))).toEqual([['back-off-too-long', 'b', 'backOff']]);
    expect(problems({ ...fields, maxDeliver: 3 })).toEqual([]);
    expect(codes(problems({ ...fields, backOff: 'soon' }))).toEqual([['back-off-not-read', 'b', 'backOff']]);
  });

  it('refuses messages without a group in a FIFO queue', () => {
    const found = problems({ profile: 'sqs-fifo' }, { producer: { keys: 'none' } });
    expect(codes(found)).toEqual([['no-message-group', 'p', 'keys']]);
  });

  it('warns of a limit without dead letters, and of dead letters without a limit', () => {
    expect(codes(problems({ maxReceiveCount: 3 }))).toEqual([
      ['no-dead-letter-edge', 'b', 'maxReceiveCount'],
    ]);
    expect(problems({ maxReceiveCount: 3 }, { dead: true })).toEqual([]);
    const pulsar = problems({ profile: 'pulsar' }, { dead: true });
    expect(codes(pulsar)).toEqual([['dead-letters-never', 'b', 'maxRedeliverCount']]);
  });

  it('warns of members that an Exclusive subscription refuses, and of dead letters that never come', () => {
    const exclusive = { profile: 'pulsar', subscription: 'exclusive' };
    expect(codes(problems(exclusive))).toEqual([['consumer-busy', 'g', 'members']]);
    expect(problems(exclusive, { group: { members: 1 } })).toEqual([]);
    const failover = { profile: 'pulsar', subscription: 'failover' };
    expect(problems(failover)).toEqual([]);
    const never = [['dead-letters-never', 'b', 'maxRedeliverCount']];
    expect(codes(problems({ ...failover, maxRedeliverCount: 3 }))).toEqual(never);
    expect(codes(problems({ ...failover, maxRedeliverCount: 3 }, { dead: true }))).toEqual(never);
  });

  it('warns of work that takes longer than it waits', () => {
    const group = { serviceTime: { shape: 'constant', mean: 40_000 } };
    expect(codes(problems({}, { group }))).toEqual([['slower-than-timeout', 'b', 'visibilityTimeout']]);
    expect(problems({ visibilityTimeout: 60_000 }, { group })).toEqual([]);
  });
});
