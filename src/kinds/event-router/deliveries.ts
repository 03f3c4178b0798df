import type { Columns } from '../../lib/columns.ts';
import { SlotPool } from '../../lib/slot-pool.ts';

const FIRST = 64;
/** More than messages may be alive. */
const MOST = 16_000_000;
const NONE = -1;

const INTEGERS = ['message', 'edge', 'tries', 'timer', 'call'] as const;

/**
 * Deliveries that were not done at once, and the calls that they made: a call outlives the patience of its delivery,
 * as the target goes on with it.
 */
export class Deliveries {
  message = new Int32Array();
  edge = new Int32Array();
  /** Attempts so far. */
  tries = new Int32Array();
  /** Pending event: the next attempt, or the end of patience; -1 for none. */
  timer = new Int32Array();
  /** The call that it waits for, -1 for none. */
  call = new Int32Array();
  /** When the first attempt was, in microseconds. */
  since = new Float64Array();
  /** 1 while it is in use. */
  isOpen = new Uint8Array();
  /** Of each call: its delivery, -1 if that waits no more. */
  deliveryOf = new Int32Array();
  private readonly pool: SlotPool;
  private readonly calls: SlotPool;

  constructor(columns: Columns) {
    for (const field of INTEGERS) columns.i32(this, field, FIRST);
    columns.f64(this, 'since', FIRST);
    columns.u8(this, 'isOpen', FIRST);
    columns.i32(this, 'deliveryOf', FIRST);
    this.pool = new SlotPool(columns, FIRST, MOST, 'deliveries of event routers');
    this.pool.onGrow = (size) => {
      for (const field of [...INTEGERS, 'since', 'isOpen']) columns.grow(this, field, size);
    };
    this.calls = new SlotPool(columns, FIRST, MOST, 'calls of event routers');
    this.calls.onGrow = (size) => columns.grow(this, 'deliveryOf', size);
  }

  open(message: number, edge: number, now: number): number {
    const delivery = this.pool.take();
    this.message[delivery] = message;
    this.edge[delivery] = edge;
    this.tries[delivery] = 0;
    this.timer[delivery] = NONE;
    this.call[delivery] = NONE;
    this.since[delivery] = now;
    this.isOpen[delivery] = 1;
    return delivery;
  }

  close(delivery: number): void {
    this.isOpen[delivery] = 0;
    this.pool.give(delivery);
  }

  beginCall(delivery: number): number {
    const call = this.calls.take();
    this.deliveryOf[call] = delivery;
    this.call[delivery] = call;
    return call;
  }

  /** The delivery waits for its call no more. */
  forsakeCall(delivery: number): void {
    if (this.call[delivery] !== NONE) this.deliveryOf[this.call[delivery]] = NONE;
    this.call[delivery] = NONE;
  }

  /** A call is over; the delivery that waited for it, -1 for none. */
  endCall(call: number): number {
    const delivery = this.deliveryOf[call];
    if (delivery !== NONE) this.call[delivery] = NONE;
    this.calls.give(call);
    return delivery;
  }

  /** How many of an edge there are, by walking all. */
  walk(edge: number): number {
    let found = 0;
    for (let delivery = 0; delivery < this.edge.length; delivery++) {
      if (this.isOpen[delivery] === 1 && this.edge[delivery] === edge) found++;
    }
    return found;
  }
}
