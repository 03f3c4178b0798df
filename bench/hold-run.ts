import { Columns } from '../src/lib/columns.ts';
import { EventQueue } from '../src/lib/event-queue.ts';
import { RandomStreams } from '../src/lib/random.ts';
import { speedOf, type Work } from './rounds.ts';

const MEAN_MICROS = 1e6;
const EVENTS = 2_000_000;

/**
 * Events a second of the event set alone, by the hold model: take the next event, draw an exponential time, put one in
 * that much later, so that as many are pending all the time. Median of five rounds after every event was once renewed.
 */
export function measureHold(pending: number): number {
  return speedOf(holdQueue(pending), EVENTS);
}

/** The hold model on the event queue, every event once renewed. */
export function holdQueue(pending: number): Work {
  const columns = new Columns();
  const queue = new EventQueue(columns);
  const random = new RandomStreams(columns, 1);
  const delay = () => Math.floor(random.exponential(0) * MEAN_MICROS);
  for (let i = 0; i < pending; i++) queue.schedule(delay(), 3, i, i);
  const hold: Work = (times) => {
    for (let i = 0; i < times; i++) {
      queue.pop();
      queue.schedule(queue.time + delay(), 3, queue.code, queue.arg);
    }
    return queue.time;
  };
  hold(4 * pending);
  return hold;
}

interface PlainEvent {
  time: number;
  order: number;
  code: number;
}

/** The same on a binary heap of objects, as one would write it first. */
export function holdPlainly(pending: number): Work {
  const random = new RandomStreams(new Columns(), 1);
  const delay = () => Math.floor(random.exponential(0) * MEAN_MICROS);
  const heap = new PlainHeap();
  for (let i = 0; i < pending; i++) heap.push({ time: delay(), order: i, code: i });
  let order = pending;
  const hold: Work = (times) => {
    let now = 0;
    for (let i = 0; i < times; i++) {
      const { time, code } = heap.pop();
      now = time;
      heap.push({ time: now + delay(), order: order++, code });
    }
    return now;
  };
  hold(4 * pending);
  return hold;
}

class PlainHeap {
  private readonly events: PlainEvent[] = [];

  push(event: PlainEvent): void {
    const { events } = this;
    let at = events.length;
    events.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (isBefore(events[parent], event)) break;
      events[at] = events[parent];
      at = parent;
    }
    events[at] = event;
  }

  pop(): PlainEvent {
    const { events } = this;
    const first = events[0];
    const last = events.pop()!;
    if (events.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= events.length) break;
      if (child + 1 < events.length && isBefore(events[child + 1], events[child])) child++;
      if (isBefore(last, events[child])) break;
      events[at] = events[child];
      at = child;
    }
    events[at] = last;
    return first;
  }
}

function isBefore(a: PlainEvent, b: PlainEvent): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
