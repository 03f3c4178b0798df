import { describe, expect, it } from 'vitest';
import { bunch, dotWorth, Particles, PARTICLES_MAX, TRAVEL_MS } from './particles.ts';

function run(ratePerSecond: number, seconds: number, room = 1e9): Particles {
  const particles = new Particles();
  particles.reset(1);
  particles.setRoom(room);
  for (let frame = 0; frame < seconds * 60; frame++)
    particles.advance(
      1000 / 60,
      () => ratePerSecond,
      () => 3,
    );
  return particles;
}

describe('particles', () => {
  it('are one a message: as many on the way as arrive in the time of one crossing', () => {
    const { alive, worth } = run(200, 5);
    expect(worth).toBe(1);
    expect(alive).toBeGreaterThan(150);
    expect(alive).toBeLessThan(210);
  });

  it('stand for 10 or 100 messages when there are too many, and are never more than the limit', () => {
    const { alive, worth } = run(1_000_000, 3);
    expect(worth).toBe(1000);
    expect(alive).toBeLessThanOrEqual(PARTICLES_MAX + 500);
  });

  it('are fewer on short edges, where they would cover each other', () => {
    expect(run(200, 2, 6 * 20).worth).toBe(10);
  });

  it('leave when they have crossed', () => {
    const particles = run(200, 2);
    particles.advance(
      TRAVEL_MS,
      () => 0,
      () => 0,
    );
    expect(particles.alive).toBe(0);
  });

  it('keep their clock and places while nothing advances them', () => {
    const particles = run(10, 2);
    const { clockMs, alive } = particles;
    expect(particles.clockMs).toBe(clockMs);
    expect(particles.alive).toBe(alive);
  });
});

describe('what a dot is worth', () => {
  it('goes up by tens and does not flip back at the limit', () => {
    expect(dotWorth(1999, 2000, 1)).toBe(1);
    expect(dotWorth(2001, 2000, 1)).toBe(10);
    expect(dotWorth(1900, 2000, 10)).toBe(10);
    expect(dotWorth(1600, 2000, 10)).toBe(1);
  });
});

describe('a bunch before a full target', () => {
  it('stands at the sender, closer together to the front, at most eight', () => {
    const shares = bunch(500, 128);
    expect(shares.length).toBeLessThanOrEqual(8);
    expect(shares[0]).toBeLessThan(0.1);
    expect(shares[2] - shares[1]).toBeLessThan(shares[1] - shares[0]);
  });

  it('has as many dots as wait', () => {
    expect(bunch(2, 200)).toHaveLength(2);
    expect(bunch(0, 200)).toEqual([]);
  });
});
