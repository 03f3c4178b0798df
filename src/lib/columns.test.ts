import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Columns } from './columns.ts';
import { LimitError } from './limit-error.ts';

class Shelf {
  times = new Float64Array();
  flags = new Uint8Array();
  size = 0;
  constructor(columns: Columns, length = 4) {
    columns.f64(this, 'times', length);
    columns.u8(this, 'flags', length);
    columns.scalars(this, ['size']);
  }
}

describe('Columns', () => {
  it('assigns each column to its owner, zeroed, and counts its bytes', () => {
    const columns = new Columns();
    const owner: Record<string, unknown> = {};
    expect(columns.i32(owner, 'a', 3)).toBe(owner.a);
    columns.u32(owner, 'b', 3);
    columns.u16(owner, 'c', 3);
    expect(owner.a).toEqual(new Int32Array(3));
    expect(owner.b).toBeInstanceOf(Uint32Array);
    expect(owner.c).toBeInstanceOf(Uint16Array);
    expect(columns.bytes()).toBe(12 + 12 + 6);
  });

  it('keeps the contents when a column grows', () => {
    const columns = new Columns();
    const shelf = new Shelf(columns);
    shelf.times.set([1, 2, 3, 4]);
    columns.grow(shelf, 'times', 6);
    expect([...shelf.times]).toEqual([1, 2, 3, 4, 0, 0]);
    expect(columns.bytes()).toBe(6 * 8 + 4);
  });

  it('refuses to pass the limit and leaves everything as it was', () => {
    const columns = new Columns(64);
    const shelf = new Shelf(columns);
    const before = shelf.times;
    expect(() => columns.grow(shelf, 'times', 1e12)).toThrow(LimitError);
    expect(() => columns.f64({}, 'x', 4)).toThrow('memory in bytes: 68 needed, the limit is 64');
    expect(shelf.times).toBe(before);
    expect(columns.bytes()).toBe(36);
  });

  it('says that a limit is reached where the machine has no such memory, and leaves everything as it was', () => {
    const columns = new Columns();
    const shelf = new Shelf(columns);
    const before = shelf.times;
    expect(() => columns.grow(shelf, 'times', 2 * 2 ** 50)).toThrow(LimitError);
    const holder: { x?: Float64Array } = {};
    expect(() => columns.f64(holder, 'x', 2 ** 50)).toThrow(
      'memory in bytes: 9007199254741028 needed, the limit is 36',
    );
    expect(holder.x).toBeUndefined();
    expect(shelf.times).toBe(before);
    expect(columns.bytes()).toBe(36);
    columns.restore(columns.save());
  });

  it('restores columns and scalars in place', () => {
    const columns = new Columns();
    const shelf = new Shelf(columns);
    shelf.times.set([1, 2, 3, 4]);
    shelf.size = 4;
    const snapshot = columns.save();
    const array = shelf.times;
    shelf.times.fill(9);
    shelf.size = 1;
    columns.restore(snapshot);
    expect([...shelf.times]).toEqual([1, 2, 3, 4]);
    expect(shelf.times).toBe(array);
    expect(shelf.size).toBe(4);
  });

  it('restores over columns that have grown since, and the snapshot can be used again', () => {
    const columns = new Columns();
    const shelf = new Shelf(columns);
    shelf.times[0] = 5;
    const snapshot = columns.save();
    for (let round = 0; round < 2; round++) {
      columns.grow(shelf, 'times', 16);
      shelf.times.fill(7);
      columns.restore(snapshot);
      expect([...shelf.times]).toEqual([5, 0, 0, 0]);
      expect(columns.bytes()).toBe(36);
      shelf.times[0] = 6;
      expect(snapshot.arrays[0][0]).toBe(5);
    }
  });

  it('restores into a freshly built structure, also through structuredClone', () => {
    const columns = new Columns();
    const shelf = new Shelf(columns);
    columns.grow(shelf, 'times', 8);
    shelf.times[7] = 3;
    shelf.size = 8;
    const other = new Columns();
    const copy = new Shelf(other);
    other.restore(structuredClone(columns.save()));
    expect(copy.times).toEqual(shelf.times);
    expect(copy.size).toBe(8);
    expect(other.bytes()).toBe(columns.bytes());
  });

  it('refuses a snapshot of another structure', () => {
    const columns = new Columns();
    new Shelf(columns);
    const other = new Columns();
    other.f64({}, 'times', 4);
    expect(() => other.restore(columns.save())).toThrow('structure');
  });

  it('leaves an owner in its form when a snapshot is put back, so that machine code which reads it stays good', () => {
    const columns = new Columns();
    const shelf = new Shelf(columns);
    const like = new Shelf(new Columns());
    shelf.size = 7;
    const saved = columns.save();
    shelf.size = 8;
    columns.restore(saved);
    expect(shelf.size).toBe(7);
    expect(haveSameForm(shelf, like)).toBe(true);
    shelf.size = 2.5;
    expect(haveSameForm(shelf, like)).toBe(false);
  });

  it('makes a wide scalar so that a large number does not change the form of its owner', () => {
    class Clock {
      time = 0;
      ticks = 0;
      constructor(columns: Columns) {
        columns.wideScalars(this, ['time']);
        columns.scalars(this, ['ticks']);
      }
    }
    const clock = new Clock(new Columns());
    const like = new Clock(new Columns());
    expect(clock).toEqual({ time: 0, ticks: 0 });
    clock.time = 2 ** 40;
    expect(haveSameForm(clock, like)).toBe(true);
    clock.ticks = 2 ** 40;
    expect(haveSameForm(clock, like)).toBe(false);
  });

  it('puts every number back as it was', () => {
    const columns = new Columns();
    const shelf = new Shelf(columns);
    for (const value of [0, -0, -1, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 0.1, Infinity, NaN]) {
      shelf.size = value;
      const saved = columns.save();
      shelf.size = 3;
      columns.restore(saved);
      expect(shelf.size).toBe(value);
    }
  });
});

/** Whether V8 keeps two objects in one form, which machine code relies on. */
function haveSameForm(a: object, b: object): boolean {
  setFlagsFromString('--allow-natives-syntax');
  const haveSameMap = runInThisContext('(a, b) => %HaveSameMap(a, b)') as (a: object, b: object) => boolean;
  return haveSameMap(a, b);
}
