import { describe, expect, it } from 'vitest';
import { brokerCluster } from '../../../kinds/broker-cluster/kind.ts';
import { consumerGroup } from '../../../kinds/consumer-group/kind.ts';
import { database } from '../../../kinds/database/kind.ts';
import { deadLetterQueue } from '../../../kinds/dead-letter-queue/kind.ts';
import type { KindDefinition } from '../../../kinds/kind.ts';
import { producer } from '../../../kinds/producer/kind.ts';
import { queue } from '../../../kinds/queue/kind.ts';
import { topic } from '../../../kinds/topic/kind.ts';
import { BADGE, NODE, NODE_SIZE } from '../../../simulation/frame/frame-layout.ts';
import { hotPartition, liveFigures, restFigures } from './node-figures.ts';

const NOW = 60_000;

function line(definition: KindDefinition, values: Partial<Record<keyof typeof NODE, number>>): string {
  const data = new Float64Array(NODE_SIZE);
  data[NODE.lastActiveMs] = NOW;
  for (const [name, value] of Object.entries(values)) data[NODE[name as keyof typeof NODE]] = value;
  const { figure, unit, note } = liveFigures(definition, data, 0, NOW);
  return `${figure}${unit} ${note}`.trim();
}

describe('the last line of a card in a run', () => {
  it.each<[KindDefinition, Partial<Record<keyof typeof NODE, number>>, string]>([
    [producer, { outPerSecond: 120 }, '120/s'],
    [producer, { outPerSecond: 4, badge: BADGE.blocked, heldBackMs: 4200 }, '4/s held back 4.2 s'],
    [producer, { outPerSecond: 0, connection: 1 }, '0/s blocked by the broker'],
    [topic, { inPerSecond: 200 }, '200/s'],
    [queue, { amount: 186 }, '186 waiting'],
    [queue, { amount: 186, limit: 500 }, '186 of 500 waiting'],
    [queue, { amount: 0, unacknowledged: 250 }, '0 waiting, 250 out'],
    [queue, { amount: 2, limit: 200, delayed: 190, unacknowledged: 5 }, '2 of 200 waiting, 190 to retry'],
    [consumerGroup, { inPerSecond: 500, outPerSecond: 133, amount: 1204 }, '133/s 1,204 behind'],
    [database, { busy: 7, servers: 20 }, '7 of 20 busy'],
    [database, { servers: 20, lastActiveMs: 42_000 }, '0/s idle since 00:42'],
    [deadLetterQueue, { amount: 42, inPerSecond: 3 }, '42 dead, +3/s'],
    [deadLetterQueue, {}, '0 dead'],
    [brokerCluster, { amount: 3, limit: 3 }, '3 of 3 brokers'],
    [brokerCluster, { amount: 1, limit: 3, brokersDown: 6 }, '1 of 3 up, b2 b3 down'],
  ])('of %o', (definition, values, text) => expect(line(definition, values)).toBe(text));
});

describe('a card at rest', () => {
  const rest = (definition: KindDefinition, fields = {}) =>
    restFigures(definition, { id: 'n', kind: definition.kind, name: 'n', fields });

  it('says what the design says', () => {
    expect(rest(producer, { rate: 120 })).toBe('120/s');
    expect(rest(producer, { arrivals: 'burst' })).toBe('100/s, burst');
    expect(rest(topic)).toBe('3 partitions');
    expect(rest(topic, { partitions: 1 })).toBe('1 partition');
    expect(rest(consumerGroup)).toBe('3 members');
    expect(rest(database)).toBe('20 connections');
    expect(rest(queue)).toBe('no limit');
    expect(rest(queue, { capacityBytes: 50_000 })).toBe('capacity 50,000 bytes');
    expect(rest(queue, { capacity: 20_000 })).toBe('capacity 20,000');
    expect(rest(deadLetterQueue)).toBe('alert at 100');
  });

  it('says nothing of a value that makes no sense', () => {
    expect(rest(producer, { rate: 'fast' })).toBe('');
  });
});

describe('a hot partition', () => {
  it('takes more than twice its share', () => {
    expect(hotPartition([24, 24, 82, 24, 24, 24])).toEqual({ partition: 2, share: 82 / 202 });
    expect(hotPartition([30, 30, 40])).toBeNull();
  });

  it('is none among two, or while hardly anything flows', () => {
    expect(hotPartition([1, 99])).toBeNull();
    expect(hotPartition([0, 0, 4])).toBeNull();
  });
});
