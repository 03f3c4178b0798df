import type { Columns } from '../../lib/columns.ts';
import { compileMachine } from '../../machines/compile-machine.ts';
import { queueMachine } from '../../machines/queue.machine.ts';
import { MachineStates } from '../shared/machine-states.ts';
import { EXTRA, INT, ROW_SHIFT } from './queue-row.ts';

const { event, state, ...rest } = compileMachine(queueMachine);
/** States of a queue, and what it may be told, by name. */
export const QUEUE_STATE = state;
export const QUEUE_EVENT = event;

/** Overflow policies as places in the options of the queue's field. */
export const OVERFLOWS = [
  'block',
  'drop-oldest',
  'drop-newest',
  'dead-letter',
  'dead-letter-newest',
] as const;
export const OVERFLOW = { block: 0, dropOldest: 1, dropNewest: 2, deadLetterNewest: 4 } as const;
/** What a full queue does with a message by each. */
const WHEN_FULL: readonly number[] = [
  event.FULL_SENDER_WAITS,
  event.FULL_PUSHES_OUT,
  event.FULL_REFUSES,
  event.FULL_PUSHES_OUT,
  event.FULL_REFUSES,
];

/** Once full, a queue counts as open again below this share of its capacity, so that it does not flicker. */
const OPEN_AGAIN_SHARE = 0.9;

/**
 * The machines of all queues, which say what becomes of a message that finds no room. A queue that is not full has no
 * bit of it in its row (`EXTRA.full`), and its machine hears nothing.
 */
export class QueueStates extends MachineStates<keyof typeof state, keyof typeof event> {
  constructor(columns: Columns, nodes: number) {
    super(columns, { event, state, ...rest }, nodes);
  }

  /** A message finds no room; returns the state that says what becomes of it. `ints` are the rows of the queues. */
  isFull(now: number, node: number, ints: Int32Array): number {
    const row = node << ROW_SHIFT;
    ints[row | INT.extras] |= EXTRA.full;
    return this.send(now, node, WHEN_FULL[ints[row | INT.overflow]]);
  }

  /** A queue that was full holds so many now, and has this share of its limit in bytes: it may be open again. */
  holds(now: number, node: number, ints: Int32Array, stored: number, shareOfBytes: number): void {
    const row = node << ROW_SHIFT;
    const capacity = ints[row | INT.capacity];
    if (capacity > 0 && stored > capacity * OPEN_AGAIN_SHARE) return;
    if (shareOfBytes > OPEN_AGAIN_SHARE) return;
    ints[row | INT.extras] &= ~EXTRA.full;
    this.send(now, node, QUEUE_EVENT.ROOM_AGAIN);
  }
}
