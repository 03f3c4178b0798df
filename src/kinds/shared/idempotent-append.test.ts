import { describe, expect, it } from 'vitest';
import { judgeAppend, LAST_SEQUENCE, type SequenceRange } from './idempotent-append.ts';

// Derived from ProducerStateEntry and ProducerAppendInfo of Apache Kafka.
describe('a partition that gets a batch of an idempotent producer', () => {
  const two: SequenceRange[] = [
    [0, 2],
    [3, 5],
  ];

  it('appends the next, answers a repetition as a duplicate and refuses a gap', () => {
    expect(judgeAppend(two, [6, 8], 0)).toBe('append');
    expect(judgeAppend(two, [3, 5], 0)).toBe('duplicate');
    expect(judgeAppend(two, [0, 2], 0)).toBe('duplicate');
    expect(judgeAppend(two, [7, 9], 0)).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
    expect(judgeAppend(two, [3, 4], 0)).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
  });

  it('remembers five batches', () => {
    const six = Array.from({ length: 6 }, (_, at): SequenceRange => [at, at]);
    expect(judgeAppend(six, [1, 1], 0)).toBe('duplicate');
    expect(judgeAppend(six, [0, 0], 0)).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
  });

  it('begins a new epoch at 0 and fences an old one off', () => {
    expect(judgeAppend(two, [0, 1], 1)).toBe('append');
    expect(judgeAppend(two, [6, 8], 1)).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
    expect(judgeAppend(two, [6, 8], -1)).toBe('INVALID_PRODUCER_EPOCH');
  });

  it('goes on at 0 after the largest number, and at any number for a producer that it does not know', () => {
    expect(judgeAppend([[LAST_SEQUENCE - 1, LAST_SEQUENCE]], [0, 3], 0)).toBe('append');
    expect(judgeAppend([], [17, 18], 0)).toBe('append');
  });
});
