import { NO_MESSAGE } from '../../engine/messages.ts';
import { METRIC } from '../../engine/metrics.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import type { EdgeRows } from '../shared/edge-roles.ts';
import { Readers } from './readers.ts';

/** What the readers of a partition lose when its log is cut off behind some offset. */
export interface Cut {
  /** Records that a group had not taken. */
  unread: number;
  /** Records that came back undone and would have been read again. */
  returned: number;
  /** Whether the group had read some of it, and whether it had committed that. */
  hadRead: boolean;
  hadCommitted: boolean;
  /** Records that it had taken and not committed, and those before the cut that it has still to take. */
  taken: number;
  ahead: number;
}

/**
 * Readers that see a log only up to its readable end: the high watermark, and for a group that reads committed records
 * the last stable offset, whichever comes first. What lies beyond may be cut off. Made only where a design needs it:
 * the readers of all others ask nothing.
 */
export class BoundedReaders extends Readers {
  /** Of each partition, offsets before which everybody, and who reads committed records, may read. */
  private highWatermark = new Float64Array();
  private lastStable = new Float64Array();
  /** Of each edge: 1 for a group that reads committed records only (`isolation.level`). */
  protected readsCommitted = new Uint8Array();
  /** Of each row: the offset before which it may read. */
  private readable = new Float64Array();
  /** Records in hand that were cut off: as many as `ghosts`, between those before and after the offset `ghostAt`. */
  protected ghosts = new Int32Array();
  private ghostAt = new Float64Array();

  constructor(sim: Simulation, edges: EdgeRows, partitions: number, partitionCount: Int32Array) {
    super(sim, edges, partitions, partitionCount);
    const { columns, plan } = sim;
    const rows = this.position.length;
    columns.f64(this, 'highWatermark', partitions).fill(Infinity);
    columns.f64(this, 'lastStable', partitions).fill(Infinity);
    columns.u8(this, 'readsCommitted', plan.edgeCount);
    columns.f64(this, 'readable', rows).fill(Infinity);
    columns.i32(this, 'ghosts', rows);
    columns.f64(this, 'ghostAt', rows);
  }

  /** The group at the end of an edge reads committed records only. */
  onlyCommitted(edge: number): void {
    this.readsCommitted[edge] = 1;
  }

  /** Everybody may read a partition up to this offset from now on, 0 for nothing at all. */
  setHighWatermark(node: number, partition: number, lane: number, offset: number): void {
    this.highWatermark[partition] = offset;
    this.bound(node, partition, lane);
  }

  /** Who reads committed records may read a partition up to this offset from now on. */
  setLastStable(node: number, partition: number, lane: number, offset: number): void {
    this.lastStable[partition] = offset;
    this.bound(node, partition, lane);
  }

  /** Offset before which the group at the end of an edge may read; Infinity without a bound. */
  readableEnd(edge: number, lane: number): number {
    return this.readable[this.firstRow[edge] + lane];
  }

  override take(edge: number, lane: number): number {
    const row = this.firstRow[edge] + lane;
    return this.position[row] >= this.readable[row] ? NO_MESSAGE : super.take(edge, lane);
  }

  override commit(edge: number, lane: number, partition: number, count: number): void {
    const row = this.firstRow[edge] + lane;
    const before = this.ghosts[row] === 0 ? count : Math.max(0, this.ghostAt[row] - this.committed[row]);
    const first = Math.min(count, before);
    if (first > 0) super.commit(edge, lane, partition, first);
    const cut = Math.min(count - first, this.ghosts[row]);
    this.ghosts[row] -= cut;
    const rest = count - first - cut;
    if (rest > 0) super.commit(edge, lane, partition, rest);
  }

  /** What was cut off meanwhile is lost with the reader that had it in hand. */
  override returned(edge: number, lane: number): boolean {
    const row = this.firstRow[edge] + lane;
    if (super.returned(edge, lane)) return true;
    if (this.ghosts[row] === 0) return false;
    this.ghosts[row]--;
    const topic = this.sim.transfers.from[edge];
    this.sim.metrics.count(topic, METRIC.dropped);
    this.sim.trace.add(this.sim.now, TRACE.lost, topic, edge, lane, 1);
    return true;
  }

  override rewind(sim: Simulation, edge: number, lane: number): number {
    this.ghosts[this.firstRow[edge] + lane] = 0;
    return super.rewind(sim, edge, lane);
  }

  /** Cuts off all records of a partition from an offset on; returns what each group loses, in order of its edges. */
  cutOff(node: number, partition: number, lane: number, from: number, end: number): Cut[] {
    const { edges, messages } = this;
    const places = edges.edges.subarray(edges.start[node], edges.start[node + 1]);
    let last = NO_MESSAGE;
    let record = this.oldest[partition];
    let offset = Infinity;
    for (const edge of places) offset = Math.min(offset, this.committed[this.firstRow[edge] + lane]);
    for (; record !== NO_MESSAGE && offset < from; offset++) {
      last = record;
      record = messages.next[record];
    }
    const lost = Array.from(places, (edge) => this.cutRow(edge, lane, from, end));
    if (last === NO_MESSAGE) this.oldest[partition] = NO_MESSAGE;
    else messages.next[last] = NO_MESSAGE;
    this.newest[partition] = last;
    while (record !== NO_MESSAGE) {
      const after = messages.next[record];
      messages.free(record);
      record = after;
    }
    return lost;
  }

  /** Records for the group at the end of an edge among so many offsets, from that of a record on. */
  protected recordsAmong(_edge: number, _first: number, offsets: number): number {
    return Math.max(0, offsets);
  }

  private cutRow(edge: number, lane: number, from: number, end: number): Cut {
    const row = this.firstRow[edge] + lane;
    const position = this.position[row];
    const counts = { taken: this.takenFrom(edge, row, from), ahead: this.aheadUpTo(edge, row, from) };
    const hadRead = position > from;
    const hadCommitted = this.committed[row] > from;
    const unread = end - Math.max(position, from);
    const taken = Math.max(0, position - Math.max(from, this.committed[row]));
    const returned = Math.min(this.back[row], taken);
    if (taken > returned) {
      const known = this.ghosts[row] > 0 ? this.ghostAt[row] : Infinity;
      // What was committed beyond the cut counts no more: the next that is settled was cut off, too.
      this.ghostAt[row] = Math.min(known, from);
      this.ghosts[row] += taken - returned;
    }
    this.back[row] -= returned;
    if (position >= from) {
      this.position[row] = from;
      this.cursor[row] = NO_MESSAGE;
    }
    if (this.committed[row] >= from) {
      this.committed[row] = from;
      this.uncommitted[row] = NO_MESSAGE;
    }
    return { unread, returned, hadRead, hadCommitted, ...counts };
  }

  /** Records from an offset on that a group has taken and not committed. */
  private takenFrom(edge: number, row: number, from: number): number {
    const [position, committed, first] = [this.position[row], this.committed[row], this.uncommitted[row]];
    const before = this.recordsAmong(edge, first, Math.min(from, position) - committed);
    return this.recordsAmong(edge, first, position - committed) - before;
  }

  /** Records before an offset that a group has still to take. */
  private aheadUpTo(edge: number, row: number, from: number): number {
    return this.recordsAmong(edge, this.cursor[row], from - this.position[row]);
  }

  private bound(node: number, partition: number, lane: number): void {
    const { edges } = this;
    for (let place = edges.start[node]; place < edges.start[node + 1]; place++) {
      const edge = edges.edges[place];
      const row = this.firstRow[edge] + lane;
      const all = this.highWatermark[partition];
      const end = this.readsCommitted[edge] === 1 ? Math.min(all, this.lastStable[partition]) : all;
      const before = this.readable[row];
      this.readable[row] = end;
      const position = this.position[row];
      if (this.cursor[row] !== NO_MESSAGE && position >= before && position < end)
        this.sim.announce(edge, lane);
    }
  }
}
