import type { Columns } from '../../lib/columns.ts';
import { SlotPool } from '../../lib/slot-pool.ts';

const NONE = -1;
const FIRST_RECORDS = 64;
const INTEGERS = ['message', 'row', 'sequence', 'generation', 'next'] as const;

/** Records that polls have returned and no worker has begun: a list for each member, first in first out. */
export class PollBuffer {
  message = new Int32Array();
  /** Of each record: its partition (~row once it is committed), its place in it, and since which rewind. */
  row = new Int32Array();
  sequence = new Int32Array();
  generation = new Int32Array();
  next = new Int32Array();
  /** Of each member. */
  first = new Int32Array();
  length = new Int32Array();
  private last = new Int32Array();
  private readonly pool: SlotPool;

  constructor(columns: Columns, members: number, limit: number) {
    for (const field of INTEGERS) columns.i32(this, field, FIRST_RECORDS);
    for (const field of ['first', 'last'] as const) columns.i32(this, field, members).fill(NONE);
    columns.i32(this, 'length', members);
    this.pool = new SlotPool(columns, FIRST_RECORDS, Math.max(limit, FIRST_RECORDS), 'records in polls');
    this.pool.onGrow = (size) => {
      for (const field of INTEGERS) columns.grow(this, field, size);
    };
  }

  push(member: number, message: number, row: number, sequence: number, generation: number): void {
    const slot = this.pool.take();
    this.message[slot] = message;
    this.row[slot] = row;
    this.sequence[slot] = sequence;
    this.generation[slot] = generation;
    this.next[slot] = NONE;
    const last = this.last[member];
    if (last === NONE) this.first[member] = slot;
    else this.next[last] = slot;
    this.last[member] = slot;
    this.length[member]++;
  }

  /** Takes the oldest record of a member out; the slot's values stay until the next `push`. NONE if there is none. */
  shift(member: number): number {
    const slot = this.first[member];
    if (slot === NONE) return NONE;
    this.first[member] = this.next[slot];
    if (this.first[member] === NONE) this.last[member] = NONE;
    this.length[member]--;
    this.pool.give(slot);
    return slot;
  }
}
