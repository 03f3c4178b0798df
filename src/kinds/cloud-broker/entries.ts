import type { Columns } from '../../lib/columns.ts';
import { SlotPool } from '../../lib/slot-pool.ts';

const FIRST = 64;
/** More than messages may be alive. */
const MOST = 16_000_000;
const NONE = -1;

/** Where an entry is. */
export const STATE = {
  ended: 0,
  /** In a line, to be delivered. */
  ready: 1,
  /** Not to be delivered before its time. */
  delayed: 2,
  /** A consumer has a copy; the broker waits for its word. */
  out: 3,
  /** The consumer's copy is gone, but the broker has not heard of it: it waits as before. */
  forsaken: 4,
} as const;

const INTEGERS = ['message', 'subscription', 'timer', 'deliveries', 'receipts', 'newest'] as const;

/**
 * What brokers keep: an entry is a message for one subscription, until it is acknowledged or given up; a receipt is one
 * delivery of it, until the consumer has done with its copy, which may be long after.
 */
export class Entries {
  message = new Int32Array();
  subscription = new Int32Array();
  /** Pending event, -1 for none. */
  timer = new Int32Array();
  /** Deliveries so far. */
  deliveries = new Int32Array();
  /** Receipts that are out, and the newest. */
  receipts = new Int32Array();
  newest = new Int32Array();
  state = new Uint8Array();
  /** 1 if some consumer has done the work. */
  done = new Uint8Array();
  /** Of each receipt: its entry. */
  entryOf = new Int32Array();
  /** Called when there is room for more entries. */
  onGrow: (entries: number) => void = () => {};
  /** The same of receipts. */
  onGrowReceipts: (receipts: number) => void = () => {};
  private readonly entries: SlotPool;
  private readonly receiptPool: SlotPool;

  constructor(columns: Columns) {
    for (const field of INTEGERS) columns.i32(this, field, FIRST);
    for (const field of ['state', 'done']) columns.u8(this, field, FIRST);
    columns.i32(this, 'entryOf', FIRST);
    this.entries = new SlotPool(columns, FIRST, MOST, 'messages of brokers');
    this.entries.onGrow = (size) => {
      for (const field of [...INTEGERS, 'state', 'done']) columns.grow(this, field, size);
      this.onGrow(size);
    };
    this.receiptPool = new SlotPool(columns, FIRST, MOST, 'deliveries of brokers');
    this.receiptPool.onGrow = (size) => {
      columns.grow(this, 'entryOf', size);
      this.onGrowReceipts(size);
    };
  }

  /** How many there is room for. */
  get room(): number {
    return this.message.length;
  }

  open(message: number, subscription: number): number {
    const entry = this.entries.take();
    this.message[entry] = message;
    this.subscription[entry] = subscription;
    this.timer[entry] = NONE;
    this.deliveries[entry] = 0;
    this.receipts[entry] = 0;
    this.newest[entry] = NONE;
    this.done[entry] = 0;
    return entry;
  }

  /** The entry is delivered: its new receipt. */
  issue(entry: number): number {
    const receipt = this.receiptPool.take();
    this.entryOf[receipt] = entry;
    this.newest[entry] = receipt;
    this.receipts[entry]++;
    this.deliveries[entry]++;
    return receipt;
  }

  /** A delivery is over, however it ended. */
  giveUp(receipt: number): number {
    const entry = this.entryOf[receipt];
    this.receiptPool.give(receipt);
    this.receipts[entry]--;
    return entry;
  }

  /** The message of an entry has left the broker. */
  end(entry: number): void {
    this.state[entry] = STATE.ended;
  }

  /** Frees an entry that has ended and that nobody holds a receipt of. */
  release(entry: number): void {
    if (this.state[entry] === STATE.ended && this.receipts[entry] === 0) this.entries.give(entry);
  }
}
