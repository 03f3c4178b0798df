import { NO_MESSAGE, type Messages } from '../../engine/messages.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { LimitError } from '../../lib/limit-error.ts';
import type { EdgeRows } from '../shared/edge-roles.ts';

/** What a group that goes on further ahead does not get. */
export interface Skipped {
  unread: number;
  returned: number;
  records: number;
}

/** Rows are indexed by 32-bit integers and each has a share of the memory limit anyway. */
const MOST_ROWS = 4_000_000;

/**
 * How far each group has read each partition. The records that at least one group has not committed are chained
 * through `messages.next`, oldest first; a record is freed when the last group has committed it. One row for each
 * edge and partition: `firstRow[edge] + lane`.
 */
export class Readers {
  protected readonly messages: Messages;
  protected readonly edges: EdgeRows;
  protected readonly sim: Simulation;
  protected firstRow = new Int32Array();
  /** Oldest and newest record of each partition that is not freed. */
  protected oldest = new Int32Array();
  protected newest = new Int32Array();
  /** Offset and record (NO_MESSAGE at the end of the log) that the group takes next. */
  protected position = new Float64Array();
  protected cursor = new Int32Array();
  /** The same for the first one that it has not committed. */
  protected committed = new Float64Array();
  protected uncommitted = new Int32Array();
  /** Records taken before they expired, which the group will still settle. */
  protected gone = new Int32Array();
  /** Records that came back undone and wait for the rewind. */
  protected back = new Int32Array();

  constructor(sim: Simulation, edges: EdgeRows, partitions: number, partitionCount: Int32Array) {
    const { columns, plan } = sim;
    this.sim = sim;
    this.messages = sim.messages;
    this.edges = edges;
    columns.i32(this, 'firstRow', plan.edgeCount);
    let rows = 0;
    for (const edge of edges.edges) {
      this.firstRow[edge] = rows;
      rows += partitionCount[plan.edgeFrom[edge]];
    }
    if (rows > MOST_ROWS) throw new LimitError('partitions times groups', rows, MOST_ROWS);
    columns.i32(this, 'oldest', partitions).fill(NO_MESSAGE);
    columns.i32(this, 'newest', partitions).fill(NO_MESSAGE);
    columns.f64(this, 'position', rows);
    columns.i32(this, 'cursor', rows).fill(NO_MESSAGE);
    columns.f64(this, 'committed', rows);
    columns.i32(this, 'uncommitted', rows).fill(NO_MESSAGE);
    columns.i32(this, 'gone', rows);
    columns.i32(this, 'back', rows);
  }

  /** Puts a record at the end of a partition and tells the groups that had read all before it. */
  append(node: number, partition: number, lane: number, message: number): void {
    const { messages, edges } = this;
    messages.next[message] = NO_MESSAGE;
    const newest = this.newest[partition];
    if (newest === NO_MESSAGE) this.oldest[partition] = message;
    else messages.next[newest] = message;
    this.newest[partition] = message;
    const end = edges.start[node + 1];
    messages.readers[message] = end - edges.start[node];
    for (let place = edges.start[node]; place < end; place++) {
      const row = this.firstRow[edges.edges[place]] + lane;
      if (this.uncommitted[row] === NO_MESSAGE) this.uncommitted[row] = message;
      if (this.cursor[row] === NO_MESSAGE) this.cursor[row] = message;
    }
    // Only now, as a group may take within the announcement, even along another edge of this topic.
    for (let place = edges.start[node]; place < end; place++) {
      const edge = edges.edges[place];
      if (this.cursor[this.firstRow[edge] + lane] === message) this.sim.announce(edge, lane);
    }
  }

  take(edge: number, lane: number): number {
    const row = this.firstRow[edge] + lane;
    const record = this.cursor[row];
    if (record === NO_MESSAGE) return NO_MESSAGE;
    this.cursor[row] = this.messages.next[record];
    this.position[row]++;
    return this.messages.copy(record);
  }

  /** The group is done with the next `count` records it has not committed. */
  commit(edge: number, lane: number, partition: number, count: number): void {
    const row = this.firstRow[edge] + lane;
    const gone = Math.min(count, this.gone[row]);
    this.gone[row] -= gone;
    this.release(row, partition, count - gone);
  }

  /** A record taken along this edge comes back undone; false if retention has deleted it meanwhile. */
  returned(edge: number, lane: number): boolean {
    const row = this.firstRow[edge] + lane;
    // Work in hand is the newest of what was taken, so what comes back first is what is still there.
    if (this.back[row] >= this.position[row] - this.committed[row]) return false;
    this.back[row]++;
    return true;
  }

  /** Records that the group has taken and not committed, and that have expired since: it does not get them again. */
  takenAndGone(edge: number, lane: number): number {
    return this.gone[this.firstRow[edge] + lane];
  }

  /**
   * Goes back to the committed offset and returns how many records are unread again. Those that were done, or are
   * still in the hands of a member that was struck off, are alive a second time: they count as copied.
   */
  rewind(sim: Simulation, edge: number, lane: number): number {
    const row = this.firstRow[edge] + lane;
    const again = this.position[row] - this.committed[row];
    const back = this.back[row];
    sim.metrics.copied += again - Math.min(back, again);
    this.position[row] = this.committed[row];
    this.cursor[row] = this.uncommitted[row];
    this.gone[row] = 0;
    this.back[row] = 0;
    return again;
  }

  /**
   * Retention has deleted everything before `offset`: what the group had not read is lost to it, and so is what
   * came back undone. Returns how many of each, and how many of the unread are records for this group.
   */
  skipTo(edge: number, lane: number, partition: number, offset: number): Skipped {
    const row = this.firstRow[edge] + lane;
    const position = this.position[row];
    const taken = Math.max(0, Math.min(position, offset) - this.committed[row]);
    const left = Math.max(0, position - Math.max(offset, this.committed[row]));
    const unread = Math.max(0, offset - position);
    this.release(row, partition, Math.max(0, offset - this.committed[row]));
    if (position <= offset) {
      this.position[row] = offset;
      this.cursor[row] = this.uncommitted[row];
    }
    // Work in hand is the newest of what was taken, so what came back counts as deleted last.
    const returned = Math.max(0, this.back[row] - left);
    this.back[row] -= returned;
    this.gone[row] += taken;
    return { unread, returned, records: unread };
  }

  committedOffset(edge: number, lane: number): number {
    return this.committed[this.firstRow[edge] + lane];
  }

  /** When the first record that the group has not committed was written; NaN if there is none. */
  uncommittedSince(edge: number, lane: number): number {
    const record = this.uncommitted[this.firstRow[edge] + lane];
    return record === NO_MESSAGE ? NaN : this.messages.enteredAt[record];
  }

  /** Offset of the first record from the position on that was written at a time or later; that of the end for none. */
  offsetSince(edge: number, lane: number, time: number): number {
    const row = this.firstRow[edge] + lane;
    const { next, enteredAt } = this.messages;
    let offset = this.position[row];
    for (
      let record = this.cursor[row];
      record !== NO_MESSAGE && enteredAt[record] < time;
      record = next[record]
    )
      offset++;
    return offset;
  }

  /** When the record was written that the group takes next; NaN if there is none. */
  headSince(edge: number, lane: number): number {
    const record = this.cursor[this.firstRow[edge] + lane];
    return record === NO_MESSAGE ? NaN : this.messages.enteredAt[record];
  }

  /** How far a call gets that brings so many records or bytes at most, but one record in any case. */
  ahead(edge: number, lane: number, records: number, bytes: number): { offset: number; bytes: number } {
    const row = this.firstRow[edge] + lane;
    const { next, sizeBytes } = this.messages;
    let offset = this.position[row];
    let found = 0;
    for (let record = this.cursor[row]; record !== NO_MESSAGE; record = next[record]) {
      const isFull = offset - this.position[row] >= records || found + sizeBytes[record] > bytes;
      if (isFull && offset > this.position[row]) break;
      found += sizeBytes[record];
      offset++;
    }
    return { offset, bytes: found };
  }

  positionOffset(edge: number, lane: number): number {
    return this.position[this.firstRow[edge] + lane];
  }

  /** Messages of this lane that the group at the end of the edge does not have in hand. */
  held(edge: number, lane: number, end: number): number {
    const row = this.firstRow[edge] + lane;
    return end - this.position[row] + this.back[row];
  }

  /** Records of a partition that are not freed. */
  records(partition: number): number {
    let count = 0;
    const { next } = this.messages;
    for (let record = this.oldest[partition]; record !== NO_MESSAGE; record = next[record]) count++;
    return count;
  }

  /** Moves the committed offset on, and frees the records that every group has committed. */
  protected release(row: number, partition: number, count: number): void {
    const { next, readers } = this.messages;
    let record = this.uncommitted[row];
    for (let i = 0; i < count; i++) {
      readers[record]--;
      record = next[record];
    }
    this.uncommitted[row] = record;
    this.committed[row] += count;
    let oldest = this.oldest[partition];
    while (oldest !== NO_MESSAGE && readers[oldest] === 0) {
      const after = next[oldest];
      this.messages.free(oldest);
      oldest = after;
    }
    this.oldest[partition] = oldest;
    if (oldest === NO_MESSAGE) this.newest[partition] = NO_MESSAGE;
  }
}
