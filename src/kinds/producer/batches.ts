import { NO_MESSAGE, type Messages } from '../../engine/messages.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { Columns } from '../../lib/columns.ts';
import { SlotPool } from '../../lib/slot-pool.ts';

const NONE = -1;
const FIRST_BATCHES = 64;
const INTEGERS = [
  'row',
  'head',
  'tail',
  'count',
  'next',
  'tries',
  'timer',
  'older',
  'newer',
  'epoch',
] as const;
const REALS = ['bytes', 'reserved', 'createdAt', 'sequence', 'writtenEnd', 'firstEnd'] as const;
const FLAGS = [
  'closed',
  'due',
  'backsOff',
  'inTrouble',
  'inRequest',
  'written',
  'givenUp',
  'failed',
  'isSpare',
] as const;

/**
 * The batches of all Kafka clients: lists of messages, each for one row, which is a partition of a topic as one
 * producer sees it. The batches of a row that are to be sent stand in a queue; all of a producer that are not answered
 * are linked by age, too.
 */
export class Batches {
  row = new Int32Array();
  /** Its first and last message; NO_MESSAGE once they are in the log. */
  head = new Int32Array();
  count = new Int32Array();
  /** The next batch of its queue, or of its request. */
  next = new Int32Array();
  tries = new Int32Array();
  /** The event that ends its lingering or its back-off, or NONE. */
  timer = new Int32Array();
  bytes = new Float64Array();
  /** Bytes of memory that it keeps until it is answered. */
  reserved = new Float64Array();
  createdAt = new Float64Array();
  /** Its place among the batches of its row, given when it is first sent. */
  sequence = new Float64Array();
  /** 1 if it takes no more messages; if it has lingered or backed off long enough; while it backs off. */
  closed = new Uint8Array();
  due = new Uint8Array();
  backsOff = new Uint8Array();
  /** 1 once it was not answered. */
  inTrouble = new Uint8Array();
  /** 1 while it is in a request and not in the queue of its row. */
  inRequest = new Uint8Array();
  /** 1 if the log has its messages; if its time was over while it was in flight. */
  written = new Uint8Array();
  givenUp = new Uint8Array();
  /** In a cluster: 1 if the broker refuses it; if its messages are kept for another try, while the log has copies. */
  failed = new Uint8Array();
  isSpare = new Uint8Array();
  /** Offset after its last record as written last and as written first, and the epoch of the leader of the last. */
  writtenEnd = new Float64Array();
  firstEnd = new Float64Array();
  epoch = new Int32Array();
  /** The next younger batch of its producer. */
  newer = new Int32Array();
  /** Of each row: its queue. */
  first = new Int32Array();
  last = new Int32Array();
  waiting = new Int32Array();
  /** Of each producer: its oldest batch without an answer. */
  oldest = new Int32Array();
  private newest = new Int32Array();
  private tail = new Int32Array();
  private older = new Int32Array();
  private readonly messages: Messages;
  private readonly pool: SlotPool;

  constructor(columns: Columns, messages: Messages, rows: number, nodes: number, limit: number) {
    this.messages = messages;
    for (const field of INTEGERS) columns.i32(this, field, FIRST_BATCHES);
    for (const field of REALS) columns.f64(this, field, FIRST_BATCHES);
    for (const field of FLAGS) columns.u8(this, field, FIRST_BATCHES);
    for (const field of ['first', 'last'] as const) columns.i32(this, field, rows).fill(NONE);
    for (const field of ['oldest', 'newest'] as const) columns.i32(this, field, nodes).fill(NONE);
    columns.i32(this, 'waiting', rows);
    this.pool = new SlotPool(columns, FIRST_BATCHES, limit, 'batches of producers');
    this.pool.onGrow = (size) => {
      for (const field of [...INTEGERS, ...REALS, ...FLAGS]) columns.grow(this, field, size);
    };
  }

  /** A new batch at the end of its row's queue, which closes the one before it. */
  open(node: number, row: number, reserved: number, now: number): number {
    const batch = this.pool.take();
    const before = this.last[row];
    if (before !== NONE) this.closed[before] = 1;
    this.row[batch] = row;
    this.head[batch] = NO_MESSAGE;
    this.count[batch] = 0;
    this.tries[batch] = 0;
    this.timer[batch] = NONE;
    this.bytes[batch] = 0;
    this.reserved[batch] = reserved;
    this.createdAt[batch] = now;
    for (const field of FLAGS) this[field][batch] = 0;
    this.insertAfter(row, before, batch);
    this.older[batch] = this.newest[node];
    this.newer[batch] = NONE;
    if (this.newest[node] === NONE) this.oldest[node] = batch;
    else this.newer[this.newest[node]] = batch;
    this.newest[node] = batch;
    return batch;
  }

  /** Whether the newest batch of a row takes a message of this size. */
  takes(batch: number, size: number): boolean {
    return this.closed[batch] === 0 && this.bytes[batch] + size <= this.reserved[batch];
  }

  isFull(batch: number): boolean {
    return this.closed[batch] === 1 || this.bytes[batch] >= this.reserved[batch];
  }

  add(batch: number, message: number): void {
    const { next, sizeBytes } = this.messages;
    next[message] = NO_MESSAGE;
    if (this.head[batch] === NO_MESSAGE) this.head[batch] = message;
    else next[this.tail[batch]] = message;
    this.tail[batch] = message;
    this.count[batch]++;
    this.bytes[batch] += sizeBytes[message];
  }

  /** The oldest of a row's queue leaves in a request; `sequence` has the number of each row's next new batch. */
  leave(sim: Simulation, row: number, sequence: Float64Array): number {
    const batch = this.shift(row);
    if (this.timer[batch] !== NONE) sim.cancel(this.timer[batch]);
    this.timer[batch] = NONE;
    this.closed[batch] = 1;
    if (this.tries[batch]++ === 0) this.sequence[batch] = sequence[row]++;
    return batch;
  }

  /** Takes the first batch of a row out of its queue. */
  shift(row: number): number {
    const batch = this.first[row];
    this.removeFromQueue(batch);
    this.inRequest[batch] = 1;
    return batch;
  }

  /** A batch that failed comes back: to the front or, if the order counts, before those that were sent later. */
  putBack(batch: number, inOrder: boolean): void {
    const row = this.row[batch];
    this.inRequest[batch] = 0;
    let before = NONE;
    let after = inOrder ? this.first[row] : NONE;
    while (after !== NONE && this.tries[after] > 0 && this.sequence[after] < this.sequence[batch]) {
      before = after;
      after = this.next[after];
    }
    this.insertAfter(row, before, batch);
  }

  removeFromQueue(batch: number): void {
    const row = this.row[batch];
    let before = NONE;
    for (let at = this.first[row]; at !== batch; at = this.next[at]) before = at;
    const after = this.next[batch];
    if (before === NONE) this.first[row] = after;
    else this.next[before] = after;
    if (after === NONE) this.last[row] = before;
    this.waiting[row]--;
  }

  /** It is answered, or given up: its age counts no more. */
  forgetAge(node: number, batch: number): void {
    const older = this.older[batch];
    const newer = this.newer[batch];
    if (older === NONE) this.oldest[node] = newer;
    else this.newer[older] = newer;
    if (newer === NONE) this.newest[node] = older;
    else this.older[newer] = older;
  }

  /** Nothing needs it any more. */
  free(batch: number): void {
    this.pool.give(batch);
  }

  /** Messages of a list of batches. */
  messagesFrom(batch: number): number {
    let count = 0;
    for (let at = batch; at !== NONE; at = this.next[at]) count += this.messagesOf(at);
    return count;
  }

  /** Messages of one batch, if they are not only kept for another try while the log has copies. */
  messagesOf(batch: number): number {
    return this.isSpare[batch] === 1 ? 0 : this.walk(batch);
  }

  /** Messages of one batch that count no more: kept for another try. */
  sparesOf(batch: number): number {
    return this.isSpare[batch] === 1 ? this.walk(batch) : 0;
  }

  private walk(batch: number): number {
    const { next } = this.messages;
    let count = 0;
    for (let message = this.head[batch]; message !== NO_MESSAGE; message = next[message]) count++;
    return count;
  }

  private insertAfter(row: number, before: number, batch: number): void {
    const after = before === NONE ? this.first[row] : this.next[before];
    this.next[batch] = after;
    if (before === NONE) this.first[row] = batch;
    else this.next[before] = batch;
    if (after === NONE) this.last[row] = batch;
    this.waiting[row]++;
  }
}
