import { describe, expect, it } from 'vitest';
import { covers, overlaps, subjectFault } from './subjects.ts';

describe('a subject of NATS', () => {
  it('with > takes one token or more, and with * just one', () => {
    const taken = (pattern: string) =>
      ['orders', 'orders.eu', 'orders.eu.de', 'payments.eu'].filter((subject) => covers(pattern, subject));
    expect(taken('orders.>')).toEqual(['orders.eu', 'orders.eu.de']);
    expect(taken('orders.*')).toEqual(['orders.eu']);
    expect(taken('*.eu')).toEqual(['orders.eu', 'payments.eu']);
    expect(taken('>')).toEqual(['orders', 'orders.eu', 'orders.eu.de', 'payments.eu']);
    expect(taken('orders')).toEqual(['orders']);
    expect(taken('orders.eu.de.>')).toEqual([]);
  });

  it('is refused with an empty token, a space, or a > before the end', () => {
    for (const wrong of ['', 'a..b', '.a', 'a.', 'a b', 'a.>.b', '>.a']) {
      expect(subjectFault(wrong), wrong).not.toBeNull();
    }
    // Within a token they are letters as others.
    for (const fine of ['a', 'a.*.c', '*', '>', 'a.>', 'a*.b>']) expect(subjectFault(fine), fine).toBeNull();
  });

  it('covers another with wildcards only where it takes all that that one takes', () => {
    expect([covers('orders.>', 'orders.*'), covers('orders.*', 'orders.>')]).toEqual([true, false]);
    expect([covers('>', 'a.>'), covers('a.*.c', 'a.b.*'), covers('a.*.*', 'a.b.*')]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('overlaps another where some subject is of both', () => {
    expect(overlaps('a.*.c', 'a.b.*')).toBe(true);
    expect(overlaps('orders.>', '*.eu')).toBe(true);
    expect(overlaps('orders.>', 'orders')).toBe(false);
    expect(overlaps('a.*', 'b.*')).toBe(false);
  });
});
