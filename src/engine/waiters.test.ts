import { describe, expect, it } from 'vitest';
import { Columns } from '../lib/columns.ts';
import { LimitError } from '../lib/limit-error.ts';
import { fc, test } from '../testing/property.ts';
import { Waiters } from './waiters.ts';

const TARGETS = 3;

type Step = { do: 'push' | 'pushFront' | 'shift' | 'remove'; target: number; edge: number; tag: number };

const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom('push', 'push', 'pushFront', 'shift', 'remove'),
  target: fc.nat(TARGETS - 1),
  edge: fc.nat(3),
  tag: fc.nat(3),
});

/** The same lines as arrays, and what each step found. */
class PlainLines {
  readonly lines: [edge: number, tag: number][][] = Array.from({ length: TARGETS }, () => []);

  take({ do: what, target, edge, tag }: Step): readonly number[] | boolean {
    const line = this.lines[target];
    if (what === 'shift') return line.shift() ?? false;
    if (what === 'push') line.push([edge, tag]);
    if (what === 'pushFront') line.unshift([edge, tag]);
    if (what !== 'remove') return true;
    const place = line.findIndex(([one, other]) => one === edge && other === tag);
    if (place >= 0) line.splice(place, 1);
    return place >= 0;
  }
}

function take(waiters: Waiters, { do: what, target, edge, tag }: Step): readonly number[] | boolean {
  if (what === 'shift') return waiters.shift(target) && [waiters.foundEdge, waiters.foundTag];
  if (what === 'remove') return waiters.remove(target, edge, tag);
  waiters[what](target, edge, tag);
  return true;
}

describe('senders that wait', () => {
  test.prop([fc.array(step, { maxLength: 300 })])(
    'are called first come, first served, whoever leaves in between',
    (steps) => {
      const waiters = new Waiters(new Columns(), TARGETS, 1000);
      const plain = new PlainLines();
      for (const each of steps) {
        expect(take(waiters, each)).toEqual(plain.take(each));
        expect([...waiters.count]).toEqual(plain.lines.map(({ length }) => length));
      }
    },
  );

  it('are put back as they stood by a snapshot', () => {
    const columns = new Columns();
    const waiters = new Waiters(columns, 1, 1000);
    for (let tag = 0; tag < 100; tag++) waiters.push(0, 7, tag);
    const before = columns.save();
    for (let i = 0; i < 50; i++) waiters.shift(0);
    waiters.pushFront(0, 8, 8);
    columns.restore(before);
    const tags = Array.from({ length: 100 }, () => waiters.shift(0) && waiters.foundTag);
    expect(tags).toEqual(Array.from({ length: 100 }, (_, tag) => tag));
    expect(waiters.shift(0)).toBe(false);
  });

  it('are no more than the limit allows', () => {
    const waiters = new Waiters(new Columns(), 1, 64);
    for (let tag = 0; tag < 64; tag++) waiters.push(0, 0, tag);
    expect(() => waiters.push(0, 0, 64)).toThrow(LimitError);
    expect(waiters.count[0]).toBe(64);
  });
});
