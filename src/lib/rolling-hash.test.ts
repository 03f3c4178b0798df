import { fc, test } from '../testing/property.ts';
import { expect, it } from 'vitest';
import { Columns } from './columns.ts';
import { RollingHash } from './rolling-hash.ts';

function hashOf(events: readonly (readonly [number, number, number])[]): string {
  const hash = new RollingHash(new Columns());
  for (const [time, a, b] of events) hash.mix(time, a, b);
  return hash.hex();
}

const event = fc.tuple(fc.maxSafeNat(), fc.integer(), fc.integer());

it('has 16 digits that agree with its two halves', () => {
  const hash = new RollingHash(new Columns());
  hash.mix(1, 2, 3);
  expect(hash.hex()).toMatch(/^[0-9a-f]{16}$/);
  expect(BigInt(`0x${hash.hex()}`)).toBe((BigInt(hash.high) << 32n) | BigInt(hash.low));
});

it('gives the same digits on every machine', () => {
  expect(hashOf([[0, 0, 0]])).toMatchInlineSnapshot(`"49fdaf7ff4220425"`);
  expect(
    hashOf([
      [2 ** 53 - 1, -1, 5],
      [7, 1, 2],
    ]),
  ).toMatchInlineSnapshot(`"40081b4fb713efb8"`);
});

test.prop([
  fc.array(event, { minLength: 1, maxLength: 20 }),
  fc.nat(),
  fc.integer({ min: 0, max: 2 }),
  fc.integer({ min: 0, max: 30 }),
])('changes when one bit of one event changes', (events, which, field, bit) => {
  const changed = events.map((e) => [...e] as [number, number, number]);
  const target = changed[which % events.length];
  if (field === 0) target[0] = Number(BigInt(target[0]) ^ (1n << BigInt(bit + 21)));
  else target[field] ^= 1 << bit;
  expect(hashOf(changed)).not.toBe(hashOf(events));
});

test.prop([event, event])('depends on the order of two different events', (a, b) => {
  fc.pre(a.some((value, i) => value !== b[i]));
  expect(hashOf([a, b])).not.toBe(hashOf([b, a]));
});

it('has no collision among 200,000 neighbouring events', () => {
  const seen = new Set<string>();
  for (let time = 0; time < 50; time++) {
    for (let a = 0; a < 100; a++) for (let b = 0; b < 40; b++) seen.add(hashOf([[time, a, b]]));
  }
  expect(seen.size).toBe(200_000);
});

it('is part of a snapshot', () => {
  const columns = new Columns();
  const hash = new RollingHash(columns);
  hash.mix(1, 1, 1);
  const snapshot = columns.save();
  const before = hash.hex();
  hash.mix(2, 2, 2);
  columns.restore(snapshot);
  expect(hash.hex()).toBe(before);
});
