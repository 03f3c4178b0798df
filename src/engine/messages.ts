import type { Columns } from '../lib/columns.ts';
import { SlotPool } from '../lib/slot-pool.ts';

/** Bits of `flags`. */
export const MESSAGE_FLAG = {
  /** Fails every time it is processed. */
  poison: 1,
  /** Was delivered before. */
  redelivered: 2,
} as const;

/** No message: the end of a list. */
export const NO_MESSAGE = -1;

/**
 * All messages alive, as parallel arrays indexed by slot: 41 bytes each with the free list, where an object takes
 * more than 110. Slots are reused; whoever holds a message last calls `free`.
 */
export class Messages {
  /** Simulated time in microseconds of its birth at a producer. */
  bornAt = new Float64Array();
  /** When it entered the channel it lies in, or was last read from. */
  enteredAt = new Float64Array();
  /** The next message of the list it lies in, or `NO_MESSAGE`. */
  next = new Int32Array();
  /** Index of its key, -1 for none. */
  key = new Int32Array();
  sizeBytes = new Int32Array();
  /** Number of its birth, from 0; wraps at 2^32. */
  serial = new Uint32Array();
  /** In a log, readers that have not committed it yet; in a queue, the end of its arrival number. */
  readers = new Uint16Array();
  type = new Uint8Array();
  flags = new Uint8Array();
  /** Tries so far. */
  attempts = new Uint8Array();
  /** Where an exchange is to route it, as the kinds number it; no column at all unless `keepAddresses` was called. */
  address = new Int32Array();
  nextSerial = 0;
  private readonly columns: Columns;
  private readonly pool: SlotPool;

  constructor(columns: Columns, capacity: number, limit: number) {
    this.columns = columns;
    columns.f64(this, 'bornAt', capacity);
    columns.f64(this, 'enteredAt', capacity);
    columns.i32(this, 'next', capacity);
    columns.i32(this, 'key', capacity);
    columns.i32(this, 'sizeBytes', capacity);
    columns.u32(this, 'serial', capacity);
    columns.u16(this, 'readers', capacity);
    columns.u8(this, 'type', capacity);
    columns.u8(this, 'flags', capacity);
    columns.u8(this, 'attempts', capacity);
    columns.scalars(this, ['nextSerial']);
    this.pool = new SlotPool(columns, capacity, limit, 'messages alive');
    this.pool.onGrow = (size) => this.growTo(size);
  }

  /** Messages alive now. */
  get alive(): number {
    return this.pool.inUse;
  }

  /** Gives messages an address; before the run begins, and only if something in it looks at them. */
  keepAddresses(): void {
    this.columns.i32(this, 'address', this.key.length);
  }

  /** A fresh message; the caller sets key, size, type and flags. */
  create(now: number): number {
    const slot = this.pool.take();
    this.bornAt[slot] = now;
    this.enteredAt[slot] = now;
    this.next[slot] = NO_MESSAGE;
    this.serial[slot] = this.nextSerial;
    this.nextSerial = (this.nextSerial + 1) >>> 0;
    this.readers[slot] = 0;
    this.attempts[slot] = 0;
    this.flags[slot] = 0;
    return slot;
  }

  /** A second message that is the same to the world: same birth, key, size, type, serial and tries. */
  copy(message: number): number {
    const slot = this.pool.take();
    this.bornAt[slot] = this.bornAt[message];
    this.enteredAt[slot] = this.enteredAt[message];
    this.next[slot] = NO_MESSAGE;
    this.key[slot] = this.key[message];
    this.sizeBytes[slot] = this.sizeBytes[message];
    this.serial[slot] = this.serial[message];
    this.readers[slot] = 0;
    this.type[slot] = this.type[message];
    this.flags[slot] = this.flags[message];
    this.attempts[slot] = this.attempts[message];
    if (this.address.length > 0) this.address[slot] = this.address[message];
    return slot;
  }

  free(message: number): void {
    this.pool.give(message);
  }

  private growTo(capacity: number): void {
    const fields = [
      'bornAt',
      'enteredAt',
      'next',
      'key',
      'sizeBytes',
      'serial',
      'readers',
      'type',
      'flags',
      'attempts',
    ] as const;
    for (const field of fields) this.columns.grow(this, field, capacity);
    if (this.address.length > 0) this.columns.grow(this, 'address', capacity);
  }
}
