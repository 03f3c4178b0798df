import { fc, test as property } from '../testing/property.ts';
import { describe, expect, it } from 'vitest';
import { Keyframes, type Keyframe, type KeyframeLimits } from './keyframes.ts';

/** A run that only moves: its place is a cost, its size may grow. */
class Walker {
  readonly keyframes: Keyframes;
  cost = 0;
  kept = 0;
  private readonly bytesAt: (cost: number) => number;

  constructor(limits: KeyframeLimits, bytesAt: (cost: number) => number) {
    this.keyframes = new Keyframes(limits);
    this.bytesAt = bytesAt;
    this.keep();
  }

  /** As a run does: stops wherever a keyframe is due. */
  walkTo(cost: number): void {
    for (;;) {
      const due = Math.ceil(this.keyframes.due(this.cost, this.bytesAt(this.cost)));
      if (due > cost) break;
      this.cost = due;
      this.keep();
    }
    this.cost = cost;
  }

  /** What a seek to a place runs anew. */
  seek(cost: number): number {
    const from = this.keyframes.before(cost).cost;
    this.cost = from;
    this.walkTo(cost);
    return cost - from;
  }

  private keep(): void {
    const { cost } = this;
    const bytes = this.bytesAt(cost);
    if (!this.keyframes.makeRoom(cost, bytes)) return;
    this.kept++;
    const place = { atMs: cost, events: cost, cost, interventions: 0, traceRows: 0 };
    this.keyframes.add({ ...place, snapshot: { bytes } });
  }
}

/** The longest stretch between keyframes that begins in a range of places. */
function longestStretch({ keyframes, cost }: Walker, from: number, to: number): number {
  const places = [...keyframes.list.map((keyframe) => keyframe.cost), cost];
  let longest = 0;
  for (let at = 1; at < places.length; at++) {
    if (places[at] >= from && places[at - 1] <= to) longest = Math.max(longest, places[at] - places[at - 1]);
  }
  return longest;
}

const KB = 1000;

describe('keyframes', () => {
  it('stand one spacing apart while there is room', () => {
    const walker = new Walker({ bytes: 100 * KB, count: 400, spacing: 1000 }, () => KB);
    walker.walkTo(50_000);
    expect(walker.keyframes.list).toHaveLength(51);
    expect(longestStretch(walker, 0, Infinity)).toBe(1000);
  });

  it.each([20, 100, 400])(
    'leave a few parts in %d of a long run to run again, and much less close to the present',
    (room) => {
      const walker = new Walker({ bytes: room * KB, count: 1000, spacing: 1000 }, () => KB);
      for (const whole of [1_000_000, 3_000_000, 10_000_000]) {
        walker.walkTo(whole);
        expect(walker.keyframes.list.length).toBe(room);
        expect(longestStretch(walker, 0, Infinity)).toBeLessThanOrEqual((6 * whole) / room);
        expect(longestStretch(walker, whole * 0.98, Infinity)).toBeLessThanOrEqual(
          (1.5 * whole) / room + 2000,
        );
      }
    },
  );

  it('come closer together around the place where the viewer looks', () => {
    const walker = new Walker({ bytes: 100 * KB, count: 400, spacing: 1000 }, () => KB);
    walker.walkTo(10_000_000);
    expect(longestStretch(walker, 2_300_000, 2_345_678)).toBeGreaterThan(100_000);
    walker.seek(2_345_678);
    const later = Array.from({ length: 20 }, (_, at) => walker.seek(2_345_678 - 3000 * (at % 7)));
    expect(Math.max(...later)).toBeLessThanOrEqual(30_000);
    // The other end is not forgotten for it.
    expect(longestStretch(walker, 0, Infinity)).toBeLessThanOrEqual(600_000);
  });

  it('are fewer for a larger state, which costs more to copy', () => {
    const walker = new Walker({ bytes: 1e12, count: 400, spacing: 1000 }, () => 160_000);
    walker.walkTo(100_000);
    expect(walker.kept).toBe(11);
  });

  it('go on without any but the first if the state has outgrown all the room', () => {
    const walker = new Walker({ bytes: 10 * KB, count: 400, spacing: 1000 }, (cost) =>
      cost < 5000 ? KB : 20 * KB,
    );
    walker.walkTo(100_000);
    expect(walker.keyframes.list.map(({ cost }) => cost)).toEqual([0, 1000, 2000, 3000, 4000]);
    expect(walker.seek(90_000)).toBe(86_000);
  });

  const steps = fc.array(
    fc.record({
      how: fc.constantFrom('walk', 'seek', 'change'),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { minLength: 1, maxLength: 40 },
  );

  property.prop([
    steps,
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 2, max: 50 }),
    fc.constantFrom(0, 0.3, 40),
  ])('never hold more than they may, whatever the viewer does', (history, room, count, growth) => {
    const limits = { bytes: room * KB, count, spacing: 1000 };
    const walker = new Walker(limits, (cost) => KB / 2 + Math.floor(growth * cost));
    for (const { how, share } of history) {
      if (how === 'walk') walker.walkTo(walker.cost + Math.floor(share * 100_000));
      else if (how === 'seek') walker.seek(Math.floor(share * walker.cost * 1.2));
      else walker.keyframes.dropAfter(walker.cost, 0);
      const { list, bytes } = walker.keyframes;
      expect(bytes).toBe(list.reduce((sum, { snapshot }) => sum + snapshot.bytes, 0));
      expect(bytes).toBeLessThanOrEqual(limits.bytes);
      expect(list.length).toBeLessThanOrEqual(count);
      expect(list[0].cost).toBe(0);
      expect(isInOrder(list)).toBe(true);
    }
  });
});

function isInOrder(list: readonly Keyframe[]): boolean {
  return list.every(({ cost }, at) => at === 0 || list[at - 1].cost < cost);
}
