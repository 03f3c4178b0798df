import { describe, expect, it } from 'vitest';
import { PartitionMoves } from './partition-moves.ts';

const ONE_TOPIC = Array.from({ length: 14 }, () => 0);
const [A, B] = [0, 1];

describe('the moves of a rebalance', () => {
  it('sends back what came the other way', () => {
    const moves = new PartitionMoves(ONE_TOPIC, (place) => place);
    moves.note(3, A, B);
    expect(moves.insteadOf(5, B, A)).toBe(3);
    expect(moves.insteadOf(5, A, B)).toBe(5);
    moves.note(3, B, A);
    expect(moves.insteadOf(5, B, A)).toBe(5);
  });

  it('takes the first of a hash set, which never shrinks', () => {
    // Java 17: a HashSet of 16, 1, 2, …, 12 without 2, …, 12 walks 1, 16; one of 16, 1 walks 16, 1
    const hashOf = (place: number) => (place === 0 ? 16 : place);
    const few = new PartitionMoves(ONE_TOPIC, hashOf);
    for (const place of [0, 1]) few.note(place, A, B);
    expect(few.insteadOf(13, B, A)).toBe(0);
    const many = new PartitionMoves(ONE_TOPIC, hashOf);
    for (let place = 0; place < 13; place++) many.note(place, A, B);
    for (let place = 2; place < 13; place++) many.note(place, B, A);
    expect(many.insteadOf(13, B, A)).toBe(1);
  });
});
