import { fc, test } from '../testing/property.ts';
import { expect, it } from 'vitest';
import { Columns } from './columns.ts';
import { LimitError } from './limit-error.ts';
import { SlotPool } from './slot-pool.ts';

it('hands out the lowest slots first and then the one given back last', () => {
  const pool = new SlotPool(new Columns(), 4, 4);
  expect([pool.take(), pool.take(), pool.take()]).toEqual([0, 1, 2]);
  pool.give(0);
  pool.give(1);
  expect([pool.take(), pool.take(), pool.take()]).toEqual([1, 0, 3]);
  expect(pool.inUse).toBe(4);
});

it('tells its owner before it hands out a slot beyond the old capacity', () => {
  const pool = new SlotPool(new Columns(), 2, 5);
  const sizes: number[] = [];
  pool.onGrow = (capacity) => sizes.push(capacity);
  expect(Array.from({ length: 5 }, () => pool.take())).toEqual([0, 1, 2, 3, 4]);
  expect(sizes).toEqual([4, 5]);
});

it('stops at its limit with nothing changed', () => {
  const pool = new SlotPool(new Columns(), 1, 2, 'messages alive');
  pool.take();
  pool.take();
  expect(() => pool.take()).toThrow(new LimitError('messages alive', 3, 2));
  expect(pool.inUse).toBe(2);
  pool.give(1);
  expect(pool.take()).toBe(1);
});

it('asserts when more is given back than was taken', () => {
  const pool = new SlotPool(new Columns(), 2, 2);
  expect(() => pool.give(0)).toThrow('twice');
});

test.prop([fc.array(fc.integer({ min: -3, max: 5 }), { maxLength: 300 })])(
  'never has one slot out twice, through growth, snapshot and restore',
  (steps) => {
    const columns = new Columns();
    const pool = new SlotPool(columns, 1, 1024);
    const out: number[] = [];
    let snapshot = columns.save();
    let outThen: number[] = [];
    steps.forEach((step, at) => {
      if (step === -3) {
        snapshot = columns.save();
        outThen = [...out];
      } else if (step === -2) {
        columns.restore(snapshot);
        out.splice(0, out.length, ...outThen);
      } else if (step > 0 || out.length === 0) {
        const slot = pool.take();
        expect(out).not.toContain(slot);
        expect(slot).toBeLessThan(pool.capacity);
        out.push(slot);
      } else {
        pool.give(out.splice(at % out.length, 1)[0]);
      }
      expect(pool.inUse).toBe(out.length);
    });
  },
);
