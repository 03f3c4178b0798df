import { describe, expect, it } from 'vitest';
import { messageMix, typeAt, type MixedEdge } from './message-mix.ts';

const edge = (from: string, to: string, ratePerSecond: number, messageType = -1): MixedEdge => ({
  from,
  to,
  ratePerSecond,
  messageType,
});

describe('the mix of message types on an edge', () => {
  it('behind a topic is what came in, by rate', () => {
    const [, , out, further] = messageMix(
      [
        edge('a', 'topic', 120, 0),
        edge('b', 'topic', 40, 1),
        edge('topic', 'group', 160),
        edge('group', 'db', 160),
      ],
      2,
    );
    expect([...out]).toEqual([0.75, 0.25]);
    expect([...further]).toEqual([0.75, 0.25]);
  });

  it('is found in a circle, too', () => {
    const mixes = messageMix([edge('a', 't', 10, 1), edge('t', 'g', 20), edge('g', 't', 10)], 2);
    for (const mix of mixes) expect(mix[1]).toBe(1);
  });

  it('is nothing where nothing is known', () => {
    expect([...messageMix([edge('x', 'y', 5)], 2)[0]]).toEqual([0, 0]);
  });
});

describe('a type drawn from a mix', () => {
  it('follows the shares', () => {
    const mix = Float64Array.of(0.75, 0.25);
    expect([typeAt(mix, 0), typeAt(mix, 0.74), typeAt(mix, 0.76), typeAt(mix, 1)]).toEqual([0, 0, 1, 0]);
  });

  it('is the first where the mix is not known', () => {
    expect(typeAt(new Float64Array(3), 0.5)).toBe(0);
  });
});
