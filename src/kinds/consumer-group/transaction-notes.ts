import type { Columns } from '../../lib/columns.ts';
import { SlotPool } from '../../lib/slot-pool.ts';

const NONE = -1;
const FIRST_NOTES = 64;
const INTEGERS = ['key', 'next'] as const;

/** What members have done in transactions that are not over: it counts as done only once its transaction is committed. */
export class TransactionNotes {
  /** Of each note: number of the message's birth, its key, and when it had entered its channel. */
  private serial = new Uint32Array();
  private key = new Int32Array();
  private enteredAt = new Float64Array();
  private next = new Int32Array();
  /** Of each member. */
  private first = new Int32Array();
  private last = new Int32Array();
  private readonly pool: SlotPool;

  constructor(columns: Columns, members: number, limit: number) {
    columns.u32(this, 'serial', FIRST_NOTES);
    for (const field of INTEGERS) columns.i32(this, field, FIRST_NOTES);
    columns.f64(this, 'enteredAt', FIRST_NOTES);
    for (const field of ['first', 'last'] as const) columns.i32(this, field, members).fill(NONE);
    this.pool = new SlotPool(columns, FIRST_NOTES, Math.max(limit, FIRST_NOTES), 'records in transactions');
    this.pool.onGrow = (size) => {
      for (const field of ['serial', ...INTEGERS, 'enteredAt'] as const) columns.grow(this, field, size);
    };
  }

  add(member: number, serial: number, key: number, enteredAt: number): void {
    const note = this.pool.take();
    this.serial[note] = serial;
    this.key[note] = key;
    this.enteredAt[note] = enteredAt;
    this.next[note] = NONE;
    if (this.first[member] === NONE) this.first[member] = note;
    else this.next[this.last[member]] = note;
    this.last[member] = note;
  }

  /** Takes all notes of a member away, oldest first. */
  clear(member: number, visit: (serial: number, key: number, enteredAt: number) => void): void {
    for (let note = this.first[member]; note !== NONE;) {
      visit(this.serial[note], this.key[note], this.enteredAt[note]);
      const after = this.next[note];
      this.pool.give(note);
      note = after;
    }
    this.first[member] = NONE;
  }
}
