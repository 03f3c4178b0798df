import { expect, it } from 'vitest';
import { Columns } from './columns.ts';
import { RingBuffer } from './ring-buffer.ts';

it('returns the rows from a sequence number on, oldest first', () => {
  const ring = new RingBuffer(new Columns(), 3, 2);
  ring.push(1, 10);
  ring.push(2, 20);
  expect(ring.read(0)).toEqual({ first: 0, next: 2, values: Float64Array.of(1, 10, 2, 20) });
  expect(ring.read(1)).toEqual({ first: 1, next: 2, values: Float64Array.of(2, 20) });
  expect(ring.read(2).values).toHaveLength(0);
  expect(ring.read(99)).toEqual({ first: 2, next: 2, values: new Float64Array(0) });
});

it('overwrites the oldest rows and says from where on it still has them', () => {
  const ring = new RingBuffer(new Columns(), 3, 1);
  for (let i = 0; i < 8; i++) ring.push(i);
  expect(ring.oldest).toBe(5);
  expect(ring.read(0)).toEqual({ first: 5, next: 8, values: Float64Array.of(5, 6, 7) });
  expect(ring.read(0, 2)).toEqual({ first: 5, next: 7, values: Float64Array.of(5, 6) });
});

it('holds rows of one to eight values', () => {
  for (let width = 1; width <= 8; width++) {
    const ring = new RingBuffer(new Columns(), 2, width);
    ring.push(1, 2, 3, 4, 5, 6, 7, 8);
    ring.push(9, 2, 3, 4, 5, 6, 7, 8);
    const row = [2, 3, 4, 5, 6, 7, 8].slice(0, width - 1);
    expect([...ring.read(0).values]).toEqual([1, ...row, 9, ...row]);
  }
  expect(() => new RingBuffer(new Columns(), 2, 9)).toThrow('1 to 8');
});

it('is part of a snapshot', () => {
  const columns = new Columns();
  const ring = new RingBuffer(columns, 2, 1);
  ring.push(1);
  const snapshot = columns.save();
  ring.push(2);
  ring.push(3);
  columns.restore(snapshot);
  ring.push(4);
  expect([...ring.read(0).values]).toEqual([1, 4]);
});
