import { describe, expect, it } from 'vitest';
import { Pacer } from './pacer.ts';

describe('a pacer', () => {
  it('owes wall time times speed, less what was paid', () => {
    const pacer = new Pacer();
    pacer.setSpeed(10, 0);
    pacer.start(0);
    expect(pacer.owed(8)).toBe(80);
    pacer.paid(75);
    expect(pacer.owed(10)).toBe(25);
  });

  it('forgives what a stall of more than 100 ms left owing', () => {
    const pacer = new Pacer();
    pacer.setSpeed(2, 0);
    pacer.start(0);
    expect(pacer.owed(60_000)).toBe(200);
  });

  it('does not let a clock that goes back take anything away', () => {
    const pacer = new Pacer();
    pacer.start(100);
    expect(pacer.owed(110)).toBe(10);
    expect(pacer.owed(50)).toBe(10);
  });

  it('clamps the speed to 0.1 and 1000, and knows no debt at full speed', () => {
    const pacer = new Pacer();
    pacer.setSpeed(0.001, 0);
    pacer.start(0);
    expect(pacer.owed(10)).toBe(1);
    pacer.setSpeed(1e9, 10);
    pacer.start(10);
    expect(pacer.owed(11)).toBe(1000);
    pacer.setSpeed('max', 11);
    expect(pacer.owed(12)).toBe(Infinity);
  });

  it('does not turn old debt into a burst when the speed falls', () => {
    const pacer = new Pacer();
    pacer.setSpeed(1000, 0);
    pacer.start(0);
    expect(pacer.owed(50)).toBe(50_000);
    pacer.setSpeed(1, 50);
    expect(pacer.owed(50)).toBe(100);
  });
});
