import { describe, expect, it } from 'vitest';
import { clock, clockTime, count, duration, percent, perSecond, plain, rate, trend } from './figures.ts';

describe('figures', () => {
  it.each([
    [0, '0'],
    [14, '14'],
    [1204, '1,204'],
    [9999, '9,999'],
    [9999.6, '10 k'],
    [12_400, '12.4 k'],
    [123_456, '123 k'],
    [999_600, '1 M'],
    [3_140_000, '3.1 M'],
    [-42, '−42'],
    [NaN, '–'],
  ])('writes the count %d as %s', (value, text) => expect(count(value)).toBe(text));

  it.each([
    [0.01, '0'],
    [0.4, '0.4'],
    [7.46, '7.5'],
    [9.96, '10'],
    [46.2, '46'],
    [12_400, '12.4 k'],
  ])('writes the rate %d as %s', (value, text) => expect(rate(value)).toBe(text));

  it('puts the unit of a rate behind it', () => expect(perSecond(200)).toBe('200/s'));

  it('gives a trend its sign, and nearly nothing none', () => {
    expect([trend(154), trend(-3.2), trend(0.01)]).toEqual(['+154/s', '−3.2/s', '±0/s']);
  });

  it.each([
    [0, '0 s'],
    [0.42, '0.4 ms'],
    [40, '40 ms'],
    [4600, '4.6 s'],
    [12_000, '12 s'],
    [45_000, '45 s'],
    [180_000, '3 min'],
    [9_000_000, '2.5 h'],
    [604_800_000, '7 days'],
    [NaN, '–'],
  ])('writes %d ms as %s', (value, text) => expect(duration(value)).toBe(text));

  it.each([
    [0, '00:00.0'],
    [47_300, '00:47.3'],
    [59_999, '00:59.9'],
    [3_725_000, '1:02:05.0'],
  ])('writes the clock at %d ms as %s', (value, text) => expect(clock(value)).toBe(text));

  it('writes a time of day of the run to the second', () => expect(clockTime(31_900)).toBe('00:31'));

  it('never rounds a small share to nothing', () => {
    expect([percent(0.41), percent(0.004), percent(0), percent(1)]).toEqual([
      '41 %',
      '0.4 %',
      '0 %',
      '100 %',
    ]);
  });

  it('keeps an entered number as it is', () => {
    expect([plain(8), plain(2.5), plain(20_000), plain(-1)]).toEqual(['8', '2.5', '20,000', '−1']);
  });
});
