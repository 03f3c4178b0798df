import type { Columns } from '../lib/columns.ts';
import { SlotPool } from '../lib/slot-pool.ts';

/** Bits of `flags`. */
export const MESSAGE_FLAG = {
  /** Fails every time it is processed. */
  poison: 1,
  /** Was delivered before. */
  redelivered: 2,
  /** Came back from a dead-letter queue. */
  redriven: 4,
  /** On its way from the queue that it died in, other than by a rejection, until another channel has it. */
  dying: 8,
  /** Given back by a consumer that wants it no more: it is not to be delivered again. */
  rejected: 16,
  /** Of a schema that no consumer can read: a failure that no second try can mend. Poison as well. */
  unreadable: 32,
} as const;

/** What only some designs look at: a column each, made by `Messages.keep`, and the type of its numbers. */
const RARE_TYPES = {
  address: 'i32',
  priority: 'u8',
  ttl: 'f64',
  returns: 'u16',
  deaths: 'i32',
  tries: 'u8',
  reason: 'u8',
  readAlong: 'i32',
  lastDelay: 'f64',
  marks: 'u8',
  transaction: 'i32',
  receipt: 'i32',
  delivery: 'i32',
} as const;
const RARE_COLUMNS = Object.keys(RARE_TYPES) as readonly RareColumn[];
export type RareColumn = keyof typeof RARE_TYPES;

/** Integers of a message in `deaths`: pairs of a place and reason and how often, as `kinds/shared/deaths.ts` writes them. */
export const DEATHS_SHIFT = 4;

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
  /** 1 if there are any of the columns below, but for those of failures; they are empty unless `keep` made them. */
  hasRare = 0;
  /** Where an exchange is to route it, as the kinds number it. */
  address = new Int32Array();
  /** As its producer set it; 0 for none. */
  priority = new Uint8Array();
  /** How long in microseconds it may wait in a queue, Infinity for ever. */
  ttl = new Float64Array();
  /** How often the queue that it is of got it back from a consumer that failed. */
  returns = new Uint16Array();
  /** In which queues it died, why, and how often: 2 ** `DEATHS_SHIFT` integers a message. */
  deaths = new Int32Array();
  /** 1 if failures are kept: of what was given up its tries, why (as the kinds number reasons), and the edge it was read along. */
  hasFailures = 0;
  tries = new Uint8Array();
  reason = new Uint8Array();
  readAlong = new Int32Array();
  /** Wait in microseconds before its last retry. */
  lastDelay = new Float64Array();
  /** What a log says of a record beside its content, as bits of `MARK` in kinds/shared/marks.ts. */
  marks = new Uint8Array();
  /** The transaction that it was written in, 0 for none. */
  transaction = new Int32Array();
  /** Of the copy that a managed broker gave to a consumer: which delivery it is. */
  receipt = new Int32Array();
  /** Of what waits with a consumer of a quorum queue: which delivery it is, as the kinds number them. */
  delivery = new Int32Array();
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

  /** Makes a column that only some designs need; before the run begins, and once. */
  keep(column: RareColumn): void {
    const isOfFailures = column === 'tries' || column === 'reason' || column === 'readAlong';
    if (isOfFailures) this.hasFailures = 1;
    else this.hasRare = 1;
    const capacity = this.key.length;
    this.columns[RARE_TYPES[column]](this, column, column === 'deaths' ? capacity << DEATHS_SHIFT : capacity);
  }

  /** A message that was read along this edge fails; kept if anything looks at it. */
  sayReadAlong(message: number, edge: number): void {
    if (this.hasFailures === 1) this.readAlong[message] = edge;
  }

  /** A message is given up after so many tries, for a reason as the kinds number them; kept if anything looks at it. */
  sayFailed(message: number, reason: number, tries: number): void {
    if (this.hasFailures === 0) return;
    this.tries[message] = tries;
    this.reason[message] = reason;
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
    if (this.hasFailures === 1) {
      this.tries[slot] = this.tries[message];
      this.reason[slot] = this.reason[message];
      this.readAlong[slot] = this.readAlong[message];
    }
    if (this.hasRare === 1) this.copyRare(slot, message);
    return slot;
  }

  /** Column by column: a loop over arrays of several types is ten times slower. */
  private copyRare(slot: number, message: number): void {
    const { address, priority, ttl, returns, deaths, lastDelay, marks, transaction } = this;
    if (address.length > 0) address[slot] = address[message];
    if (priority.length > 0) priority[slot] = priority[message];
    if (ttl.length > 0) ttl[slot] = ttl[message];
    if (returns.length > 0) returns[slot] = returns[message];
    if (lastDelay.length > 0) lastDelay[slot] = lastDelay[message];
    if (marks.length > 0) marks[slot] = marks[message];
    if (transaction.length > 0) transaction[slot] = transaction[message];
    const from = message << DEATHS_SHIFT;
    if (deaths.length > 0) deaths.copyWithin(slot << DEATHS_SHIFT, from, from + (1 << DEATHS_SHIFT));
  }

  /** Whether a message came into its queue before another one. */
  cameBefore(a: number, b: number): boolean {
    const { enteredAt, readers } = this;
    if (enteredAt[a] !== enteredAt[b]) return enteredAt[a] < enteredAt[b];
    // Arrival numbers have 16 bits and wrap; those of one instant are closer together than half of that.
    return ((readers[b] - readers[a]) & 0xffff) < 0x8000;
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
    for (const field of RARE_COLUMNS) {
      const size = field === 'deaths' ? capacity << DEATHS_SHIFT : capacity;
      if (this[field].length > 0) this.columns.grow(this, field, size);
    }
  }
}
