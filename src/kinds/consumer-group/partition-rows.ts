import { NO_MESSAGE } from '../../engine/messages.ts';
import type { Simulation } from '../../engine/simulation.ts';

const NONE = -1;
/** Records of one partition that a member may have taken beyond the first unfinished one. */
const WINDOW = 512;
const WORDS = WINDOW / 32;
/** Whether a partition stands in its reader's round; from `STALLED` on it does not come back by itself. */
const IDLE = 0;
const READY = 1;
const STALLED = 2;
const GIVEN_UP = 3;

/**
 * The partitions that groups read, one row for each edge from a topic and partition. A row counts what it takes
 * with a sequence number (32 bits, wrapping) and settles only an unbroken beginning of it, so that a commit says
 * "all before this is done", however many workers finish out of order.
 */
export class PartitionRows {
  firstRow = new Int32Array();
  edge = new Int32Array();
  lane = new Int32Array();
  /** Member (index over all groups) that reads the partition, NONE for nobody. */
  owner = new Int32Array();
  /** Rises with every rewind that leaves something to be read again: work taken before it no longer counts. */
  generation = new Int32Array();
  /** Sequence numbers: of the next record to take, the first not done, the first not settled. */
  private next = new Int32Array();
  private unfinished = new Int32Array();
  private settled = new Int32Array();
  /** Records done beyond the first unfinished one: bit `sequence mod WINDOW`. */
  private done = new Int32Array();
  /** What had been done before the last rewind: all before `redoEnd`, and the bits from there on. */
  private redoEnd = new Int32Array();
  private redone = new Int32Array();
  private redoes = new Uint8Array();
  /** Of what was taken and then cut off the log: the first sequence number, and that after the last. */
  private cutFrom = new Int32Array();
  private cutEnd = new Int32Array();
  private state = new Uint8Array();
  private nextReady = new Int32Array();
  /** The round of each member: its partitions that may have something to take. */
  private firstReady = new Int32Array();
  private lastReady = new Int32Array();
  /** Filled by `take`. */
  takenRow = NONE;
  takenSequence = 0;

  constructor(sim: Simulation, edges: readonly number[], lanesOf: Int32Array, members: number) {
    const { columns, plan } = sim;
    columns.i32(this, 'firstRow', plan.edgeCount).fill(NONE);
    let rows = 0;
    for (const edge of edges) {
      this.firstRow[edge] = rows;
      rows += lanesOf[edge];
    }
    columns.i32(this, 'edge', rows);
    columns.i32(this, 'lane', rows);
    columns.i32(this, 'owner', rows).fill(NONE);
    const numbers = ['generation', 'next', 'unfinished', 'settled', 'redoEnd', 'nextReady'];
    for (const field of [...numbers, 'cutFrom', 'cutEnd']) columns.i32(this, field, rows);
    columns.i32(this, 'done', rows * WORDS);
    columns.i32(this, 'redone', rows * WORDS);
    columns.u8(this, 'redoes', rows);
    columns.u8(this, 'state', rows);
    columns.i32(this, 'firstReady', members).fill(NONE);
    columns.i32(this, 'lastReady', members).fill(NONE);
    for (const edge of edges) {
      for (let lane = 0; lane < lanesOf[edge]; lane++) {
        this.edge[this.firstRow[edge] + lane] = edge;
        this.lane[this.firstRow[edge] + lane] = lane;
      }
    }
  }

  /** Puts a partition into its reader's round, if it is not there; false if it stays out. */
  makeReady(row: number): boolean {
    const owner = this.owner[row];
    if (owner === NONE || this.state[row] !== IDLE) return false;
    this.state[row] = READY;
    this.addToRound(owner, row);
    return true;
  }

  /** Takes a record from the first partition of a member's round that has one, and moves that to the end. */
  take(sim: Simulation, member: number): number {
    for (let row = this.firstReady[member]; row !== NONE; row = this.firstReady[member]) {
      this.firstReady[member] = this.nextReady[row];
      if (this.nextReady[row] === NONE) this.lastReady[member] = NONE;
      const sequence = this.next[row];
      if (((sequence - this.unfinished[row]) | 0) >= WINDOW) {
        this.state[row] = STALLED;
        continue;
      }
      const message = sim.take(this.edge[row], this.lane[row]);
      if (message === NO_MESSAGE) {
        this.state[row] = IDLE;
        continue;
      }
      this.addToRound(member, row);
      this.next[row] = (sequence + 1) | 0;
      this.takenRow = row;
      this.takenSequence = sequence;
      return message;
    }
    return NO_MESSAGE;
  }

  /**
   * The same for a poll, which takes all of a partition before it goes on to the next; `inOrder` if one record is done
   * after the other, so that as many may be in hand as there are.
   */
  takeOn(sim: Simulation, member: number, inOrder: boolean): number {
    for (let row = this.firstReady[member]; row !== NONE; row = this.firstReady[member]) {
      const sequence = this.next[row];
      const isStalled = !inOrder && ((sequence - this.unfinished[row]) | 0) >= WINDOW;
      const message = isStalled ? NO_MESSAGE : sim.take(this.edge[row], this.lane[row]);
      if (message !== NO_MESSAGE) {
        this.next[row] = (sequence + 1) | 0;
        this.takenRow = row;
        this.takenSequence = sequence;
        return message;
      }
      this.removeFirst(member);
      this.state[row] = isStalled ? STALLED : IDLE;
    }
    return NO_MESSAGE;
  }

  /** The partitions of a member's round, in its order. */
  eachReady(member: number, visit: (row: number) => void): void {
    for (let row = this.firstReady[member]; row !== NONE; row = this.nextReady[row]) visit(row);
  }

  /** The first partition of a member's round goes to its end. */
  rotate(member: number): void {
    const row = this.firstReady[member];
    if (row === NONE) return;
    this.removeFirst(member);
    this.addToRound(member, row);
  }

  /** Notes that a record is done; returns 1 if the same record had been done before, else 0. */
  finish(row: number, sequence: number): number {
    const again = this.redoes[row] === 1 && this.wasDone(row, sequence) ? 1 : 0;
    if (sequence !== this.unfinished[row]) {
      this.done[wordOf(row, sequence)] |= 1 << sequence;
      return again;
    }
    let first = (sequence + 1) | 0;
    while (this.takeBit(this.done, row, first)) first = (first + 1) | 0;
    this.unfinished[row] = first;
    return again;
  }

  /** Whether records are done that are not settled. */
  hasUnsettled(row: number): boolean {
    return this.unfinished[row] !== this.settled[row];
  }

  /** Whether anything of a partition was ever settled. */
  hasCommitted(row: number): boolean {
    return this.settled[row] !== 0;
  }

  /** Settles all that is done, without a gap. */
  settle(sim: Simulation, row: number): void {
    const count = (this.unfinished[row] - this.settled[row]) | 0;
    if (count === 0) return;
    this.settled[row] = this.unfinished[row];
    sim.settle(this.edge[row], this.lane[row], count);
  }

  /** Whether nothing more is taken from a partition until somebody sees to it. */
  isHeld(row: number): boolean {
    return this.state[row] >= STALLED;
  }

  /** The reader takes nothing more from this partition, but finishes (and may commit) what it has in hand of it. */
  giveUp(row: number): void {
    this.withdraw(row);
    this.state[row] = GIVEN_UP;
  }

  isGivenUp(row: number): boolean {
    return this.state[row] === GIVEN_UP;
  }

  /** Whether records of this partition are in work. */
  isInHand(row: number): boolean {
    return this.next[row] !== this.unfinished[row];
  }

  /** True, and the partition is in the round again, if it had stopped because too much lay beyond a slow record. */
  resume(row: number): boolean {
    if (this.state[row] !== STALLED) return false;
    this.state[row] = IDLE;
    return this.makeReady(row);
  }

  /** Goes back to what is settled. Whoever still works on a record of this row works in vain. */
  rewind(sim: Simulation, row: number): void {
    if (this.next[row] === this.settled[row]) return;
    this.generation[row]++;
    this.rememberDone(row);
    this.forgetCut(row);
    this.next[row] = this.settled[row];
    this.unfinished[row] = this.settled[row];
    this.done.fill(0, row * WORDS, (row + 1) * WORDS);
    sim.giveBack(this.edge[row], this.lane[row], NO_MESSAGE);
  }

  /**
   * The reader goes on behind so many records that it would take next: what it remembers to have done of them before a
   * rewind is theirs, and not of those that come in their place.
   */
  passOver(row: number, records: number): void {
    if (this.redoes[row] === 1 && records > 0) this.closeGap(row, this.next[row], records);
  }

  /**
   * The log ends earlier than before: it lacks the newest `taken` of the records that are taken and not settled, and
   * all that was to be taken after the next `ahead`. Others come in the place of the latter at once, and in that of the
   * former with the next rewind. Of two cuts with unsettled records between them it makes one.
   */
  cutOff(row: number, taken: number, ahead: number): void {
    const next = this.next[row];
    if (this.redoes[row] === 1) this.forgetFrom(row, (next + ahead) | 0);
    if (taken === 0) return;
    const from = (next - taken) | 0;
    const [cutFrom, cutEnd] = [this.cutFrom[row], this.cutEnd[row]];
    const isFirst = ((cutEnd - this.settled[row]) | 0) <= 0;
    const reachesBefore = ((cutEnd - from) | 0) > 0;
    if (isFirst) this.cutFrom[row] = from;
    else if (reachesBefore) this.cutFrom[row] = (from - (cutEnd - cutFrom)) | 0;
    this.cutEnd[row] = next;
  }

  /** Takes so many sequence numbers out of what was done before rewinds, and those behind them up in their place. */
  private closeGap(row: number, next: number, records: number): void {
    const { redone } = this;
    const end = this.redoEnd[row];
    const kept: number[] = [];
    for (let i = 0; i < WINDOW; i++) {
      const sequence = (end + i) | 0;
      if (!this.takeBit(redone, row, sequence)) continue;
      const beyond = (sequence - next) | 0;
      if (beyond < 0) kept.push(sequence);
      else if (beyond >= records) kept.push((sequence - records) | 0);
    }
    const beyond = (end - next) | 0;
    if (beyond > 0) this.redoEnd[row] = (next + Math.max(0, beyond - records)) | 0;
    for (const sequence of kept) redone[wordOf(row, sequence)] |= 1 << sequence;
  }

  /** Takes a partition out of its reader's round. */
  withdraw(row: number): void {
    if (this.state[row] !== READY) return;
    const member = this.owner[row];
    let before = NONE;
    for (let at = this.firstReady[member]; at !== row; at = this.nextReady[at]) before = at;
    const after = this.nextReady[row];
    if (before === NONE) this.firstReady[member] = after;
    else this.nextReady[before] = after;
    if (after === NONE) this.lastReady[member] = before;
    this.state[row] = IDLE;
  }

  /** Gives a partition to a reader (or to nobody), not yet in its round. */
  assign(row: number, owner: number): void {
    this.owner[row] = owner;
    this.state[row] = IDLE;
  }

  private removeFirst(member: number): void {
    this.firstReady[member] = this.nextReady[this.firstReady[member]];
    if (this.firstReady[member] === NONE) this.lastReady[member] = NONE;
  }

  private addToRound(member: number, row: number): void {
    this.nextReady[row] = NONE;
    const last = this.lastReady[member];
    if (last === NONE) this.firstReady[member] = row;
    else this.nextReady[last] = row;
    this.lastReady[member] = row;
  }

  private wasDone(row: number, sequence: number): boolean {
    const beyond = (sequence - this.redoEnd[row]) | 0;
    if (beyond < 0) return true;
    if (beyond < WINDOW) return this.takeBit(this.redone, row, sequence);
    this.redoes[row] = 0;
    return false;
  }

  /** Adds what is done now to what was done before earlier rewinds. */
  private rememberDone(row: number): void {
    const end = this.unfinished[row];
    if (this.redoes[row] === 0) {
      this.redone.fill(0, row * WORDS, (row + 1) * WORDS);
      this.redoEnd[row] = end;
    }
    // Two rings of bits, each from its own end on: only what lies from the later end on is kept as bits.
    for (let s = this.redoEnd[row]; ((end - s) | 0) > 0; s = (s + 1) | 0) this.takeBit(this.redone, row, s);
    const known = Math.min(WINDOW, (this.redoEnd[row] - end) | 0);
    for (let i = 0; i < known; i++) this.takeBit(this.done, row, (end + i) | 0);
    if (known < 0) this.redoEnd[row] = end;
    for (let word = row * WORDS; word < (row + 1) * WORDS; word++) this.redone[word] |= this.done[word];
    this.redoes[row] = 1;
  }

  /** What was done and then cut off is not in the log that is read again. */
  private forgetCut(row: number): void {
    const settled = this.settled[row];
    const from = ((this.cutFrom[row] - settled) | 0) > 0 ? this.cutFrom[row] : settled;
    const records = (this.cutEnd[row] - from) | 0;
    if (records > 0) this.closeGap(row, from, records);
    this.cutEnd[row] = settled;
  }

  /** Nothing is known of sequence numbers from this one on. */
  private forgetFrom(row: number, from: number): void {
    const end = this.redoEnd[row];
    for (let i = 0; i < WINDOW; i++) {
      const sequence = (end + i) | 0;
      if (((sequence - from) | 0) >= 0) this.takeBit(this.redone, row, sequence);
    }
    if (((end - from) | 0) > 0) this.redoEnd[row] = from;
  }

  private takeBit(bits: Int32Array, row: number, sequence: number): boolean {
    const word = wordOf(row, sequence);
    const bit = 1 << sequence;
    if ((bits[word] & bit) === 0) return false;
    bits[word] &= ~bit;
    return true;
  }
}

function wordOf(row: number, sequence: number): number {
  return row * WORDS + ((sequence & (WINDOW - 1)) >>> 5);
}
