import { Columns } from '../src/lib/columns.ts';
import { EventQueue } from '../src/lib/event-queue.ts';
import { RandomStreams } from '../src/lib/random.ts';

const MEAN_MICROS = 1e6;
const ROUNDS = 5;
const EVENTS = 2_000_000;

/**
 * Events a second of the event set alone, by the hold model: take the next event, draw an exponential time, put one in
 * that much later, so that as many are pending all the time. Median of five rounds after every event was once renewed.
 */
export function measureHold(pending: number): number {
  const columns = new Columns();
  const queue = new EventQueue(columns);
  const random = new RandomStreams(columns, 1);
  const delay = () => Math.floor(random.exponential(0) * MEAN_MICROS);
  for (let i = 0; i < pending; i++) queue.schedule(delay(), 3, i, i);
  const hold = (events: number) => {
    for (let i = 0; i < events; i++) {
      queue.pop();
      queue.schedule(queue.time + delay(), 3, queue.code, queue.arg);
    }
  };
  hold(Math.max(4 * pending, EVENTS));
  const speeds = Array.from({ length: ROUNDS }, () => {
    const from = performance.now();
    hold(EVENTS);
    return EVENTS / ((performance.now() - from) / 1000);
  });
  return speeds.toSorted((a, b) => a - b)[ROUNDS >> 1];
}
