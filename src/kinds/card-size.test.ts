import { describe, expect, it } from 'vitest';
import { cardSize, laneCount, laneRoom } from './card-size.ts';

const node = (kind: string, fields = {}) => ({ id: 'n', kind, name: 'n', fields });

describe('card size', () => {
  it('is the size of the kind', () => {
    expect(cardSize(node('producer'))).toEqual({ width: 168, height: 68 });
  });

  it('grows by a lane for each partition, up to eight', () => {
    expect(cardSize(node('topic', { partitions: 6 })).height).toBe(254);
    expect(cardSize(node('topic', { partitions: 500 })).height).toBe(104 + 8 * 25);
    expect(laneCount(node('topic', { partitions: 500 }))).toBe(500);
  });

  it('has room for the lanes of partitions that may be added', () => {
    const growing = node('topic', { partitions: 2, growsTo: 6 });
    expect([laneCount(growing), laneRoom(growing)]).toEqual([2, 6]);
    expect(cardSize(growing).height).toBe(254);
  });

  it('has room for the lanes of partitions that the scenario adds', () => {
    const plan = (id: string, partitions: number) => ({
      id: 'f',
      atMs: 1000,
      node: id,
      fault: 'add-partitions',
      args: { partitions },
    });
    const topic = node('topic', { partitions: 2 });
    expect(laneRoom(topic, [plan('n', 5), plan('other', 8)])).toBe(5);
    expect(cardSize(topic, [plan('n', 5)]).height).toBe(104 + 5 * 25);
    expect(cardSize(node('producer'), [plan('n', 5)]).height).toBe(68);
  });

  it('survives a partition count that is no number', () => {
    expect(laneCount(node('topic', { partitions: 'many' }))).toBe(1);
    expect(laneCount(node('topic', { partitions: Infinity }))).toBe(1);
  });

  it('has a size for a kind that this version does not know', () => {
    expect(cardSize(node('time-machine'))).toEqual({ width: 176, height: 68 });
  });
});
