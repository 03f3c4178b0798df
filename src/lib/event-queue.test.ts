import { fc, test } from '../testing/property.ts';
import { describe, expect, it } from 'vitest';
import { Columns } from './columns.ts';
import { EventQueue } from './event-queue.ts';
import { LimitError } from './limit-error.ts';
import { RandomStreams } from './random.ts';

interface Pending {
  time: number;
  priority: number;
  insertion: number;
  code: number;
  handle: number;
}

/** The queue as a sorted list: slow and plainly right. */
class Reference {
  pending: Pending[] = [];
  insertion = 0;

  schedule(time: number, priority: number, code: number, handle: number): void {
    const event = { time, priority, insertion: this.insertion++, code, handle };
    let low = 0;
    let high = this.pending.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.pending[middle];
      if (other.time < time || (other.time === time && other.priority <= priority)) low = middle + 1;
      else high = middle;
    }
    this.pending.splice(low, 0, event);
  }
}

/** Walks queue and reference side by side; every answer of the queue is compared. */
class Walk {
  readonly columns = new Columns();
  readonly queue: EventQueue;
  readonly reference = new Reference();
  now = 0;
  private saved:
    { snapshot: ReturnType<Columns['save']>; pending: Pending[]; insertion: number; now: number } | undefined;

  constructor(capacity = 1) {
    this.queue = new EventQueue(this.columns, capacity);
  }

  schedule(delay: number, priority: number): void {
    const code = this.reference.insertion;
    const handle = this.queue.schedule(this.now + delay, priority, code, ~code);
    this.reference.schedule(this.now + delay, priority, code, handle);
  }

  cancel(which: number): void {
    const { pending } = this.reference;
    if (pending.length === 0) return;
    const [event] = pending.splice(which % pending.length, 1);
    this.queue.cancel(event.handle);
  }

  pop(until = Infinity): void {
    const next = this.reference.pending[0];
    const due = next !== undefined && next.time <= until;
    expect(this.queue.pop(until)).toBe(due);
    if (!due) return;
    this.reference.pending.shift();
    const { time, code, arg } = this.queue;
    if (time !== next.time || code !== next.code || arg !== ~next.code) {
      expect({ time, code, arg }).toEqual({ time: next.time, code: next.code, arg: ~next.code });
    }
    this.now = time;
  }

  save(): void {
    const { pending, insertion } = this.reference;
    this.saved = { snapshot: this.columns.save(), pending: [...pending], insertion, now: this.now };
  }

  restore(): void {
    if (this.saved === undefined) return;
    this.columns.restore(this.saved.snapshot);
    this.reference.pending = [...this.saved.pending];
    this.reference.insertion = this.saved.insertion;
    this.now = this.saved.now;
  }

  check(): void {
    expect(this.queue.size).toBe(this.reference.pending.length);
    expect(this.queue.peekTime()).toBe(this.reference.pending[0]?.time ?? Infinity);
  }

  drain(): void {
    while (this.reference.pending.length > 0) this.pop();
    this.check();
    expect(this.queue.pop()).toBe(false);
  }
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant('schedule'), fc.integer({ min: 0, max: 6 }), fc.nat(7)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('schedule'), fc.integer({ min: 0, max: 1e9 }), fc.nat(7)) },
  { weight: 4, arbitrary: fc.tuple(fc.constant('pop'), fc.constant(0), fc.constant(0)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('popUntil'), fc.nat(5), fc.constant(0)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('cancel'), fc.nat(1000), fc.constant(0)) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('save', 'restore', 'check'), fc.constant(0), fc.constant(0)),
  },
);

function take(walk: Walk, [action, a, b]: [string, number, number]): void {
  if (action === 'schedule') walk.schedule(a, b);
  else if (action === 'pop') walk.pop();
  else if (action === 'popUntil') walk.pop(walk.now + a);
  else if (action === 'cancel') walk.cancel(a);
  else if (action === 'save') walk.save();
  else if (action === 'restore') walk.restore();
  else walk.check();
}

/** How far ahead the next event lies; each makes another part of the queue work. */
const DELAYS: Record<string, (u: number, v: number) => number> = {
  'spread evenly': (u) => Math.floor(u * 1e6),
  'in few instants': (u) => Math.floor(u * 40),
  'at one instant': () => 1000,
  'in milliseconds beside minutes': (u, v) => (v < 0.7 ? Math.floor(u * 1000) : 60e6 + Math.floor(u * 5)),
  'at once or far ahead': (u, v) => (v < 0.5 ? 0 : Math.floor(u * u * u * 1e12)),
  'in bursts': (u, v) => Math.floor(v * 8) * 1e5 + Math.floor(u * 3),
};

describe('EventQueue', () => {
  it('orders by time, then priority, then insertion', () => {
    const queue = new EventQueue(new Columns());
    queue.schedule(5, 3, 1, 0);
    queue.schedule(5, 0, 2, 0);
    queue.schedule(4, 7, 3, 0);
    queue.schedule(5, 3, 4, 0);
    queue.schedule(5, 7, 5, -9);
    const codes: number[] = [];
    while (queue.pop()) codes.push(queue.code);
    expect(codes).toEqual([3, 2, 1, 4, 5]);
    expect([queue.time, queue.arg]).toEqual([5, -9]);
  });

  it('leaves an event later than asked for where it is', () => {
    const queue = new EventQueue(new Columns());
    queue.schedule(10, 0, 1, 2);
    expect(queue.pop(9)).toBe(false);
    expect(queue.size).toBe(1);
    expect(queue.pop(10)).toBe(true);
    expect(queue.peekTime()).toBe(Infinity);
  });

  it('does not fire what was cancelled and does not count it', () => {
    const queue = new EventQueue(new Columns());
    const first = queue.schedule(1, 0, 1, 0);
    queue.schedule(2, 0, 2, 0);
    queue.cancel(first);
    expect(queue.size).toBe(1);
    expect(queue.peekTime()).toBe(2);
    expect(() => queue.cancel(first)).toThrow('pending');
  });

  it('asserts when an event that has fired is cancelled', () => {
    const queue = new EventQueue(new Columns());
    const handle = queue.schedule(1, 0, 1, 0);
    queue.pop();
    expect(() => queue.cancel(handle)).toThrow('pending');
  });

  it('keeps times up to 2^53 and 32-bit codes apart', () => {
    const queue = new EventQueue(new Columns());
    queue.schedule(2 ** 53 - 1, 0, -2147483648, 2147483647);
    queue.schedule(2 ** 53 - 2, 0, 2147483647, -2147483648);
    queue.pop();
    expect([queue.time, queue.code, queue.arg]).toEqual([2 ** 53 - 2, 2147483647, -2147483648]);
    queue.pop();
    expect([queue.time, queue.code, queue.arg]).toEqual([2 ** 53 - 1, -2147483648, 2147483647]);
  });

  it('keeps the order of insertion when the number passes 2^31 and 2^32', () => {
    for (const low of [2 ** 31 - 2, -2]) {
      const queue = new EventQueue(new Columns());
      Object.assign(queue, { insertionLow: low });
      for (let i = 0; i < 5; i++) queue.schedule(1, 2, i, 0);
      for (let i = 0; i < 5; i++) {
        queue.pop();
        expect(queue.code).toBe(i);
      }
    }
  });

  it('reaches the memory limit with a LimitError and stays usable', () => {
    const queue = new EventQueue(new Columns(100_000), 1);
    let scheduled = 0;
    expect(() => {
      for (; scheduled < 1e6; scheduled++) queue.schedule(1e6 - scheduled, 0, scheduled, 0);
    }).toThrow(LimitError);
    expect(queue.size).toBe(scheduled);
    for (let i = scheduled - 1; i >= 0; i--) {
      queue.pop();
      expect(queue.code).toBe(i);
    }
    expect(queue.pop()).toBe(false);
  });

  test.prop([fc.array(step, { maxLength: 400 })])('agrees with a sorted list, step by step', (steps) => {
    const walk = new Walk();
    for (const s of steps) take(walk, s);
    walk.check();
    walk.drain();
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('agrees where crowded buckets lie in wider ones (draw %i)', (seed) => {
    const random = new RandomStreams(new Columns(), 1);
    random.seed(0, seed, 'nested', 'test');
    const draw = () => random.uniform(0);
    const walk = new Walk();
    // Crowds of events close together, each at a place of its own: every crowd becomes a rung within a bucket.
    for (let crowd = 0; crowd < 30; crowd++) {
      const at = Math.floor(draw() * 1e6);
      for (let i = 0; i < 150; i++) walk.schedule(at + Math.floor(draw() * 400), 0);
    }
    // What is scheduled while a crowd is worked off lies close by, at times just beyond the bucket.
    for (let i = 0; i < 6000; i++) {
      walk.pop();
      if (draw() < 0.9) walk.schedule(Math.floor(draw() * 8), 0);
    }
    walk.drain();
    expect(walk.queue.size).toBe(0);
  });

  it.each(Object.keys(DELAYS))('agrees with a sorted list with thousands of events %s', (name) => {
    const delay = DELAYS[name];
    const random = new RandomStreams(new Columns(), 1);
    random.seed(0, 1, name, 'test');
    const draw = () => random.uniform(0);
    const walk = new Walk();
    for (const target of [3000, 40, 1500, 0, 600, 2500]) {
      // Up or down to the target with some churn on the way, then at rest, then with a detour into the future.
      for (let i = 0; walk.reference.pending.length !== target && i < 40_000; i++) {
        const up = walk.reference.pending.length < target;
        if (draw() < (up ? 0.8 : 0.2)) walk.schedule(delay(draw(), draw()), Math.floor(draw() * 8));
        else if (draw() < 0.2) walk.cancel(Math.floor(draw() * 1e6));
        else walk.pop();
      }
      walk.check();
      for (let i = 0; i < 2000; i++) {
        walk.pop();
        walk.schedule(delay(draw(), draw()), Math.floor(draw() * 8));
      }
      walk.save();
      for (let i = 0; i < 1000; i++) {
        if (draw() < 0.5) walk.pop();
        else walk.schedule(delay(draw(), draw()), 3);
        if (i % 250 === 0) walk.restore();
      }
      walk.restore();
      walk.check();
    }
    walk.drain();
  });
});
